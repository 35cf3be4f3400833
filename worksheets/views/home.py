"""The page at the activity's own address, to which each launch leads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from lti_tool.launches.visit import make_token
from lti_tool.models import StoredLaunch
from lti_tool.views.launch import LaunchView
from worksheets import attempts
from worksheets.permissions import may_build, may_see_class, may_teach
from worksheets.views.authoring.deep_linking import SelectionView
from worksheets.views.authoring.library import LibraryView
from worksheets.views.base import WorksheetView
from worksheets.views.pupil.result import PupilHomeView
from worksheets.views.teacher.class_page import ClassView
from worksheets.views.teacher.review import ReviewView


class HomeView(WorksheetView):
    """The activity's own address: it shows the page that this visit came for."""

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = self._page_class()()
        page.setup(request, *args, **kwargs)
        page.visit = self.visit
        return page.respond(request, *args, **kwargs)

    def _page_class(self) -> type[WorksheetView]:
        if self.visit.deep_linking is not None:
            return SelectionView
        if not may_build(self.visit):
            return PupilHomeView
        if not may_teach(self.visit):
            return LibraryView
        if not may_see_class(self.visit):
            return ReviewView
        return LibraryView if self.find_or_inherit_assignment() is None else ClassView


class WorksheetLaunchView(LaunchView):
    """The view of accepted launches, named in the settings as LTI_LAUNCH_VIEW."""

    def launched(self, launch: StoredLaunch) -> HttpResponse:
        """Redirect to the activity's own address; what is submitted hears of new dates."""
        attempts.learn_dates(launch)
        return HttpResponseRedirect(reverse("home", kwargs={"token": make_token(launch)}))
