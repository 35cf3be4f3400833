"""The page on which a person leaves, so that nobody else at this computer goes on as them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.launches import ending
from lti_tool.login.browser_key import browser_keys
from lti_tool.views.activity import ActivityView


class LeaveView(ActivityView):
    """The way out: a page that says who is here, and a button that closes all of their pages."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"visit": self.visit, "token": self.visit.token}
        return render(request, "lti_tool/leave.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close this person's pages in this browser."""
        ending.leave(self.visit.launch, browser_keys(request))
        return render(request, "lti_tool/leave.html", {"has_left": True})
