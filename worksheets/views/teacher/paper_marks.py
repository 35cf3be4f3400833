"""The page for a pile of papers: pupils found by name, a mark for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts, gradebook
from worksheets.attempts import Entered, EntryState, Wanted, standing_entry
from worksheets.attempts.entered import sheet_maximum
from worksheets.authoring.library import search_words
from worksheets.gradebook.status_texts import lms_name
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import Assignment, EnteredMark
from worksheets.reports.class_overview import Row, overview
from worksheets.reports.groups import group_context
from worksheets.templatetags.entered import as_typed
from worksheets.views.base import MAX_DIGITS, WholeClassView
from worksheets.views.teacher.entries import TypedEntry, outcome_message, read_typed
from worksheets.wording.entered import entered_text, typed_words

PAGE = 50  # pupils with a field each
MAX_POSTED = 200  # fields that are read of a form
_DONE = {EntryState.SAVED, EntryState.SAME}


@dataclass(frozen=True, slots=True)
class PaperField:
    """A pupil's field: what stands, and what was typed there and not saved."""

    row: Row
    typed: TypedEntry | None = None
    message: str = ""
    must_confirm: bool = False

    @property
    def seen(self) -> str:
        return standing_entry(self.row.entered)

    @property
    def text(self) -> str:
        return self.typed.text if self.typed else as_typed(self.row.entered)


@dataclass(slots=True)
class PaperResult:
    """The effect of a form of many fields: what is ``saved``, and what is ``left``, by pupil."""

    saved: list[Entered] = field(default_factory=list)
    left: dict[int, tuple[TypedEntry, str, bool]] = field(default_factory=dict)


class PaperMarksView(WholeClassView):
    """Marks from paper: a field for each pupil without submitted work, and one for a pile."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self.assignment_or_404(), PaperResult())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what a script has sent for one pupil, or the fields of a form that were changed."""
        assignment = self.assignment_or_404()
        if request.content_type == "application/json":
            return self._save_one(request, assignment)
        if "undo" in request.POST:
            return self._page(request, assignment, self._undo(request, assignment))
        result = self._save(request, assignment)
        return self._page(request, assignment, result, 422 if result.left else 200)

    def _save(self, request: HttpRequest, assignment: Assignment) -> PaperResult:
        maximum = sheet_maximum(assignment)
        result, wanted, typed_by = PaperResult(), [], {}
        for name in [name for name in request.POST if name.startswith("text-")][:MAX_POSTED]:
            pk = whole_number(name.removeprefix("text-"), MAX_DIGITS)
            if pk is None or request.POST[name].strip() == request.POST.get(f"was-{pk}", ""):
                continue
            typed = read_typed(request.POST[name], "", maximum)
            if typed.error:
                result.left[pk] = (typed, typed.error, False)
                continue
            seen, confirmed = request.POST.get(f"seen-{pk}", ""), f"confirmed-{pk}" in request.POST
            wanted.append(Wanted(pk, typed.entry, seen, confirmed))
            typed_by[pk] = typed
        self._enter(assignment, wanted, typed_by, result)
        return result

    def _undo(self, request: HttpRequest, assignment: Assignment) -> PaperResult:
        """Enter again what stood before, where the new entry still stands."""
        wanted, result = [], PaperResult()
        for text in request.POST.getlist("entry")[:MAX_POSTED]:
            number, _sign, rest = text.partition("|")
            before, _sign, seen = rest.partition("|")
            pk = whole_number(number, MAX_DIGITS)
            try:
                entry = Entry.parse(before, sheet_maximum(assignment))
            except ValueError:
                continue
            if pk is not None:
                wanted.append(Wanted(pk, entry, seen))
        self._enter(assignment, wanted, {}, result)
        return result

    def _enter(
        self,
        assignment: Assignment,
        wanted: Sequence[Wanted],
        typed_by: Mapping[int, TypedEntry],
        result: PaperResult,
    ) -> None:
        lms = lms_name(self.visit.registration)
        done = attempts.enter(assignment, wanted, by=self.actor) if wanted else []
        statuses = gradebook.statuses(assignment) if done else {}
        for one in done:
            pk = one.wanted.user_id
            if one.state is EntryState.SAVED:
                result.saved.append(one)
            elif one.state is not EntryState.SAME:
                message = outcome_message(one, lms, statuses.get(pk, ()))
                typed = typed_by.get(pk, TypedEntry(""))
                result.left[pk] = (typed, message, one.state is EntryState.RELEASED)

    def _save_one(self, request: HttpRequest, assignment: Assignment) -> HttpResponse:
        """Answer a script with what became of one entry."""
        posted = _read_json(request.body)
        if posted is None:
            return JsonResponse({"state": "odd"}, status=400)
        maximum = sheet_maximum(assignment)
        if posted.before is None:
            typed = read_typed(posted.text, "", maximum)
            if typed.entry is None:
                message = typed.error or read_typed("?", "", maximum).error
                return JsonResponse({"state": "unreadable", "message": message}, status=422)
            entry: Entry | None = typed.entry
        else:
            try:
                entry = Entry.parse(posted.before, maximum)
            except ValueError:
                return JsonResponse({"state": "odd"}, status=400)
        wanted = Wanted(posted.pupil, entry, posted.seen, posted.confirmed)
        (done,) = attempts.enter(assignment, [wanted], by=self.actor)
        statuses = (
            gradebook.statuses_of(assignment, done.now.user)
            if done.now and done.state is EntryState.RELEASED
            else []
        )
        body = {
            "state": done.state,
            "message": outcome_message(done, lms_name(self.visit.registration), statuses),
            "said": _said(done.now),
            "typed": as_typed(done.now),
            "standing": standing_entry(done.now),
            "before": done.before,
        }
        return JsonResponse(body, status=200 if done.state in _DONE else 409)

    def _page(
        self, request: HttpRequest, assignment: Assignment, result: PaperResult, status: int = 200
    ) -> HttpResponse:
        search = search_words(request.GET.get("search", ""))
        seen = overview(assignment)
        of_group = group_context(request.GET.get("group", ""), seen.groups)
        group = of_group["chosen_group"]
        rows = [row for row in seen.in_group(group).rows if row.may_enter]
        found = [row for row in rows if search.casefold() in row.user.display_name.casefold()]
        page = Paginator(found, PAGE).get_page(request.GET.get("page", "")[:10])
        by_key = {row.user.pk: row.user for row in rows}
        words = typed_words()
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "maximum": sheet_maximum(assignment),
            "reaches_gradebook": gradebook.reaches_gradebook(assignment),
            "page": page,
            "fields": [_field(row, result) for row in page],
            "search": search,
            "is_long": len(rows) > PAGE,
            **of_group,
            "kept": urlencode(
                {name: text for name, text in (("search", search), ("group", group)) if text}
            ),
            "saved": [
                (by_key.get(one.wanted.user_id), one, _said(one.now)) for one in result.saved
            ],
            "left": len(result.left),
            "pupils": json.dumps([_pupil(row) for row in rows], ensure_ascii=False),
            "typed": {
                "absent": words[Outcome.ABSENT][0],
                "paper": words[Outcome.ON_PAPER][0],
                "excused": words[Outcome.EXCUSED][0],
            },
            "letters": json.dumps({word[0].casefold(): word for word in words.values()}),
        }
        return self.page(request, "worksheets/teacher/paper_marks.html", context, status)


@dataclass(frozen=True, slots=True)
class _Posted:
    """The request of a script: ``before`` is what to bring back, None to enter what was typed."""

    pupil: int
    text: str
    seen: str
    before: str | None
    confirmed: bool


def _read_json(body: bytes) -> _Posted | None:
    """Return what a script has sent, or None if it has sent something else."""
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(posted, dict):
        return None
    pupil, text, seen = posted.get("pupil"), posted.get("text", ""), posted.get("seen", "")
    before = posted.get("before")
    if type(pupil) is not int or not 0 < pupil < 10**MAX_DIGITS:
        return None
    if not (isinstance(text, str) and isinstance(seen, str) and isinstance(before, str | None)):
        return None
    return _Posted(pupil, text, seen, before, posted.get("confirmed") is True)


def _field(row: Row, result: PaperResult) -> PaperField:
    left = result.left.get(row.user.pk)
    return PaperField(row, *left) if left else PaperField(row)


def _said(row: EnteredMark | None) -> str:
    return entered_text(row.outcome, row.points, row.maximum) if row else ""


def _pupil(row: Row) -> list[Any]:
    """Return what a script knows of a pupil: number, name, name to sort by, what stands."""
    user: User = row.user
    return [user.pk, user.display_name, standing_entry(row.entered), _said(row.entered)]
