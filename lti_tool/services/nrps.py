"""Names and Role Provisioning Services 2.0: who is in a course.

A roster is read page by page. What cannot be trusted as a whole is refused (no JSON, no
list of members, a next page on another host); one member of the wrong shape is passed
over, because thirty others should not wait for it. But then the roster is not complete:
nobody can be said to be missing from it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from lti_tool.protocol.claims import ID_LENGTH, TEXT_LENGTH, clean
from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.services.errors import Problem, ServiceError
from lti_tool.services.http import Answer
from lti_tool.services.paging import next_page

MAX_PAGES = 250
MAX_MEMBERS = 10_000
MAX_SECONDS = 20.0  # for all pages: a person waits
MAX_ROLES = 100
ETAG_LENGTH = 300


class Platform(Protocol):
    """Whoever can call a platform's services with a token (``lti_tool.adapter.connector``)."""

    def request(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


class Status(StrEnum):
    """Of a membership (section 2.2); one that is not named is active."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DELETED = "Deleted"


@dataclass(frozen=True, slots=True)
class Member:
    """One person. Every name is '' where the platform's privacy settings keep it back."""

    user_id: str
    roles: tuple[str, ...]
    status: Status = Status.ACTIVE
    name: str = ""
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a course, each once. ``problem`` says why somebody may be missing here.

    ``etag`` is '' unless it speaks for the whole roster.
    """

    members: tuple[Member, ...]
    problem: Problem | None = None
    etag: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether whoever is not in it has left. An empty list says that something is
        wrong with it: whoever looks at a class is in it, or was."""
        return self.problem is None and bool(self.members)


def read_roster(platform: Platform, url: str, etag: str = "") -> Roster | None:
    """The members of a course; None if nothing has changed since ``etag`` was given.

    Raises ServiceError if not even the first page can be had. A later page that fails
    ends the reading, and what was read until then is given.
    """
    members: list[Member] = []
    problem: Problem | None = None
    pages, newest = 0, ""
    try:
        for answer in _pages(platform, url, etag):
            if answer.status == 304:
                return None
            read, is_whole = _members(answer)
            members += read
            pages += 1
            newest = _etag(answer)
            if not is_whole:
                problem = Problem.ANSWER_UNREADABLE
            if len(members) > MAX_MEMBERS:
                raise _unreadable("members without end")
    except ServiceError as failure:
        if not pages:
            raise
        problem = failure.problem
    # An entity tag speaks for its page alone.
    return Roster(_each_once(members), problem, "" if problem or pages > 1 else newest)


def _pages(platform: Platform, url: str, etag: str) -> Iterator[Answer]:
    end = time.monotonic() + MAX_SECONDS
    seen: set[str] = set()
    while url:
        if url in seen or len(seen) == MAX_PAGES or (seen and time.monotonic() > end):
            raise _unreadable("pages without end")
        headers = {"If-None-Match": etag} if etag and not seen else {}
        seen.add(url)
        answer = platform.request(
            "GET",
            url,
            [Scope.MEMBERSHIP_READONLY],
            accept=MediaType.MEMBERSHIP_CONTAINER,
            headers=headers,
        )
        _check(answer, is_conditional=bool(headers))
        yield answer
        url = next_page(url, answer)


def _members(answer: Answer) -> tuple[list[Member], bool]:
    """The members of a page, and whether all of them could be read."""
    body = answer.json()
    rows = body.get("members") if isinstance(body, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_MEMBERS:
        raise _unreadable("no list of members, or one without end")
    read = [_member(row) for row in rows]
    usable = [member for member in read if member is not None]
    return usable, len(usable) == len(read)


def _member(row: Any) -> Member | None:
    """None without an id that a launch could bring, or without roles: they decide what a
    person may do, so they are never guessed."""
    if not isinstance(row, dict) or not _is_id(row.get("user_id")):
        return None
    roles = row.get("roles")
    if not isinstance(roles, list) or len(roles) > MAX_ROLES:
        return None
    if not all(isinstance(role, str) for role in roles):
        return None
    return Member(
        user_id=row["user_id"],
        roles=tuple(sorted({clean(role[:TEXT_LENGTH]) for role in roles} - {""})),
        status=_status(row.get("status")),
        name=_text(row, "name"),
        given_name=_text(row, "given_name"),
        family_name=_text(row, "family_name"),
    )


def _status(value: object) -> Status:
    named = value.capitalize() if isinstance(value, str) else ""
    return Status(named) if named in set(Status) else Status.ACTIVE


def _is_id(value: object) -> bool:
    """Whether a launch can bring the same ``sub`` (LTI Core 1.3 section 5.3.6.1)."""
    return isinstance(value, str) and 0 < len(value) <= ID_LENGTH and clean(value) == value


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return clean(value[:TEXT_LENGTH]).strip() if isinstance(value, str) else ""


def _each_once(members: Iterable[Member]) -> tuple[Member, ...]:
    """Whoever is listed twice (two sections, a page that moved) has the roles of both, and is
    active if one of them is."""
    found: dict[str, Member] = {}
    for member in members:
        before = found.get(member.user_id)
        if before is None:
            found[member.user_id] = member
        else:
            roles = tuple(sorted({*before.roles, *member.roles}))
            status = member.status if member.status is Status.ACTIVE else before.status
            found[member.user_id] = replace(before, roles=roles, status=status)
    return tuple(found.values())


def _etag(answer: Answer) -> str:
    value = answer.headers.get("etag", "")
    return value if len(value) <= ETAG_LENGTH and value.isascii() and value.isprintable() else ""


def _check(answer: Answer, *, is_conditional: bool) -> None:
    """Raise ServiceError unless here is a page, or nothing new."""
    if answer.status == 200 or (answer.status == 304 and is_conditional):
        return
    raise ServiceError(_meaning(answer), f"status {answer.status}", permanent=False)


def _meaning(answer: Answer) -> Problem:
    if answer.status < 400:
        return Problem.ANSWER_UNREADABLE
    if answer.status >= 500:
        return Problem.SERVER_ERROR
    if answer.status in {408, 429} or b"rate limit" in answer.body[:1000].lower():
        return Problem.BUSY  # Canvas throttles with 403
    if answer.status == 401:
        return Problem.TOKEN_REFUSED
    return Problem.NOT_ALLOWED if answer.status == 403 else Problem.NOT_ACCEPTED


def _unreadable(detail: str) -> ServiceError:
    return ServiceError(Problem.ANSWER_UNREADABLE, f"roster: {detail}", permanent=False)
