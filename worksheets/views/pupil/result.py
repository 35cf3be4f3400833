"""Pages after submitting: the marks, where they are, earlier attempts, another try."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts, gradebook
from worksheets.attempts import AttemptError, Closed
from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import Tally
from worksheets.models import Assignment, Attempt, Feedback, Partner
from worksheets.policy.late_work import late_work
from worksheets.rendering import render_sheet
from worksheets.rendering.results import Results, shown_to_pupil
from worksheets.reports.class_overview import AttemptSummary, attempts_of
from worksheets.views.base import MAX_DIGITS, marks_by_item, saved_answers, shown_alone
from worksheets.views.pupil.filling import PupilView
from worksheets.views.pupil.together import partnership, shared_work_page

MAX_WAIT_SECONDS = 30  # seconds between two looks at a receipt, of a page that stays open


class ResultPage(PupilView):
    """The base of pages that show an attempt with its marks."""

    def result_page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        attempt: Attempt,
        *,
        shared: Partner | None = None,
    ) -> HttpResponse:
        """Show what was handed in, with the marks that the pupil may see.

        ``shared`` is work of somebody else in which this person is named.
        """
        sheet = attempt.edition.sheet
        marks = marks_by_item(attempt)
        if attempt.marks_seen_at is None and (attempt.is_released or shown_alone(marks)):
            attempt = attempts.note_marks_seen(attempt)
            marks = marks_by_item(attempt)
        alone = shown_alone(marks)
        tally = scoring.tally(sheet, marks.values())
        works = attempts_of(assignment, self.visit.user)
        shown = next((one for one in works if one.attempt == attempt), None)
        if shown is None:  # a teacher has taken this person out of it at this moment
            return self.go("home")
        last = works[-1].attempt
        goes_on = self._goes_on(assignment, works)
        hides_answers = goes_on and assignment.feedback == Feedback.ANSWERS
        feedback = Feedback.CORRECTNESS if hides_answers else assignment.feedback
        # Comments on answers without marks wait for no release where there is nothing else.
        shows_marks = attempt.is_released or not sheet.to_mark
        results = Results(
            sheet,
            saved_answers(attempt),
            marks,
            shown_to_pupil(feedback, is_released=shows_marks, alone=alone),
            self.pictures(attempt.edition.worksheet_id),
        )
        context = {
            "assignment": assignment,
            "attempt": attempt,
            "edition": attempt.edition,
            "tally": tally,
            "late": late_work(assignment, attempt, self.visit.user.pk),
            "earned": earned_so_far(attempt, tally),
            "document": render_sheet(sheet, results.widgets),
            "shown_alone": tally.shown,
            "entered": self.entered(assignment),
            "shows_comment": shows_marks and attempt.has_overall_comment,
            "works": works,
            "number": shown.number,
            "partners": [user.display_name for user in shown.partners],
            "shared": shared,
            "may_try_again": goes_on
            and last.is_submitted
            and not self.schedule(assignment).is_not_open_yet,
            "hides_answers": hides_answers,
            "schedule": self.schedule(assignment),
            "may_take_back": attempt == last
            and attempt.user_id == self.visit.user.pk
            and attempts.may_take_back(attempt, marks.values(), self.schedule(assignment)),
            **score_status_context(assignment, self.visit.user),
        }
        return self.page(request, "worksheets/pupil/result.html", context)

    def _goes_on(self, assignment: Assignment, works: Sequence[AttemptSummary]) -> bool:
        """Return whether the pupil is writing another attempt, or may begin one, now or later."""
        if self.schedule(assignment).is_closed:
            return False
        return not works[-1].attempt.is_submitted or assignment.allows_another(works[-1].number)


class PupilHomeView(ResultPage):
    """The page that a pupil finds at the link: nothing yet, the sheet, its result, or its dates."""

    def get(self, request: HttpRequest) -> HttpResponse:
        assignment = self.find_or_inherit_assignment()
        if assignment is None:
            return self.page(request, "worksheets/pupil/not_ready.html", {})
        schedule = self.schedule(assignment)
        attempt = self.latest_attempt(assignment)
        # Once allowed there may be shared work, also where it is not allowed any more.
        shared = None
        if attempt is None or assignment.may_work_together:
            shared = partnership(assignment, self.visit.user)
        if attempt is None and shared is not None:
            if shared.confirmed_at is None or not shared.attempt.is_submitted:
                return shared_work_page(self, request, shared)
            return self.result_page(request, assignment, shared.attempt)
        if attempt is not None and attempt.is_submitted:
            return self.result_page(request, assignment, attempt, shared=shared)
        if not schedule.is_open:
            context = {
                "edition": attempt.edition if attempt else assignment.edition,
                "attempt": attempt,
                "entered": self.entered(assignment),
                "schedule": schedule,
                "assignment": assignment,
                "works": attempts_of(assignment, self.visit.user) if attempt else [],
            }
            return self.page(request, "worksheets/pupil/closed.html", context)
        return self.filling_page(request, assignment, attempt, shared=shared)


class OwnAttemptView(ResultPage):
    """The page of an earlier attempt of one's own."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show it as it was handed in. Raise Http404 for a number that one has not handed in."""
        assignment, user = self.assignment_or_404(), self.visit.user
        own = Q(user=user, number=number)
        as_partner = Partner.objects.filter(
            attempt=OuterRef("pk"), user=user, number=number, confirmed_at__isnull=False
        )
        rows = assignment.attempts.filter(own | Exists(as_partner), submitted_at__isnull=False)
        found = rows.select_related("edition", "user").first()
        if found is None:
            raise Http404
        found.assignment = assignment
        return self.result_page(request, assignment, found)


class ScoreStatusView(PupilView):
    """A fragment that says where the mark is; the result page asks for it until it is settled."""

    def get(self, request: HttpRequest) -> HttpResponse:
        looks = whole_number(request.GET.get("look", ""), MAX_DIGITS) or 0
        context = score_status_context(self.assignment_or_404(), self.visit.user, looks)
        return self.page(request, "worksheets/pupil/score_status.html", context)


class TryAgainView(PupilView):
    """The view that begins another attempt, where the teacher allows one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Redirect to the empty sheet; a second press leads to the same one."""
        assignment = self.assignment_or_404()
        try:
            attempts.begin_again(assignment, self.visit.user, schedule=self.schedule(assignment))
        except Closed:
            return self.go("home", "closed")
        except AttemptError:
            return self.go("home", "no-more-attempts")
        return HttpResponseRedirect(self.url("home"))


class TakeBackView(PupilView):
    """The view with which a pupil goes on with work that they have submitted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        """Redirect to the sheet; a second press leads to the same one."""
        assignment = self.assignment_or_404()
        try:
            attempts.take_back(
                assignment, self.visit.user, number, schedule=self.schedule(assignment)
            )
        except AttemptError:
            return self.go("home", "not-taken-back")
        return HttpResponseRedirect(self.url("home"))


def earned_so_far(attempt: Attempt, tally: Tally) -> Decimal | None:
    """Return the points that the page shows of an attempt, None if it shows none yet."""
    if attempt.is_released and tally.maximum:
        return tally.total
    if tally.automatic_maximum or tally.shown:
        return tally.automatic + tally.shown_points
    return None


def score_status_context(assignment: Assignment, user: User, looks: int = 0) -> dict[str, object]:
    """Return what the receipt's template shows; each look makes the wait for the next longer."""
    status = gradebook.leading_status(gradebook.statuses_of(assignment, user))
    return {
        "score_status": status,
        "is_settled": status is None or status.is_settled,
        "next_look": looks + 1,
        "next_look_in": min(2 ** min(looks, 6), MAX_WAIT_SECONDS),
    }
