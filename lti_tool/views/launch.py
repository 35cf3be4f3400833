"""The one redirect URI, where every launch arrives."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lti_tool import arrivals
from lti_tool.adapter.message import verify_launch
from lti_tool.browser import browser_key
from lti_tool.models import StoredLaunch
from lti_tool.refusal import LaunchRefused, Reason
from lti_tool.views.parameters import read_parameters
from lti_tool.views.refusals import refusable


@method_decorator([csrf_exempt, never_cache, refusable], name="dispatch")
class LaunchView(View):
    """Checks a launch and writes it down; a subclass says where it leads.

    Posted by the LMS, so no CSRF token: the signed state, bound to this browser, has
    that part.
    """

    http_method_names = ["get", "head", "post", "options"]

    def launched(self, launch: StoredLaunch) -> HttpResponse:
        """Where an accepted launch leads. To be given by the subclass."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        """An LMS's answer to a login."""
        key = browser_key(request)
        verified = verify_launch(read_parameters(request), key)
        return self.launched(arrivals.record(verified, key))

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Reloaded, or typed by hand: there is nothing to open here."""
        raise LaunchRefused(Reason.STATE_INVALID, "GET at the launch address")
