"""Pages to be printed: the blank sheet, its answers, and what pupils have handed in, marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from worksheets.gradebook.scoring import Tally
from worksheets.models import Answer, Assignment, Attempt, EnteredMark, Mark
from worksheets.questions import ItemAnswer
from worksheets.rendering.paper import blank_sheet, key_sheet, marked_sheet
from worksheets.reports.class_overview import AttemptSummary, attempts_of, overview
from worksheets.reports.groups import group_context
from worksheets.views.base import TeacherView, WholeClassView, WorksheetView
from worksheets.views.teacher.class_seen import require_totals

PAGE = 40  # sheets that one page has


@dataclass(frozen=True, slots=True)
class MarkedSheet:
    """A pupil's submitted work, as it is printed.

    ``entered`` is what a teacher has entered for the pupil, if that counts in its place.
    """

    names: str
    attempt: Attempt
    tally: Tally
    document: SafeString
    entered: EnteredMark | None = None


class PrintBlankView(WholeClassView):
    """The sheet to be filled in with a pen, with lines for name and date."""

    def get(self, request: HttpRequest) -> HttpResponse:
        edition = self.assignment_or_404().edition
        document = blank_sheet(edition.sheet, self.pictures(edition.worksheet_id))
        context = {"edition": edition, "document": document}
        return self.page(request, "worksheets/teacher/print_blank.html", context)


class PrintKeyView(WholeClassView):
    """The sheet with its answers, which says on every page of paper that it is for teachers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        edition = self.assignment_or_404().edition
        document = key_sheet(edition.sheet, self.pictures(edition.worksheet_id))
        context = {"edition": edition, "document": document}
        return self.page(request, "worksheets/teacher/print_key.html", context)


class PrintMarkedView(WholeClassView):
    """Everybody's marked sheet, or those of a group, each on paper of its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        assignment = self.assignment_or_404()
        require_totals(self, assignment)
        seen = overview(assignment)
        of_group = group_context(request.GET.get("group", ""), seen.groups)
        works = [row.work for row in seen.in_group(of_group["chosen_group"]).present]
        submitted = [work for work in works if work is not None and work.tally is not None]
        page = Paginator(submitted, PAGE).get_page(request.GET.get("page"))
        context = {
            "edition": assignment.edition,
            "page": page,
            "sheets": _marked(self, assignment, page.object_list),
            "kept": of_group["group_suffix"].removeprefix("?"),
            **of_group,
        }
        return self.page(request, "worksheets/teacher/print_marked.html", context)


class PrintAttemptView(TeacherView):
    """One pupil's marked sheet."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        attempt = self.attempt(number)
        if not attempt.is_submitted:
            return self.go("attempt", number=attempt.pk)
        require_totals(self, attempt.assignment)
        works = attempts_of(attempt.assignment, attempt.user)
        chosen = [work for work in works if work.attempt == attempt]
        context = {
            "edition": attempt.edition,
            "attempt": attempt,
            "sheets": _marked(self, attempt.assignment, chosen),
        }
        return self.page(request, "worksheets/teacher/print_marked.html", context)


def _marked(
    view: WorksheetView, assignment: Assignment, works: Iterable[AttemptSummary]
) -> list[MarkedSheet]:
    """Return the sheets of submitted attempts. It takes three statements, and one a worksheet."""
    chosen = [(work, work.attempt, work.tally) for work in works if work.tally is not None]
    pks = [attempt.pk for _work, attempt, _tally in chosen]
    people = {work.user_id for work, _attempt, _tally in chosen}
    rows = assignment.entered_marks.filter(user__in=people, counts=True)
    entered = {row.user_id: row for row in rows}
    answers: defaultdict[int, dict[str, ItemAnswer]] = defaultdict(dict)
    for row in Answer.objects.filter(attempt__in=pks):
        answers[row.attempt_id][row.item] = ItemAnswer.stored(row.value, row.text)
    marks: defaultdict[int, dict[str, Mark]] = defaultdict(dict)
    for mark in Mark.objects.filter(attempt__in=pks):
        marks[mark.attempt_id][mark.item] = mark
    pictures = {
        pk: view.pictures(pk) for pk in {attempt.edition.worksheet_id for _w, attempt, _t in chosen}
    }
    return [
        MarkedSheet(
            work.names,
            attempt,
            tally,
            marked_sheet(
                attempt.edition.sheet,
                answers[attempt.pk],
                marks[attempt.pk],
                assignment.feedback,
                pictures[attempt.edition.worksheet_id],
            ),
            entered.get(work.user_id),
        )
        for work, attempt, tally in chosen
    ]
