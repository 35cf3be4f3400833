"""The drafts of teachers' forms: kept while they type, shown again by the page, dropped on saving.

A page asks ``draft_for`` for its form's draft; its template has ``components/draft.html`` in the
form's tag; its view calls ``drop_draft_of`` once it has saved what was posted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from lti_tool.models import User
from worksheets.authoring.drafts import drop_draft
from worksheets.markup.source import storable
from worksheets.models import Draft, DraftPage
from worksheets.permissions import may_build
from worksheets.views.base import WorksheetView
from worksheets.views.moments import read_moment

MAX_FIELDS = 2000
MAX_BASE = 100  # characters, as the column has
MAX_WINDOW = 16
MAX_NAME = 200  # characters of a field's name, where a version is kept of it
MAX_SENT = 10**9
MAX_SUM = 2**31  # of a script's integers
MAX_SUMS = 16  # of a field; scripts keep half as many
MAX_VERSION = 32  # windows in the version of a field; scripts keep half as many
MAX_VERSIONS = 20_000  # windows in all versions of a form
# Forms about one thing, whose fields stay the same fields when it is saved: what was typed before
# and after that can be put together.
JOINED = frozenset({DraftPage.EDIT, DraftPage.MARK, DraftPage.ASSIGN})
MAX_NUMBER = 2**63 - 1
MAX_STEPS = 500  # of an editor that can be taken back; scripts keep 200 of them
MAX_STEP_CHARACTERS = 500_000
MAX_CHARACTERS = 500_000  # of all fields together; a worksheet's text has at most 200,000
MAX_DRAFTS = 100  # of one person: the oldest go


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The parts of a draft that a form's template needs.

    ``base`` is what the form's content began with, ``saved`` the draft as JSON, '' without one,
    ``at`` when the draft was saved that the typing in the form goes on from, '' for none. A form
    that ``is_bound`` shows what was just posted and not saved.
    """

    page: DraftPage
    number: int
    base: str
    key: str
    saved: str
    at: str
    is_bound: bool

    @property
    def joins(self) -> bool:
        """Return whether typing of before and after a saving may be put together."""
        return self.page in JOINED


def draft_for(
    request: HttpRequest, user: User, page: DraftPage, number: int = 0, base: str = ""
) -> FormDraft:
    """Return the draft of this person's form; ``base`` is what the page shows now."""
    posted = request.POST.get(f"draft-base-{page}")
    row = Draft.objects.filter(user=user, page=page, number=number).first()
    at = request.POST.get(f"draft-at-{page}", row.saved_at.isoformat() if row else "")
    return FormDraft(
        page,
        number,
        base if posted is None else posted[:MAX_BASE],
        f"{user.pk}-{page}-{number}",
        json.dumps(_as_json(row)) if row else "",
        at,
        is_bound=posted is not None,
    )


def base_of(*content: object) -> str:
    """Return a text that is another one as soon as the content of a form is another one."""
    return hashlib.sha256(repr(content).encode()).hexdigest()


def draft_of_new_worksheet(request: HttpRequest, user: User) -> FormDraft:
    """Return the draft of the form that begins a worksheet; its base changes with each one made."""
    newest = user.worksheets.order_by("-pk").values_list("pk", flat=True).first()
    return draft_for(request, user, DraftPage.NEW, base=str(newest or ""))


class DraftView(WorksheetView):
    """The address to which the script of a form sends what is typed. Nobody else sees it."""

    http_method_names = ["post"]
    keeps_typing = True

    def check_access(self) -> None:
        self.require(may_build(self.visit))

    def save_typing(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        return self.post(request, *args, **kwargs).status_code == 200

    def post(self, request: HttpRequest, page: str, number: int) -> HttpResponse:
        """Keep the fields in place of those that are kept; none of them discards the draft.

        A draft that was saved after the one that the page goes on from is another window's: it
        stays, and is the answer. What a page sends when it is left is kept beside it then, because
        nobody is there to hear the answer.
        """
        sent = _read(request)
        if sent is None or page not in list(DraftPage) or number > MAX_NUMBER:
            return JsonResponse({}, status=400)
        user, now = self.visit.user, timezone.now()
        keys = {"user": user, "page": page, "number": number}
        values = {
            "base": sent.base,
            "fields": sent.fields,
            "sums": sent.shown,
            "versions": sent.versions,
            "history": sent.history,
            "saved_at": now,
            "window": sent.window,
            "sent": sent.number,
        }
        with transaction.atomic():
            rows = Draft.objects.select_for_update()
            row = rows.filter(**keys).first()
            if row is None and (sent.fields or sent.versions):
                row, is_new = rows.get_or_create(**keys, defaults=values)
                row = None if is_new else row
            is_own = row is not None and sent.window != "" and row.window == sent.window
            if row and is_own and sent.number < row.sent:
                return JsonResponse({"at": row.saved_at.isoformat()})  # it was held up on its way
            is_older = row is not None and sent.after not in {None, row.saved_at.isoformat()}
            if row and is_older and not is_own:
                if sent.is_last and sent.fields and not _has(row.versions, sent.as_beside(now)):
                    row.beside = sent.as_beside(now)
                    row.save(update_fields=["beside"])
                return JsonResponse(_as_json(row), status=409)
            if row and row.beside:
                is_answered = sent.answered == row.beside["at"]
                if is_answered or _has(sent.versions, row.beside):
                    row.beside = None
                    row.save(update_fields=["beside"])
            if not sent.fields and (not sent.versions or (row and row.beside)):
                drop_draft(user, DraftPage(page), number)
                row = Draft.objects.filter(**keys).first()
                return JsonResponse({"at": row.saved_at.isoformat() if row else ""})
            if row:
                Draft.objects.filter(pk=row.pk).update(**values)
        newest = Draft.objects.filter(user=user).order_by("-saved_at").values_list("pk", flat=True)
        Draft.objects.filter(pk__in=list(newest[MAX_DRAFTS:])).delete()
        return JsonResponse({"at": now.isoformat()})


def drop_draft_of(request: HttpRequest, user: User, page: DraftPage, number: int = 0) -> None:
    """Delete the draft of a form that was posted and saved; another window's later one stays."""
    at = request.POST.get(f"draft-at-{page}")
    if at is None:
        drop_draft(user, page, number)
    elif typed_before := read_moment(at):
        drop_draft(user, page, number, typed_before=typed_before)


def _as_json(row: Draft) -> dict[str, Any]:
    shown = {
        "base": row.base,
        "fields": row.fields,
        "sums": row.sums,
        "at": row.saved_at.isoformat(),
    }
    if row.versions:
        shown["versions"] = row.versions
    if row.history:
        shown["history"] = row.history
    if row.beside:
        names = ("base", "fields", "at", "sums", "versions")
        shown["beside"] = {name: row.beside[name] for name in names if name in row.beside}
    return shown


Sums = dict[str, int | list[int]]  # by field
Versions = dict[str, dict[str, int]]  # by field and window


@dataclass(frozen=True, slots=True)
class _Sent:
    """The content of a script's request.

    ``after`` is the ``at`` of the draft that it goes on from, '' for none. It is None from a page
    that was opened before scripts said so. ``window`` and ``number`` are as a ``Draft`` has them,
    ``is_last`` says that the page is being left, and ``answered`` is the ``at`` of what was kept
    beside the draft and has been chosen or discarded. ``sums`` are of what stood in the fields of
    that draft, ``shown`` of what stood in those of the page at first; ``versions`` may be of fields
    that hold what the page shows.
    """

    base: str
    fields: dict[str, str]
    after: str | None
    window: str
    number: int
    is_last: bool
    answered: str
    sums: Sums
    shown: Sums
    versions: Versions
    history: dict[str, Any]

    def as_beside(self, now: datetime) -> dict[str, Any]:
        return {
            "base": self.base,
            "fields": self.fields,
            "window": self.window,
            "at": now.isoformat(),
            "sums": self.sums,
            "versions": self.versions,
        }


def _has(versions: Versions, beside: dict[str, Any]) -> bool:
    """Return whether the texts of a draft went into those that have these versions."""

    def has(name: str) -> bool:
        known, version = versions.get(name, {}), beside.get("versions", {}).get(name, {})
        return bool(version) and all(known.get(one, 0) >= count for one, count in version.items())

    return all(map(has, beside["fields"]))


def _read(request: HttpRequest) -> _Sent | None:
    """Return what a request has, or None if it has others than texts."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    fields = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(fields, dict) or len(fields) > MAX_FIELDS:
        return None
    after = body.get("after")
    window, number = body.get("window", ""), body.get("sent", 0)
    answered = body.get("answered", "")
    texts = [body.get("base"), after or "", window, answered, *fields, *fields.values()]
    if not all(isinstance(text, str) for text in texts):
        return None
    if sum(map(len, texts)) > MAX_CHARACTERS or len(body["base"]) > MAX_BASE:
        return None
    if len(window) > MAX_WINDOW or type(number) is not int or not 0 <= number <= MAX_SENT:
        return None
    clean = {storable(name): storable(value) for name, value in fields.items()}
    return _Sent(
        storable(body["base"]),
        clean,
        after,
        storable(window),
        number,
        body.get("last") is True,
        answered,
        _sums(body.get("sums"), clean),
        _sums(body.get("shown"), clean),
        _versions(body.get("versions")),
        _history(body.get("history")),
    )


def _sums(posted: object, fields: Collection[str]) -> Sums:
    """Return what are sums of one of the fields; without them, somebody is asked."""
    found = posted if isinstance(posted, dict) else {}
    named = ((name, found.get(name)) for name in fields)
    return {name: sums for name, sums in named if _are_sums(sums)}


def _are_sums(posted: object) -> TypeGuard[int | list[int]]:
    sums = posted if isinstance(posted, list) else [posted]
    are_few = 0 < len(sums) <= MAX_SUMS
    return are_few and all(type(one) is int and abs(one) <= MAX_SUM for one in sums)


def _versions(posted: object) -> Versions:
    """Return what is a version of a field; without one, somebody is asked."""
    found = posted if isinstance(posted, dict) else {}
    versions = {
        storable(name): {storable(window): count for window, count in version.items()}
        for name, version in list(found.items())[:MAX_FIELDS]
        if len(name) <= MAX_NAME and isinstance(version, dict) and _is_version(version)
    }
    return versions if sum(map(len, versions.values())) <= MAX_VERSIONS else {}


def _history(posted: object) -> dict[str, Any]:
    """Return the steps by which an editor's text was made; none if they are not what it keeps."""
    if not isinstance(posted, dict):
        return {}
    numbers = {name: posted.get(name) for name in ("length", "sum")}
    steps = {name: posted.get(name) for name in ("undo", "redo")}
    rows = [row for one in steps.values() if isinstance(one, list) for row in one]
    are_read = all(isinstance(one, list) for one in steps.values()) and all(map(_is_step, rows))
    are_numbers = all(type(one) is int and abs(one) <= MAX_SUM for one in numbers.values())
    if not (are_read and are_numbers) or len(rows) > MAX_STEPS:
        return {}
    if sum(len(text) for _at, *texts in rows for text in texts) > MAX_STEP_CHARACTERS:
        return {}
    kept = {
        name: [[at, storable(before), storable(since)] for at, before, since in one]
        for name, one in steps.items()
        if isinstance(one, list)
    }
    return {**numbers, **kept}


def _is_step(row: object) -> bool:
    """Return whether a row says where a text was changed, what stood there, and what stands now."""
    if not isinstance(row, list) or len(row) != 3:
        return False
    at, *texts = row
    return type(at) is int and 0 <= at <= MAX_SUM and all(isinstance(one, str) for one in texts)


def _is_version(version: dict[str, object]) -> bool:
    return len(version) <= MAX_VERSION and all(
        len(window) <= MAX_WINDOW and type(count) is int and 0 <= count <= MAX_SENT
        for window, count in version.items()
    )
