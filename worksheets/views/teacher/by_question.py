"""The page on which a teacher marks one question for the whole class, answer below answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils.translation import gettext as _

from lti_tool.background.collector import collector_held
from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts
from worksheets.attempts import GivenMark, MarkOutcome, MarkState, rubrics, standing
from worksheets.marking.pseudonyms import Pseudonyms
from worksheets.marking.rubric import digest
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark, Sending
from worksheets.questions import BLANK
from worksheets.rendering.point_buttons import PointButtons
from worksheets.rendering.questions import question_context
from worksheets.reports.by_question import (
    AnswerGroup,
    QuestionMarking,
    first_to_mark,
    named_marking,
    question_marking,
)
from worksheets.reports.comments import used_comments
from worksheets.reports.groups import class_groups, group_context
from worksheets.reports.my_marking import offered_together, parallel_assignments
from worksheets.reports.pseudonyms import pseudonyms_of
from worksheets.reports.question_answers import read_marks, read_names
from worksheets.views.base import MAX_DIGITS
from worksheets.views.teacher.acts import acts_on_class
from worksheets.views.teacher.desk import DeskView, question_or_404
from worksheets.views.teacher.given_marks import PostedMark, read_form, read_json
from worksheets.views.teacher.hidden_names import hidden_number, revealed, revealed_numbers
from worksheets.views.teacher.shown_answers import (
    MAX_KEYS,
    LostMark,
    MarkingQuery,
    ShownGroup,
    asked_groups,
    asked_numbers,
    groups_read,
    is_zero_of,
    link_to_chunk,
    named_groups,
    page_chunks,
    points_to_press,
    start_of,
    zeros,
)
from worksheets.wording.mark_outcomes import (
    OutcomeWords,
    answer_changed,
    mark_gone,
    not_possible,
    other_mark,
    released_mark,
    rubric_changed,
)
from worksheets.wording.notices import PARAMETER
from worksheets.wording.numbers import plain

LINE_KEYS = "qwertuio"  # of the first lines of a rubric; further ones have none


class MarkingView(DeskView):
    """The way to the first question of which an answer waits for a mark."""

    def get(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        assignment = self.find_or_inherit_assignment() if number is None else self.activity(number)
        if assignment is None:
            return self.go("home")
        query = MarkingQuery.parse(request.GET)
        question = first_to_mark(assignment, self.others(assignment, query), query.group)
        if question is None:
            return self.go("class", "nothing-to-mark")
        address = self.desk_url("mark-question", assignment, item=question.key)
        # The script leads on to where somebody was last.
        return HttpResponseRedirect(f"{address}?{'&'.join(filter(None, ['go-on=1', query.kept]))}")


class MarkQuestionView(DeskView):
    """The answers of the class to one question, and what marks them.

    Its script posts marks as JSON and asks for more answers; without it, each answer is a form.
    """

    @collector_held()  # a class may have thousands of answers
    def get(self, request: HttpRequest, item: str, number: int | None = None) -> HttpResponse:
        assignment = self.activity(number)
        question = question_or_404(assignment, item)
        query = MarkingQuery.parse(request.GET)
        part = request.GET.get("part", "")
        if part == "rubric":
            return self._version(assignment, question, request.GET.get("seen", ""))
        named = asked_groups(request.GET.get("answers", "")) if part == "answers" else None
        if named is not None:
            pseudonyms = pseudonyms_of(assignment, question)
            named = [(place, revealed_numbers(group, pseudonyms)) for place, group in named]
            few = named_marking(assignment, question, named, self.others(assignment, query))
            context = self._answers(few, few.groups, query)
            return self.page(request, "worksheets/teacher/mark_answers.html", context)
        marking = self._marking(assignment, question, query)
        if part == "end":
            context = {"marking": marking, **self._addresses(marking, query)}
            context |= acts_on_class(self.visit)
            return self.page(request, "worksheets/teacher/mark_end.html", context)
        groups: Sequence[AnswerGroup]
        if "answers" in request.GET:
            pseudonyms = pseudonyms_of(assignment, question)
            keys = revealed_numbers(asked_numbers(request.GET["answers"]), pseudonyms)
            groups = named_groups(marking, keys, is_alone="alone" in request.GET)
        else:
            groups = groups_read(marking, query)
        if part == "answers":
            context = self._answers(marking, groups, query)
            return self.page(request, "worksheets/teacher/mark_answers.html", context)
        return self._page(request, assignment, marking, groups, query)

    def post(self, request: HttpRequest, item: str, number: int | None = None) -> HttpResponse:
        """Save marks: JSON for a script, which hears of each, or a form's."""
        assignment = self.activity(number)
        question = question_or_404(assignment, item)
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
        pseudonyms = pseudonyms_of(assignment, question)
        given = [one.given for one in revealed(posted, pseudonyms) if one.given]
        outcomes = self._give(assignment, question, given)
        wrong = [
            {"attempt": one.attempt_id, "state": "wrong", "said": one.error}
            for one in posted
            if not one.given
        ]
        return [*wrong, *(self._outcome(*one, pseudonyms) for one in outcomes)]

    def _give(
        self, assignment: Assignment, question: Question[Any], given: Sequence[GivenMark]
    ) -> list[tuple[Assignment, MarkOutcome]]:
        """Give marks, each where its work is: here or in a parallel class of this teacher."""
        classes = {assignment.pk: assignment}
        keys = [one.attempt_id for one in given]
        rows = Attempt.objects.filter(pk__in=keys).exclude(assignment=assignment)
        elsewhere = dict(rows.values_list("pk", "assignment"))
        if elsewhere:
            others = parallel_assignments(self.visit.user, assignment)
            classes |= {other.pk: other for other in others}
        by_class: dict[int, list[GivenMark]] = {}
        for one in given:
            place = elsewhere.get(one.attempt_id, assignment.pk)
            # Work that is not this teacher's to mark is looked for here, and not found.
            by_class.setdefault(place if place in classes else assignment.pk, []).append(one)
        return [
            (classes[place], outcome)
            for place, marks in by_class.items()
            for outcome in attempts.give_marks(classes[place], question, marks, self.visit.user)
        ]

    def _outcome(
        self, assignment: Assignment, outcome: MarkOutcome, pseudonyms: Pseudonyms
    ) -> dict[str, object]:
        words = self._words(assignment, outcome) or OutcomeWords("")
        mark = outcome.mark
        return {
            "attempt": hidden_number(outcome.given.attempt_id, pseudonyms),
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
            case MarkState.RUBRIC:
                return rubric_changed(mark.points if mark else None)
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
        rubric = rubrics.rubric_of(assignment, question)
        pseudonyms = pseudonyms_of(assignment, question)
        posted = revealed(read_form(request.POST, question, rubric), pseudonyms)
        if not posted:
            return self._back(assignment, question, query)
        given = [one.given for one in posted if one.given]
        outcomes = self._give(assignment, question, given)
        errors = {one.attempt_id: one for one in posted if one.error}
        words = {
            one.given.attempt_id: (one.state, self._words(where, one))
            for where, one in outcomes
            if one.state is not MarkState.SAVED
        }
        if not (errors or words):
            released = any(
                one.mark and one.mark.attempt.shows(one.mark) for _where, one in outcomes
            )
            notice = "marks-saved-shown" if released else "marks-saved"
            return self._back(assignment, question, query, notice)
        marking = self._marking(assignment, question, query)
        groups = named_groups(marking, [*errors, *words], is_alone=not errors)
        typed = {one.attempt_id: one.typed for one in posted}
        lines = posted[0].lines
        shown = []
        for group in groups:
            pk = group.first.row.pk
            points, comment = typed[pk]
            error = errors[pk].error if pk in errors else ""
            state, said = words.get(pk, (MarkState.SAVED, None))
            is_released = state is MarkState.RELEASED
            shown.append(ShownGroup(group, points, comment, lines, error, said, is_released))
        found = {answer.row.pk for group in groups for answer in group.answers}
        lost = [
            LostMark(errors[pk].error if pk in errors else _said(words[pk][1]), *marks)
            for pk, marks in typed.items()
            if pk not in found and (pk in errors or pk in words)
        ]
        status = 422 if errors else 409
        return self._page(request, assignment, marking, shown, query, status, lost)

    def _mark_blank(
        self, request: HttpRequest, assignment: Assignment, question: Question[Any]
    ) -> HttpResponse:
        """Give 0 to each blank answer that the page has shown unmarked, or take that back."""
        query = MarkingQuery.parse(request.GET)
        marking = self._marking(assignment, question, query)
        if request.POST["blank"] == "take":
            found = zeros(marking, self.visit.user)
            read_marks(found)
            given = [
                GivenMark(one.row.pk, None, seen=[standing(one.mark)], read=one.row.submission)
                for one in found
                if one.mark and is_zero_of(one.mark, self.visit.user)
            ]
        else:
            numbers = (whole_number(n, MAX_DIGITS) for n in request.POST.getlist("answer"))
            shown = revealed_numbers(filter(None, numbers), pseudonyms_of(assignment, question))
            zero, chosen = Decimal(0), set(shown)
            given = [
                GivenMark(one.row.pk, zero, read=one.row.submission)
                for one in marking.unmarked_blank
                if one.row.pk in chosen
            ]
        self._give(assignment, question, given)
        return self._back(assignment, question, query, "marks-saved", "#blank")

    def _back(
        self,
        assignment: Assignment,
        question: Question[Any],
        query: MarkingQuery,
        notice: str = "",
        place: str = "",
    ) -> HttpResponse:
        address = self.desk_url("mark-question", assignment, item=question.key)
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
        chunks = page_chunks([one.group if isinstance(one, ShownGroup) else one for one in groups])
        # Marks that were given meanwhile may have left fewer pages than there were.
        page = min(query.page, len(chunks) or 1)
        first = (
            [] if page > len(chunks) else groups[start_of(chunks, page) :][: chunks[page - 1][1]]
        )
        if query.names:
            read_names(marking.blank)
        context = self._answers(marking, first, replace(query, page=1)) | {
            "assignment": assignment,
            "edition": assignment.edition,
            "asked": question_context(question, BLANK) | {"prompt": question.prompt},
            "comments": used_comments(assignment, question, self.visit.user),
            "chunks": [
                link_to_chunk(query, n, *chunk) for n, chunk in enumerate(chunks, 1) if n > page
            ],
            **self._addresses(marking, query),
            **self._parallel(assignment, query),
            **group_context(query.group, class_groups(assignment)),
            "page_number": page,
            "is_again": bool(query.read),
            "names_query": replace(query, names=not query.names).urlencode(),
            "all_query": replace(query, read="", page=1).urlencode(),
            "zeros": zeros(marking, self.visit.user),
            "key": f"{self.visit.user.pk}-{assignment.link_id}",
            "has_problem": status != 200,
            "lost": lost,
        }
        return self.page(request, "worksheets/teacher/mark_question.html", context, status)

    def _marking(
        self, assignment: Assignment, question: Question[Any], query: MarkingQuery
    ) -> QuestionMarking:
        others = self.others(assignment, query)
        return question_marking(assignment, question, others, query.group)

    def _addresses(self, marking: QuestionMarking, query: MarkingQuery) -> dict[str, str]:
        """Return the addresses of this question, those beside it, and what is about it."""
        assignment, suffix = marking.assignment, f"?{query.kept}" if query.kept else ""

        def address(question: Question[Any] | None) -> str:
            if question is None:
                return ""
            return self.desk_url("mark-question", assignment, item=question.key) + suffix

        return {
            "url": self.desk_url("mark-question", assignment, item=marking.question.key),
            "following_url": address(marking.following),
            "preceding_url": address(marking.preceding),
            "rubric_url": self.desk_url("rubric", assignment, item=marking.question.key),
            "class_url": self.url("class") if self.is_here(assignment) else "",
        }

    def _parallel(self, assignment: Assignment, query: MarkingQuery) -> dict[str, Any]:
        """Return the other classes of this teacher that have the question, for the head."""
        others = offered_together(self.visit.user, assignment)
        return {
            # Two activities of one course are its name once.
            "parallel": list(dict.fromkeys(str(other.link.context) for other in others)),
            "is_together": query.together,
            "together_query": replace(
                query, together=not query.together, page=1, group=""
            ).urlencode(),
            "course": "" if self.is_here(assignment) else str(assignment.link.context),
        }

    def _version(self, assignment: Assignment, question: Question[Any], seen: str) -> HttpResponse:
        """Return 204 to a page that shows the rubric as it stands, else its digest."""
        now = digest(rubrics.rubric_of(assignment, question))
        return HttpResponse(status=204) if now == seen else HttpResponse(now)

    def _answers(
        self,
        marking: QuestionMarking,
        groups: Iterable[AnswerGroup | ShownGroup],
        query: MarkingQuery,
    ) -> dict[str, Any]:
        """Return what the template of the answers needs."""
        shown = [one if isinstance(one, ShownGroup) else ShownGroup(one) for one in groups]
        answers = [one for group in shown for one in group.group.answers]
        read_marks(answers)
        if query.names:
            read_names(answers)
        maximum = marking.question.marks or Decimal(0)
        rubric = rubrics.rubric_of(marking.assignment, marking.question)
        unlike = {
            other.pk
            for other in marking.others
            if rubrics.rubric_of(other, marking.question) != rubric
        }
        return {
            "marking": marking,
            "question": marking.question,
            "groups": [
                replace(one, takes_lines=unlike.isdisjoint(one.group.classes)) for one in shown
            ],
            "points": PointButtons(points_to_press(maximum)),
            "has_keys": maximum <= MAX_KEYS,
            "has_halves": maximum % 1 != 0 or any(mark.points % 1 for mark in marking.marks),
            "maximum": plain(maximum),
            "with_names": query.names,
            "query": query.urlencode(),
            "collect_url": self.desk_url("class-feedback", marking.assignment),
            "rubric": list(zip_longest(rubric, LINE_KEYS[: len(rubric)], fillvalue="")),
            "rubric_digest": digest(rubric),
            **acts_on_class(self.visit),
        }


def _said(words: OutcomeWords | None) -> str:
    return words.said if words else ""


def _name(user: User) -> str:
    is_named = user.name or user.given_name or user.family_name
    return user.display_name if is_named else _("A teacher")
