"""The address at which an LMS begins a launch (IMS Security Framework 1.0, section 5.1.1.1)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lti_tool.adapter.login import begin_login
from lti_tool.browser import browser_key, give_browser_key, new_browser_key
from lti_tool.views.framing import may_be_framed_anywhere
from lti_tool.views.parameters import read_parameters
from lti_tool.views.refusals import refusable

# The request is our own, after we set the cookie; it is not sent on to the platform.
COOKIE_CHECK = "cookie_check"
_FRAMES = frozenset({"iframe", "frame", "embed", "object"})


@csrf_exempt  # posted by the LMS, by design; the state binds what follows to this browser
@never_cache
@require_http_methods(["GET", "POST"])
@refusable
def login(request: HttpRequest) -> HttpResponse:
    """Send the browser to the platform's authorisation address.

    That address may be opened once only, so a frame whose cookies are blocked must be
    noticed before: it gets a button that does the same in a new tab.
    """
    parameters = read_parameters(request)
    checked = parameters.pop(COOKIE_CHECK, "")
    key = browser_key(request)
    sent = key or new_browser_key()
    address = begin_login(parameters, sent, settings.PUBLIC_URL + reverse("lti-launch"))
    if not key and request.headers.get("Sec-Fetch-Dest") in _FRAMES:
        if checked:
            return _new_tab(request, parameters)
        address = _own_address({**parameters, COOKIE_CHECK: "1"})
    response = HttpResponseRedirect(address)
    if not key:
        give_browser_key(response, sent)
    return response


def _own_address(parameters: dict[str, str]) -> str:
    return f"{reverse('lti-login')}?{urlencode(parameters)}"


def _new_tab(request: HttpRequest, parameters: dict[str, str]) -> HttpResponse:
    context = {"address": _own_address(parameters)}
    return may_be_framed_anywhere(render(request, "lti_tool/new_tab.html", context))
