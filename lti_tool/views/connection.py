"""The page 'Check this connection', for administrators of an LMS and for this tool's operator."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from lti_tool.connection import check
from lti_tool.connection.records import remedy_of
from lti_tool.launches.log import find_refusal, normal_reference
from lti_tool.models import Registration
from lti_tool.services.bulkhead import NoPlace, place_for
from lti_tool.views.activity import ActivityView
from lti_tool.views.requests import HtmxRequest


def connection_page(
    request: HtmxRequest, registration: Registration, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """Return the page; a POST runs the check, which asks the platform and may take a while.

    Where too many calls are being waited for, the page says so instead.

    A search for a reference (GET) finds refusals of this registration alone.
    """
    shown: dict[str, object] = {**context, "registration": registration}
    if request.method == "POST":
        try:
            with place_for(str(registration.pk)):
                shown["report"] = check(registration)
        except NoPlace:
            shown["must_wait"] = True
        if request.htmx:
            part = "report" if "report" in shown else "must_wait"
            return render(request, f"lti_tool/connection/{part}.html", shown)
    elif asked := request.GET.get("reference", "").strip():
        shown["asked"] = normal_reference(asked)
        refusal = find_refusal(asked, registration)
        shown["found"] = [refusal] if refusal else []
        shown["remedy"] = remedy_of(refusal.reason, registration) if refusal else ""
    return render(request, template, shown)


class ConnectionView(ActivityView):
    """The connection check of the visitor's own platform, for administrators of that LMS alone."""

    def check_access(self) -> None:
        self.require(self.visit.roles.is_lms_administrator)

    def get(self, request: HtmxRequest) -> HttpResponse:
        context = {"visit": self.visit, "token": self.visit.token}
        return connection_page(
            request, self.visit.registration, "lti_tool/connection/page.html", context
        )

    post = get
