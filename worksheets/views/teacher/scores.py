"""Views for scores on their way: try again, or settle one that was changed in the LMS."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from lti_tool.protocol.values import whole_number
from worksheets import gradebook
from worksheets.gradebook import GradeChoice
from worksheets.gradebook.shared_work import people_of
from worksheets.models import Attempt
from worksheets.permissions import may_release, may_see_class
from worksheets.reports.class_overview import overview
from worksheets.views.base import MAX_DIGITS, TeacherView, WholeClassView
from worksheets.views.teacher.grade_choices import parse_seen
from worksheets.wording.rights import NO_RELEASE


class SendAllAgainView(WholeClassView):
    """The view that tries all scores of this class again that the LMS did not take."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try again, and say for how many scores: of the group that the list has shown."""
        group = request.GET.get("group", "")
        seen = overview(self.assignment_or_404()).in_group(group)
        unsent = {row.user for row in seen.unsent}
        sent = gradebook.send_again(self.visit.link, unsent)
        return self.go("class", "sent-many-again", n=sent)


class DecideAllView(WholeClassView):
    """The view that replaces or keeps the LMS's marks which the class's page showed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Decide on what has not changed since, and say for how many."""
        self.require(may_release(self.visit), NO_RELEASE)
        posted, seen = request.POST.get("choice", ""), parse_seen(request.POST.get("seen", ""))
        if posted not in GradeChoice.values or not seen:
            return HttpResponseBadRequest()
        choice, link = GradeChoice(posted), self.assignment_or_404().link
        count = gradebook.decide(link, choice, seen, for_later=True, by=self.actor)
        if not count:
            return self.go("class", "none-decided")
        notice = f"lms-marks-{choice}"
        return self.go("class", notice if count == len(seen) else f"{notice}-some", n=count)


class DecideAnewView(WholeClassView):
    """The view that takes back what was decided for all marks from before the tool was here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        self.require(may_release(self.visit), NO_RELEASE)
        gradebook.decide_anew(self.assignment_or_404().link, by=self.actor)
        return self.go("class", "lms-marks-anew")


class _ScoreView(TeacherView):
    """The base of views for one pupil's score, for the class's page and the pupil's own."""

    http_method_names = ["post"]
    done: str  # the notice if there was anything to do

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Act, and go back to where the button was."""
        attempt = self.attempt(number)
        notice = self.done if self.act(attempt) else "not-changed"
        if "class" in request.POST and may_see_class(self.visit):
            return self.go("class", notice)
        return self.go("attempt", notice, number=attempt.pk)

    def act(self, attempt: Attempt) -> int:
        """Do what the view is for; return 0 if there was nothing to do."""
        raise NotImplementedError


class SendAgainView(_ScoreView):
    """The view that tries a score again that the LMS did not take."""

    done = "sent-again"

    def act(self, attempt: Attempt) -> int:
        return gradebook.send_again(self.visit.link, people_of([attempt]))


class _DecideView(_ScoreView):
    """The base of views that decide about the mark which the page showed."""

    choice: GradeChoice

    def act(self, attempt: Attempt) -> int:
        self.require(may_release(self.visit), NO_RELEASE)
        # The cell of a partner, in the list of the class: the pupil's own where none is named.
        posted = whole_number(self.request.POST.get("pupil", ""), MAX_DIGITS)
        people = {user.pk for user in people_of([attempt])}
        pupil = posted if posted in people else attempt.user_id
        seen = {pupil: self.request.POST.get("seen", "")}
        return gradebook.decide(self.visit.link, self.choice, seen, by=self.actor)


class AcceptLmsGradeView(_DecideView):
    """The view that keeps the LMS's mark, where somebody changed it in the gradebook.

    It stays until the teacher says otherwise, or gives another mark here.
    """

    choice = GradeChoice.KEEP
    done = "theirs-kept"


class OverwriteView(_DecideView):
    """The view that sends our mark over one that somebody changed in the LMS's gradebook."""

    choice = GradeChoice.REPLACE
    done = "ours-sent"
