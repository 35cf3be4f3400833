"""The page that asks before work is opened again for a pupil: all of it, or one answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from worksheets import attempts, gradebook
from worksheets.attempts import NotLatestAttempt, NotReady, StaleEdition
from worksheets.gradebook.shared_work import names_of
from worksheets.markup import Question
from worksheets.models import Attempt, Mark
from worksheets.permissions import may_give_dates, may_reopen
from worksheets.policy.late_work import is_past_due
from worksheets.reports.selection import question_number
from worksheets.views.base import TeacherView
from worksheets.views.teacher.selection_forms import HandBackForm
from worksheets.wording.rights import NO_REOPENING

TO_MARKING = "marking"  # what leads back to the page that marks one question


class ReopenView(TeacherView):
    """The page that asks before it reopens an attempt, or with ``item`` one answer of it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        attempt = self._attempt(number)
        question = self._question(attempt, request.GET.get("item", ""))
        if question is not None:
            return self._page(request, attempt, question, HandBackForm())
        given = attempt.marks.filter(source=Mark.Source.TEACHER).count()
        context = {"attempt": attempt, "given": given, "edition": attempt.edition}
        context |= self._said_of(attempt)
        return self.page(request, "worksheets/teacher/reopen.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        attempt = self._attempt(number)
        question = self._question(attempt, request.POST.get("item", ""))
        form = HandBackForm(request.POST)
        if question is not None and not form.is_valid():
            return self._page(request, attempt, question, form, status=422)
        try:
            if question is None:
                attempts.reopen(attempt, by=self.actor)
            else:
                comment = form.cleaned_data["comment"]
                attempts.reopen_question(attempt, question, comment, by=self.actor)
        except NotLatestAttempt:
            return self.go("attempt", "not-the-last", number=attempt.pk)
        except (NotReady, StaleEdition):
            return self.go("attempt", "not-handed-back", number=attempt.pk)
        if question is None:
            return self.go("home", "reopened")
        if request.POST.get("from") == TO_MARKING:
            return self.go("mark-question", "handed-back", item=question.key)
        return self.go("attempt", "handed-back", number=attempt.pk)

    def _attempt(self, number: int) -> Attempt:
        attempt = self.attempt(number)
        self.require(may_reopen(self.visit, attempt), NO_REOPENING)
        return attempt

    def _said_of(self, attempt: Attempt) -> dict[str, bool | str]:
        """Return what the pages say of whose work it is, and about the pupil's dates."""
        return {
            "names": names_of([attempt])[attempt.pk],
            "is_closed": self.schedule(attempt.assignment).is_closed,
            "total_stays": gradebook.total_stays([attempt]),
            "is_past_due": may_give_dates(self.visit) and is_past_due(attempt),
        }

    def _question(self, attempt: Attempt, item: str) -> Question[Any] | None:
        """Return the question that is named, None for none. Raise Http404 for an unknown one."""
        if not item:
            return None
        found = (q for q in attempt.edition.sheet.questions if q.key == item and not q.automatic)
        question = next(found, None)
        if question is None:
            raise Http404
        return question

    def _page(
        self,
        request: HttpRequest,
        attempt: Attempt,
        question: Question[Any],
        form: HandBackForm,
        status: int = 200,
    ) -> HttpResponse:
        fields = request.POST if request.method == "POST" else request.GET
        context = {
            "attempt": attempt,
            "edition": attempt.edition,
            "question": question,
            "number": question_number(attempt.edition.sheet, question),
            "mark": attempt.marks.filter(item=question.key, source=Mark.Source.TEACHER).first(),
            "is_from_marking": fields.get("from") == TO_MARKING,
            **self._said_of(attempt),
            "form": form,
        }
        return self.page(request, "worksheets/teacher/hand_back.html", context, status)
