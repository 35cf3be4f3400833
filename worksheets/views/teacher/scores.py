"""Views for scores on their way: try again, or settle one that was changed in the LMS."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lti_tool.models import ResourceLink, User
from worksheets import gradebook
from worksheets.permissions import may_see_class
from worksheets.reports.class_overview import overview
from worksheets.views.base import TeacherView, WholeClassView


class SendAllAgainView(WholeClassView):
    """The view that tries all scores of this class again that the LMS did not take."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Try again, and say for how many scores."""
        unsent = {work.attempt.user for work in overview(self.assignment_or_404()).unsent}
        sent = gradebook.send_all_again(self.visit.link, unsent)
        return self.go("class", "sent-many-again", n=sent)


class _ScoreView(TeacherView):
    """The base of views for one pupil's score, for the class's page and the pupil's own."""

    http_method_names = ["post"]
    action: Callable[[ResourceLink, User], int]  # true if there was anything to do
    done: str  # the notice then

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Act, and go back to where the button was."""
        attempt = self.attempt(number)
        notice = self.done if self.action(self.visit.link, attempt.user) else "not-changed"
        if "class" in request.POST and may_see_class(self.visit):
            return self.go("class", notice)
        return self.go("attempt", notice, number=attempt.pk)


class SendAgainView(_ScoreView):
    """The view that tries a score again that the LMS did not take."""

    action = staticmethod(gradebook.send_again)
    done = "sent-again"


class AcceptLmsGradeView(_ScoreView):
    """The view that keeps the LMS's mark, where somebody changed it in the gradebook.

    It stays until the teacher says otherwise, or gives another mark here.
    """

    action = staticmethod(gradebook.accept_lms_grade)
    done = "theirs-kept"


class OverwriteView(_ScoreView):
    """The view that sends our mark over one that somebody changed in the LMS's gradebook."""

    action = staticmethod(gradebook.overwrite)
    done = "ours-sent"
