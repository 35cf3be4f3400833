"""Names and Role Provisioning Services 2.0: the members of a course.

A roster is read page by page. A page that cannot be trusted as a whole is refused (no JSON,
no list of members, a next page on another host). A single malformed member is skipped, so
that one does not cost all others; the roster is then marked incomplete, and nobody may be
taken to have left the course because of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lti_tool.protocol.values import (
    is_identifier,
    number_as_text,
    person_name,
    printable_ascii,
    role_names,
)
from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable
from lti_tool.services.http import HttpReply
from lti_tool.services.paging import next_page
from lti_tool.services.platform import Platform

MAX_PAGES = 250
MAX_MEMBERS = 10_000
MAX_SECONDS = 20.0  # for all pages: a person waits
MAX_ROLES = 100
ETAG_LENGTH = 300


class MemberStatus(StrEnum):
    """The status of a membership (section 2.2); without one it is active."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DELETED = "Deleted"


@dataclass(frozen=True, slots=True)
class Member:
    """A person on a roster. Names are '' where the platform's privacy settings withhold them."""

    user_id: str
    roles: tuple[str, ...]
    status: MemberStatus = MemberStatus.ACTIVE
    name: str = ""
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of a course, each once.

    ``problem`` says why some may be missing, None if nothing went wrong. ``etag`` is ''
    unless it stands for the whole roster.
    """

    members: tuple[Member, ...]
    problem: DeliveryProblem | None = None
    etag: str = ""

    @property
    def is_complete(self) -> bool:
        """Return whether somebody who is not listed has left the course.

        An empty roster is not complete: a course that a person opens has a member, so an
        empty list is a fault of the platform.
        """
        return self.problem is None and bool(self.members)


def read_roster(platform: Platform, url: str, etag: str = "") -> Roster | None:
    """Return the members of a course, or None if nothing has changed since ``etag``.

    Raise ServiceError if the first page cannot be read. A later page that fails ends the
    reading, and the roster holds what was read until then.
    """
    members: list[Member] = []
    problem: DeliveryProblem | None = None
    pages, new_etag = 0, ""
    try:
        for reply in _pages(platform, url, etag):
            if reply.status == 304:
                return None
            read, is_whole = _members(reply)
            members += read
            pages += 1
            new_etag = reply.headers.get("etag", "")
            if not is_whole:
                problem = DeliveryProblem.ANSWER_UNREADABLE
            if len(members) > MAX_MEMBERS:
                raise unreadable("roster: members without end")
    except ServiceError as error:
        if not pages:
            raise
        problem = error.problem
    # An entity tag stands for its page alone.
    is_for_all = problem is None and pages == 1 and len(new_etag) <= ETAG_LENGTH
    return Roster(_each_once(members), problem, printable_ascii(new_etag) if is_for_all else "")


def _pages(platform: Platform, url: str, etag: str) -> Iterator[HttpReply]:
    end = time.monotonic() + MAX_SECONDS
    seen: set[str] = set()
    while url:
        if url in seen or len(seen) == MAX_PAGES or (seen and time.monotonic() > end):
            raise unreadable("roster: pages without end")
        headers = {"If-None-Match": etag} if etag and not seen else {}
        seen.add(url)
        reply = platform.request(
            "GET",
            url,
            [Scope.MEMBERSHIP_READONLY],
            accept=MediaType.MEMBERSHIP_CONTAINER,
            headers=headers,
        )
        _check(reply, is_conditional=bool(headers))
        yield reply
        url = next_page(url, reply)


def _members(reply: HttpReply) -> tuple[list[Member], bool]:
    """Return the readable members of a page, and whether all of them are."""
    body = reply.json()
    rows = body.get("members") if isinstance(body, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_MEMBERS:
        raise unreadable("roster: no list of members, or one without end")
    read = [_member(row) for row in rows]
    usable = [member for member in read if member is not None]
    return usable, len(usable) == len(read)


def _member(row: Any) -> Member | None:
    """Return a member, or None without a usable id or without roles.

    Roles decide what a person may do, so they are never guessed.
    """
    if not isinstance(row, dict):
        return None
    # An id that no launch can bring as ``sub`` (LTI Core 1.3 section 5.3.6.1) is nobody's.
    user_id = number_as_text(row.get("user_id"))
    if not is_identifier(user_id):
        return None
    roles = row.get("roles")
    if not isinstance(roles, list) or len(roles) > MAX_ROLES:
        return None
    if not all(isinstance(role, str) for role in roles):
        return None
    return Member(
        user_id=user_id,
        roles=role_names(roles),
        status=_status(row.get("status")),
        name=_name(row, "name"),
        given_name=_name(row, "given_name"),
        family_name=_name(row, "family_name"),
    )


def _status(value: object) -> MemberStatus:
    """Return the status by its short name or its full one, whose prefixes differ.

    'http://purl.imsglobal.org/vocab/lis/v2/status#Deleted' as roles are written, 'liss:Deleted' in
    the JSON of the service's first version.
    """
    name = re.split("[#:/]", str(value))[-1].strip().capitalize()
    return MemberStatus(name) if name in set(MemberStatus) else MemberStatus.ACTIVE


def _name(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return person_name(value) if isinstance(value, str) else ""


def _each_once(members: Iterable[Member]) -> tuple[Member, ...]:
    """Return the members with duplicates merged: roles of both, active if one of them is.

    A person is listed twice who is in two sections, or when pages shift between two calls.
    """
    found: dict[str, Member] = {}
    for member in members:
        before = found.get(member.user_id)
        if before is None:
            found[member.user_id] = member
        else:
            roles = tuple(sorted({*before.roles, *member.roles}))
            status = member.status if member.status is MemberStatus.ACTIVE else before.status
            found[member.user_id] = replace(before, roles=roles, status=status)
    return tuple(found.values())


def _check(reply: HttpReply, *, is_conditional: bool) -> None:
    """Raise ServiceError unless the status is 200, or 304 to a conditional request."""
    if reply.status == 200 or (reply.status == 304 and is_conditional):
        return
    raise ServiceError(_meaning(reply), f"status {reply.status}", permanent=False)


def _meaning(reply: HttpReply) -> DeliveryProblem:
    if reply.status < 400:
        return DeliveryProblem.ANSWER_UNREADABLE
    if reply.status >= 500:
        return DeliveryProblem.SERVER_ERROR
    if reply.status in {408, 429} or b"rate limit" in reply.body[:1000].lower():
        return DeliveryProblem.BUSY  # Canvas throttles with 403: app/middleware/request_throttle.rb
    if reply.status == 401:
        return DeliveryProblem.TOKEN_REFUSED
    return DeliveryProblem.NOT_ALLOWED if reply.status == 403 else DeliveryProblem.NOT_ACCEPTED
