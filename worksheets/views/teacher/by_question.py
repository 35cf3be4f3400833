"""The page on which a teacher marks one question for the whole class, answer below answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.utils.translation import gettext as _

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts
from worksheets.attempts import GivenMark, MarkOutcome, MarkState, standing
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark, Sending
from worksheets.questions import BLANK
from worksheets.rendering.questions import question_context
from worksheets.reports.by_question import (
    AnswerGroup,
    QuestionAnswer,
    QuestionMarking,
    first_to_mark,
    question_marking,
    with_earlier_marks,
)
from worksheets.reports.comments import used_comments
from worksheets.views.base import MAX_DIGITS, WholeClassView
from worksheets.views.teacher.given_marks import PostedMark, as_query, read_form, read_json
from worksheets.wording.mark_outcomes import (
    OutcomeWords,
    answer_changed,
    mark_gone,
    not_possible,
    other_mark,
    released_mark,
)
from worksheets.wording.notices import PARAMETER
from worksheets.wording.numbers import number, plain

PAGE = 30  # groups of answers
MAX_NAMED = 100  # answers in one address, but for a group that has more
MAX_KEYS = 9  # the highest mark that one key gives; above it there is a field for a number
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class MarkingQuery:
    """The part of an address that says which answers are shown, and whether with names."""

    names: bool = False
    read: str = ""  # a mark: the answers that have it are read again
    page: int = 1

    @classmethod
    def parse(cls, query: QueryDict) -> MarkingQuery:
        """Return what an address asks for; what it cannot ask for is left out."""
        read = query.get("read", "")[:10]
        page = whole_number(query.get("page", ""), 4) or 1
        return cls("names" in query, read if _is_mark(read) else "", page)

    @property
    def names_suffix(self) -> str:
        """Return the query of another question's address, on which names are shown as here."""
        return "?names=1" if self.names else ""

    def urlencode(self) -> str:
        page = "" if self.page == 1 else str(self.page)
        return urlencode(
            as_query({"names": "1" if self.names else "", "read": self.read, "page": page})
        )


def _is_mark(text: str) -> bool:
    whole, _point, part = text.partition(".")
    return (whole + part).isdecimal() and text.isascii() and bool(whole)


@dataclass(frozen=True, slots=True)
class Point:
    """A mark to press."""

    value: str
    label: str
    is_half: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """The answers that are fetched together once somebody has come so far."""

    count: int
    page_query: str  # of the page that has them, without a script
    part_query: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with what was posted for it and could not be saved, if anything was."""

    group: AnswerGroup
    points: str = ""
    comment: str = ""
    error: str = ""
    words: OutcomeWords | None = None
    asks_for_release: bool = False  # the words say that the mark is released

    @property
    def shown_points(self) -> str:
        """Return what stands in the field for a number."""
        mark = self.group.first.mark
        return self.points if self.error or mark is None else plain(mark.points)

    @property
    def shown_comment(self) -> str:
        mark = self.group.first.mark
        return self.comment if self.error or mark is None else mark.comment

    @property
    def seen(self) -> list[tuple[Attempt, str]]:
        """Return the mark that the page shows of each answer."""
        return [(one.attempt, standing(one.mark)) for one in self.group.answers]


@dataclass(frozen=True, slots=True)
class LostMark:
    """A mark that was posted for an answer that the page does not have any more."""

    said: str
    points: str
    comment: str


class MarkingView(WholeClassView):
    """The way to the first question of which an answer waits for a mark."""

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        assignment = self.find_or_inherit_assignment()
        if assignment is None:
            return self.go("home")
        question = first_to_mark(assignment)
        if question is None:
            return self.go("class", "nothing-to-mark")
        address = self.url("mark-question", item=question.key)
        # The script leads on to where somebody was last.
        return HttpResponseRedirect(f"{address}?go-on=1")


class MarkQuestionView(WholeClassView):
    """The answers of the class to one question, and what marks them.

    Its script posts marks as JSON and asks for more answers; without it, each answer is a form.
    """

    def get(self, request: HttpRequest, item: str) -> HttpResponse:
        assignment = self.assignment_or_404()
        question = _question(assignment, item)
        marking = question_marking(assignment, question)
        query = MarkingQuery.parse(request.GET)
        part = request.GET.get("part", "")
        if part == "end":
            context = {"marking": marking, "names_suffix": query.names_suffix}
            return self.page(request, "worksheets/teacher/mark_end.html", context)
        groups: Sequence[AnswerGroup]
        if "answers" in request.GET:
            named = _numbers(request.GET["answers"])
            groups = _named(marking, named, is_alone="alone" in request.GET)
        else:
            groups = _read_again(marking, query)
        if part == "answers":
            context = self._answers(marking, groups, query)
            return self.page(request, "worksheets/teacher/mark_answers.html", context)
        return self._page(request, assignment, marking, groups, query)

    def post(self, request: HttpRequest, item: str) -> HttpResponse:
        """Save marks: JSON for a script, which hears of each, or a form's."""
        assignment = self.assignment_or_404()
        question = _question(assignment, item)
        if request.content_type == "application/json":
            posted = read_json(request.body, question)
            if posted is None:
                return JsonResponse({}, status=400)
            return JsonResponse({"marks": self._save_each(assignment, question, posted)})
        if "blank" in request.POST:
            return self._mark_blank(request, assignment, question)
        return self._save_form(request, assignment, question)

    def _save_each(
        self, assignment: Assignment, question: Question[Any], posted: Sequence[PostedMark]
    ) -> list[dict[str, object]]:
        given = [one.given for one in posted if one.given]
        outcomes = attempts.give_marks(assignment, question, given, self.visit.user)
        wrong = [
            {"attempt": one.attempt_id, "state": "wrong", "said": one.error}
            for one in posted
            if not one.given
        ]
        return [*wrong, *(self._outcome(assignment, one) for one in outcomes)]

    def _outcome(self, assignment: Assignment, outcome: MarkOutcome) -> dict[str, object]:
        words = self._words(assignment, outcome) or OutcomeWords("")
        mark = outcome.mark
        return {
            "attempt": outcome.given.attempt_id,
            "state": outcome.state,
            "seen": standing(mark),
            "points": plain(mark.points) if mark else "",
            "comment": mark.comment if mark else "",
            "said": words.said,
            "keep": words.keep,
            "use": words.use,
        }

    def _words(self, assignment: Assignment, outcome: MarkOutcome) -> OutcomeWords | None:
        mark, mine = outcome.mark, outcome.given.points
        match outcome.state:
            case MarkState.SAVED:
                return None
            case MarkState.UNREAD:
                return answer_changed(mark.points if mark else None, mine)
            case MarkState.OTHER if mark is None:
                return mark_gone(mine)
            case MarkState.OTHER if mark is not None:
                return other_mark(self._giver(mark), mark.points, mark.marked_at, mine)
            case MarkState.RELEASED:
                reaches = assignment.sending != Sending.GAPS_ONLY
                points = mark.points if mark else Decimal(0)
                return released_mark(points, mine, reaches_gradebook=reaches)
            case _:
                return not_possible(outcome.state)

    def _said(self, assignment: Assignment, outcome: MarkOutcome) -> str:
        words = self._words(assignment, outcome)
        return words.said if words else ""

    def _giver(self, mark: Mark) -> str:
        if mark.source != Mark.Source.TEACHER:
            return _("The marker")
        if mark.marked_by_id == self.visit.user.pk:
            return _("You")
        return _name(mark.marked_by) if mark.marked_by else _("A teacher")

    def _save_form(
        self, request: HttpRequest, assignment: Assignment, question: Question[Any]
    ) -> HttpResponse:
        """Save the marks of a form; show what could not be saved, with the ways on."""
        query = MarkingQuery.parse(request.GET)
        posted = read_form(request.POST, question, rubric_of(assignment, question))
        if not posted:
            return self._back(question, query)
        given = [one.given for one in posted if one.given]
        outcomes = attempts.give_marks(assignment, question, given, self.visit.user)
        errors = {one.attempt_id: one for one in posted if one.error}
        left = {one.given.attempt_id: one for one in outcomes if one.state is not MarkState.SAVED}
        if not (errors or left):
            released = any(one.mark and one.mark.attempt.is_released for one in outcomes)
            return self._back(question, query, "marks-saved-shown" if released else "marks-saved")
        marking = question_marking(assignment, question)
        groups = _named(marking, [*errors, *left], is_alone=not errors)
        typed = {one.attempt_id: one.typed for one in posted}
        shown = []
        for group in groups:
            pk = group.first.attempt.pk
            points, comment = typed[pk]
            error = errors[pk].error if pk in errors else ""
            words = self._words(assignment, left[pk]) if pk in left else None
            is_released = pk in left and left[pk].state is MarkState.RELEASED
            shown.append(ShownGroup(group, points, comment, error, words, is_released))
        found = {answer.attempt.pk for group in groups for answer in group.answers}
        lost = [
            LostMark(errors[pk].error if pk in errors else self._said(assignment, left[pk]), *marks)
            for pk, marks in typed.items()
            if pk not in found and (pk in errors or pk in left)
        ]
        status = 422 if errors else 409
        return self._page(request, assignment, marking, shown, query, status, lost)

    def _mark_blank(
        self, request: HttpRequest, assignment: Assignment, question: Question[Any]
    ) -> HttpResponse:
        """Give 0 to each answer that was left blank and has no mark, or take these marks back."""
        marking = question_marking(assignment, question)
        if request.POST["blank"] == "take":
            given = [
                GivenMark(
                    one.attempt.pk, None, seen=[standing(one.mark)], read=one.attempt.submission
                )
                for one in _zeros(marking, self.visit.user)
            ]
        else:
            zero = Decimal(0)
            given = [
                GivenMark(one.attempt.pk, zero, read=one.attempt.submission)
                for one in marking.unmarked_blank
            ]
        attempts.give_marks(assignment, question, given, self.visit.user)
        return self._back(question, MarkingQuery.parse(request.GET), "marks-saved", "#blank")

    def _back(
        self, question: Question[Any], query: MarkingQuery, notice: str = "", place: str = ""
    ) -> HttpResponse:
        address = self.url("mark-question", item=question.key)
        said = urlencode({PARAMETER: notice}) if notice else ""
        parts = "&".join(filter(None, [said, query.urlencode()]))
        return HttpResponseRedirect(f"{address}{'?' if parts else ''}{parts}{place}")

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        marking: QuestionMarking,
        groups: Sequence[AnswerGroup | ShownGroup],
        query: MarkingQuery,
        status: int = 200,
        lost: Sequence[LostMark] = (),
    ) -> HttpResponse:
        question = marking.question
        chunks = _chunks([one.group if isinstance(one, ShownGroup) else one for one in groups])
        # Marks that were given meanwhile may have left fewer pages than there were.
        page = min(query.page, len(chunks) or 1)
        first = [] if page > len(chunks) else groups[_start(chunks, page) :][: chunks[page - 1][1]]
        context = self._answers(marking, first, replace(query, page=1)) | {
            "assignment": assignment,
            "edition": assignment.edition,
            "asked": question_context(question, BLANK) | {"prompt": question.prompt},
            "comments": used_comments(assignment, question, self.visit.user),
            "chunks": [_chunk(query, n, *chunk) for n, chunk in enumerate(chunks, 1) if n > page],
            "names_suffix": query.names_suffix,
            "page_number": page,
            "is_again": bool(query.read),
            "names_query": replace(query, names=not query.names).urlencode(),
            "all_query": replace(query, read="", page=1).urlencode(),
            "zeros": _zeros(marking, self.visit.user),
            "key": f"{self.visit.user.pk}-{self.visit.link.pk}",
            "has_problem": status != 200,
            "lost": lost,
        }
        return self.page(request, "worksheets/teacher/mark_question.html", context, status)

    def _answers(
        self,
        marking: QuestionMarking,
        groups: Iterable[AnswerGroup | ShownGroup],
        query: MarkingQuery,
    ) -> dict[str, Any]:
        """Return what the template of the answers needs."""
        shown = [one if isinstance(one, ShownGroup) else ShownGroup(one) for one in groups]
        before = with_earlier_marks((one.group for one in shown), marking.question)
        maximum = marking.question.marks or Decimal(0)
        return {
            "marking": marking,
            "question": marking.question,
            "groups": [replace(one, group=group) for one, group in zip(shown, before, strict=True)],
            "points": _points(maximum),
            "has_keys": maximum <= MAX_KEYS,
            "has_halves": maximum % 1 != 0 or any(mark.points % 1 for mark in marking.marks),
            "maximum": plain(maximum),
            "with_names": query.names,
            "query": query.urlencode(),
        }


def _question(assignment: Assignment, item: str) -> Question[Any]:
    """Return the question with that key. Raise Http404 for one that a teacher does not mark."""
    found = next((one for one in assignment.edition.sheet.to_mark if one.key == item), None)
    if found is None:
        raise Http404
    return found


def _name(user: User) -> str:
    is_named = user.name or user.given_name or user.family_name
    return user.display_name if is_named else _("A teacher")


def _numbers(text: str) -> list[int]:
    parts = (whole_number(part, MAX_DIGITS) for part in text.split(".")[: PAGE * MAX_NAMED])
    return [part for part in parts if part is not None]


def _named(
    marking: QuestionMarking, keys: Sequence[int], *, is_alone: bool = False
) -> list[AnswerGroup]:
    """Return the groups of the named answers, in the order of these; each alone if so."""
    asked = dict.fromkeys(keys)
    found: dict[int, AnswerGroup] = {}
    blank = [AnswerGroup(0, [one]) for one in marking.blank]
    for group in [*marking.groups, *blank]:
        answers = [one for one in group.answers if one.attempt.pk in asked]
        if is_alone:
            found |= {one.attempt.pk: AnswerGroup(group.number, [one]) for one in answers}
        elif answers:
            found[answers[0].attempt.pk] = AnswerGroup(group.number, answers)
    return [found[key] for key in asked if key in found]


def _read_again(marking: QuestionMarking, query: MarkingQuery) -> Sequence[AnswerGroup]:
    """Return the groups that the address asks for: those with a mark, or all."""
    if not query.read:
        return marking.groups
    points = Decimal(query.read)
    return [one for one in marking.groups if one.first.mark and one.first.mark.points == points]


def _zeros(marking: QuestionMarking, teacher: User) -> list[QuestionAnswer]:
    """Return the blank answers to which this teacher gave 0, and that are not released."""
    return [
        one
        for one in marking.blank
        if one.mark is not None
        and one.mark.marked_by_id == teacher.pk
        and not (one.mark.points or one.mark.comment or one.attempt.is_released)
    ]


def _chunks(groups: Sequence[AnswerGroup]) -> list[tuple[str, int]]:
    """Return the answers of each page, as an address names them, and the number of its groups."""
    pages: list[list[list[int]]] = []
    for group in groups:
        keys = [one.attempt.pk for one in group.answers]
        last = pages[-1] if pages else []
        is_full = len(last) == PAGE or sum(map(len, last)) + len(keys) > MAX_NAMED
        if not last or is_full:
            pages.append([])
        pages[-1].append(keys)
    return [(".".join(str(key) for keys in page for key in keys), len(page)) for page in pages]


def _chunk(query: MarkingQuery, page: int, answers: str, count: int) -> Chunk:
    rest = replace(query, page=1).urlencode()
    part = urlencode({"part": "answers", "answers": answers})
    return Chunk(count, replace(query, page=page).urlencode(), f"{part}{rest and '&'}{rest}")


def _start(chunks: Sequence[tuple[str, int]], page: int) -> int:
    return sum(count for _answers, count in chunks[: page - 1])


def _points(maximum: Decimal) -> list[Point]:
    """Return the marks to press, halves too; none for a maximum that has no key."""
    if maximum > MAX_KEYS:
        return []
    steps = [_HALF * n for n in range(int(maximum / _HALF) + 1)]
    values = steps if maximum in steps else [*steps, maximum]
    return [Point(plain(value), number(value), bool(value % 1)) for value in values]
