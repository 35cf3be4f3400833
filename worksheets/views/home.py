"""The page at the activity's own address, to which each launch leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lti_tool.launches.visit import make_token
from lti_tool.models import StoredLaunch
from lti_tool.views.launch import LaunchView
from worksheets.permissions import may_choose, may_see_class, may_teach
from worksheets.reports.class_overview import attempts_of
from worksheets.views.authoring.library import library_page
from worksheets.views.authoring.selecting import save_selection, selection_page
from worksheets.views.pupil.filling import PupilView
from worksheets.views.pupil.result import pupil_home
from worksheets.views.teacher.class_page import class_page


class HomeView(PupilView):
    """The worksheet for a pupil; for a teacher the class, or worksheets to choose from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.visit.deep_linking is not None:
            return selection_page(self, request)
        if not may_teach(self.visit):
            return pupil_home(self, request)
        if not may_see_class(self.visit):
            return self._review(request)
        if self.find_assignment() is None:
            return library_page(self, request)
        return class_page(self, request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Search and turn pages while choosing. What is ticked is saved at each tick."""
        if self.visit.deep_linking is None or not may_choose(self.visit):
            return self.http_method_not_allowed(request)
        save_selection(self, request.POST)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204)
        return selection_page(self, request)

    def _review(self, request: HttpRequest) -> HttpResponse:
        """Redirect from the LMS's gradebook straight to one pupil's answers."""
        pupil, assignment = self.visit.launch.reviewed, self.find_assignment()
        works = attempts_of(assignment, pupil) if assignment and pupil else []
        if works:
            shown = next((work for work in works if work.counts), works[0])
            return self.go("attempt", number=shown.attempt.pk)
        context = {"pupil": pupil}
        return self.page(request, "worksheets/teacher/nothing_to_review.html", context)


class WorksheetLaunchView(LaunchView):
    """The view of accepted launches, named in the settings as LTI_LAUNCH_VIEW."""

    def launched(self, launch: StoredLaunch) -> HttpResponseRedirect:
        """Redirect to the activity's own address."""
        return HttpResponseRedirect(reverse("home", kwargs={"token": make_token(launch)}))
