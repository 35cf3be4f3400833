"""The page on which a teacher changes how a question is marked, and sees whose marks change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lti_tool.protocol.values import whole_number
from worksheets.attempts import rubrics
from worksheets.attempts.rubrics import Outdated, Remark, RubricPlan, UndoUnconfirmed
from worksheets.gradebook.shared_work import names_of
from worksheets.marking.pseudonyms import Pseudonyms
from worksheets.marking.rubric import digest
from worksheets.markup import Question
from worksheets.models import Assignment
from worksheets.permissions import may_change_answers_at
from worksheets.reports.pseudonyms import pseudonyms_of
from worksheets.views.base import MAX_DIGITS
from worksheets.views.teacher.desk import DeskView, question_or_404
from worksheets.views.teacher.hidden_names import revealed_numbers
from worksheets.views.teacher.rubric_forms import RubricForms
from worksheets.wording.notices import PARAMETER
from worksheets.wording.rights import NO_CHANGE_OF_RELEASED

MAX_TOO = 2000  # marks that a request can name


@dataclass(frozen=True, slots=True)
class PlannedRemark:
    """A mark that changes, with the pupil's name where it may be shown.

    ``number`` stands for the attempt, as on the page of the answers.
    """

    remark: Remark
    number: int
    name: str

    @property
    def rises(self) -> bool:
        return self.remark.points > self.remark.mark.points

    @property
    def falls(self) -> bool:
        return self.remark.points < self.remark.mark.points


class RubricView(DeskView):
    """The lines of a rubric in a form. What changes marks is shown before it is saved."""

    def get(self, request: HttpRequest, item: str, number: int | None = None) -> HttpResponse:
        assignment = self.activity(number)
        question = question_or_404(assignment, item)
        return self._page(request, assignment, question, self._forms(assignment, question))

    def post(self, request: HttpRequest, item: str, number: int | None = None) -> HttpResponse:
        """Save the lines, or show first whose marks change; or take the last change back."""
        assignment = self.activity(number)
        question = question_or_404(assignment, item)
        if "undo" in request.POST:
            return self._undo(request, assignment, question)
        forms = self._forms(assignment, question, request.POST)
        if not forms.is_valid():
            return self._page(request, assignment, question, forms, status=422)
        lines = rubrics.rubric_of(assignment, question)
        if request.POST.get("rubric") != digest(lines):
            return self._page(request, assignment, question, forms, status=409)
        wanted = forms.read()
        planned = rubrics.plan(assignment, question, wanted)
        self._require_for_released(assignment, planned.remarks)
        seen = request.POST.get("seen", "")
        if planned.remarks and not seen:
            return self._preview(request, assignment, question, planned)
        numbers = (whole_number(one, MAX_DIGITS) for one in request.POST.getlist("too")[:MAX_TOO])
        pseudonyms = pseudonyms_of(assignment, question)
        too = revealed_numbers(filter(None, numbers), pseudonyms)
        try:
            rubrics.apply(
                assignment,
                question,
                wanted,
                self.visit.user,
                seen=seen,
                too=set(too),
            )
        except Outdated:
            planned = rubrics.plan(assignment, question, wanted)
            return self._preview(request, assignment, question, planned, status=409)
        notice = "rubric-applied" if planned.remarks else "rubric-saved"
        return self._back(request, assignment, question, notice)

    def _undo(
        self, request: HttpRequest, assignment: Assignment, question: Question[Any]
    ) -> HttpResponse:
        """Take the last change back; where pupils see that at once, show first for whom."""
        number = whole_number(request.POST["undo"], MAX_DIGITS) or 0
        change = rubrics.last_change(assignment, question)
        if change is None or change.pk != number:
            return self._back(request, assignment, question, "rubric-not-undone")
        planned = rubrics.undo_plan(change)
        self._require_for_released(assignment, planned.remarks)
        seen = request.POST.get("seen", "")
        try:
            rubrics.undo(assignment, question, number, self.visit.user, seen=seen)
        except UndoUnconfirmed:
            return self._preview(
                request, assignment, question, planned, status=409 if seen else 200, undo=number
            )
        except Outdated:
            return self._back(request, assignment, question, "rubric-not-undone")
        return self._back(request, assignment, question, "rubric-undone")

    def _require_for_released(self, assignment: Assignment, remarks: Iterable[Remark]) -> None:
        """Refuse what changes marks that pupils see already, to whom a teacher has not let it."""
        if any(one.is_shown for one in remarks):
            self.require(may_change_answers_at(self.visit, assignment), NO_CHANGE_OF_RELEASED)

    def _back(
        self, request: HttpRequest, assignment: Assignment, question: Question[Any], notice: str
    ) -> HttpResponse:
        names = "mark-question" if "to_answers" in request.POST else "rubric"
        address = self.desk_url(names, assignment, item=question.key)
        return HttpResponseRedirect(f"{address}?{PARAMETER}={notice}")

    def _forms(
        self, assignment: Assignment, question: Question[Any], data: Any = None
    ) -> RubricForms:
        return RubricForms(
            rubrics.rubric_of(assignment, question),
            question.marks or Decimal(0),
            rubrics.new_number(assignment, question),
            data,
        )

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        question: Question[Any],
        forms: RubricForms,
        status: int = 200,
    ) -> HttpResponse:
        change = rubrics.last_change(assignment, question)
        taken_back = rubrics.undo_plan(change).remarks if change else []
        context = self._context(assignment, question) | {
            "forms": forms.forms,
            "has_errors": status == 422,
            "is_changed": status == 409,
            "change": change,
            # Pupils who see at once what becomes of their mark if that is undone.
            "released": sum(one.is_shown and one.points != one.mark.points for one in taken_back),
            "rubric": digest(rubrics.rubric_of(assignment, question)),
        }
        return self.page(request, "worksheets/teacher/rubric.html", context, status)

    def _preview(
        self,
        request: HttpRequest,
        assignment: Assignment,
        question: Question[Any],
        planned: RubricPlan,
        status: int = 200,
        undo: int = 0,
    ) -> HttpResponse:
        """Ask before marks change: by new lines, or by the change ``undo`` that is taken back."""
        with_names = "names" in request.GET
        posted = [
            (name, value)
            for name in request.POST
            if name.startswith("line-") or name in {"rubric", "to_answers", "undo"}
            for value in request.POST.getlist(name)
        ]
        pseudonyms = pseudonyms_of(assignment, question)
        following = _named(planned.following, pseudonyms, with_names=with_names)
        context = self._context(assignment, question) | {
            "posted": posted,
            "seen": planned.digest,
            "following": following,
            "asked_about": _named(planned.asked_about, pseudonyms, with_names=with_names),
            "rising": sum(one.rises for one in following),
            "falling": sum(one.falls for one in following),
            "released": sum(one.is_shown for one in planned.remarks),
            "hidden": sum(not one.name for one in following),
            "is_second": status != 200,
            "is_undo": bool(undo),
        }
        return self.page(request, "worksheets/teacher/rubric_changes.html", context, status)

    def _context(self, assignment: Assignment, question: Question[Any]) -> dict[str, Any]:
        keys = [one.key for one in assignment.edition.sheet.to_mark]
        return {
            "edition": assignment.edition,
            "question": question,
            "position": 1 + keys.index(question.key),
            "answers_url": self.desk_url("mark-question", assignment, item=question.key),
            "rubric_url": self.desk_url("rubric", assignment, item=question.key),
        }


def _named(
    remarks: Sequence[Remark], pseudonyms: Pseudonyms, *, with_names: bool
) -> list[PlannedRemark]:
    """Return the marks, with the names of pupils who see their marks already, or of all.

    In an order that tells nothing about the others.
    """
    names = names_of([one.attempt for one in remarks if with_names or one.is_shown])
    found = [
        PlannedRemark(
            one,
            pseudonyms.hide(one.attempt.pk),
            names.get(one.attempt.pk, ""),
        )
        for one in remarks
    ]
    return sorted(found, key=lambda one: one.number)
