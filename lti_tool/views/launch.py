"""The redirect URI, at which every launch arrives."""

from __future__ import annotations

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lti_tool.adapter.message import verify_launch
from lti_tool.db.troubles import trouble_of
from lti_tool.launches import ending, recording
from lti_tool.login.browser_key import (
    LAUNCHED_AGE,
    browser_keys,
    give_browser_key,
    is_posted_by_us,
)
from lti_tool.login.callback import LaunchCallback
from lti_tool.models import LaunchWay, StoredLaunch
from lti_tool.protocol.refusal import LaunchRefused, LaunchWaits, Reason
from lti_tool.views.parameters import read_parameters
from lti_tool.views.refusals import launch_refused, refusable
from lti_tool.views.requests import answers_head
from lti_tool.views.same_origin import posted_by_platforms
from lti_tool.views.send_again import send_again
from lti_tool.views.unavailable import log_trouble
from lti_tool.views.without_cookies import ask_for_key, keep_secret


@method_decorator(
    [posted_by_platforms, csrf_exempt, never_cache, answers_head, refusable], name="dispatch"
)
class LaunchView(View):
    """A view that verifies and records a launch; a subclass says where it leads.

    The LMS posts to it, so there is no CSRF token: the signed state, bound to this browser,
    does the same.
    """

    http_method_names = ["get", "head", "post", "options"]

    def launched(self, launch: StoredLaunch) -> HttpResponse:
        """Return the response to an accepted launch. Subclasses must override it."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept the LMS's response to a login.

        Without cookies it comes a second time, with the key from Platform Storage.
        """
        callback = LaunchCallback.parse(read_parameters(request))
        try:
            return self._answer(request, callback)
        except LaunchWaits:
            return send_again(request, callback)
        except DatabaseError as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            response = send_again(request, callback, waits_for_keys=False)
            return log_trouble(request, response, trouble, error)

    def _answer(self, request: HttpRequest, callback: LaunchCallback) -> HttpResponse:
        keys = browser_keys(request)
        if not keys and callback.waits_for_key:
            return ask_for_key(request, callback)
        if keys:
            way, key = LaunchWay.COOKIE, callback.key_among(keys)
        else:
            # The key from the storage is taken from a form of ours alone. The person who begins a
            # login knows its key, so a foreign page could otherwise bring its own launch, and its
            # own key, into somebody's browser.
            way = LaunchWay.STORAGE
            key = (callback.stored_key or "") if is_posted_by_us(request) else ""
        try:
            launch = recording.record_launch(verify_launch(callback, key), key, way)
        except LaunchRefused as error:
            if error.reason is Reason.COOKIE_MISSING:
                return launch_refused(request, error, new_tab=callback.login_again)
            return launch_refused(request, error, self._address_of_earlier_launch(callback, key))
        ending.close_those_of_others(launch, keys)
        response = self.launched(launch)
        if keys:
            give_browser_key(response, key, LAUNCHED_AGE)
        else:
            frame, address = callback.storage_target, response.headers["Location"]
            response = keep_secret(request, launch, frame, address)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Raise LaunchRefused (STATE_INVALID), as for a reload or an address that was typed."""
        raise LaunchRefused(Reason.STATE_INVALID, "GET at the launch address")

    def _address_of_earlier_launch(self, callback: LaunchCallback, key: str) -> str:
        """Return the address that this login has led to in this same browser, or ''.

        It is for a form that was posted twice: back, reload, a double click. A token opens a
        page once, so the page is not opened again by itself, but the person may go on there. A
        browser without the key of this login gets ''.
        """
        try:
            state = callback.login_of(key)
        except LaunchRefused:
            return ""
        rows = StoredLaunch.objects.filter(registration=state.registration, nonce=state.nonce)
        launch = rows.filter(browser=state.browser).first()
        return self.launched(launch).headers.get("Location", "") if launch else ""
