"""The address at which a page of a visit by Platform Storage asks for the next page load."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse

from lti_tool.launches.storage_visit import HEADER, new_pass
from lti_tool.views.activity import ActivityView


class NextPageView(ActivityView):
    """The address that gives a pass to whoever sends the secret of the page."""

    http_method_names = ["post"]

    def check_access(self) -> None:
        if not self.visit.is_by_storage:
            raise Http404
        # A pass is worth one page load, and not the next pass.
        self.require(HEADER in self.request.headers)

    def post(self, request: HttpRequest) -> JsonResponse:  # noqa: ARG002
        return JsonResponse({"pass": new_pass(self.visit.launch)})
