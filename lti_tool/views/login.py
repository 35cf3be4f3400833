"""The address at which an LMS begins a launch (IMS Security Framework 1.0, section 5.1.1.1)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lti_tool.adapter.login import begin_login
from lti_tool.login.browser_key import (
    browser_keys,
    give_browser_key,
    hides_its_frame,
    is_framed,
    is_old_browser,
    new_browser_key,
)
from lti_tool.login.platform_storage import TARGET
from lti_tool.views.parameters import read_parameters
from lti_tool.views.refusals import refusable
from lti_tool.views.requests import answers_head
from lti_tool.views.same_origin import posted_by_platforms
from lti_tool.views.without_cookies import keep_key, login_address, new_tab

# Marks a request that we redirected to ourselves; it is not sent on to the platform.
COOKIE_CHECK = "cookie_check"
# A state with a longer address in it may make that of the platform too long.
MAX_KEPT = 1500


@posted_by_platforms
@csrf_exempt  # posted by the LMS, by design; the state binds what follows to this browser
@never_cache
@answers_head
@require_http_methods(["GET", "POST"])
@refusable
def login(request: HttpRequest) -> HttpResponse:
    """Send the browser to the platform's authorisation address.

    That address may be opened once only, so a frame whose cookies are blocked must be noticed
    before: there the LMS's Platform Storage keeps the key, or a button does the same in a new
    tab. A browser that is too old to speak of frames gets the button: the pages after a launch
    with Platform Storage are for browsers that do.
    """
    parameters = read_parameters(request)
    parameters.pop(COOKIE_CHECK, None)
    known = browser_keys(request)
    key = known[0] if known else new_browser_key()
    again = "" if known or not hides_its_frame(request) else login_address(parameters, MAX_KEPT)
    begun = begin_login(parameters, key, settings.PUBLIC_URL + reverse("lti-launch"), again)
    if known:
        return HttpResponseRedirect(begun.address)
    if not (is_framed(request) or is_old_browser(request)):
        response: HttpResponse | None = HttpResponseRedirect(begun.address)
    elif COOKIE_CHECK not in request.GET:
        response = _redirect_to_ourselves(request, parameters)
    else:
        response = None  # the cookie did not come back
    if response is not None:
        give_browser_key(response, key)
        return response
    if parameters.get(TARGET) and is_framed(request):
        return keep_key(request, parameters, key, begun)
    return new_tab(request, parameters)


def _redirect_to_ourselves(request: HttpRequest, parameters: dict[str, str]) -> HttpResponse | None:
    """Return a redirect to the same request, which shows whether the cookie comes back.

    None for a GET whose address would become too long. A POST whose parameters are too long for
    an address is posted again (307) instead.
    """
    if address := login_address({**parameters, COOKIE_CHECK: "1"}):
        return HttpResponseRedirect(address)
    if request.method == "POST":
        address = f"{reverse('lti-login')}?{COOKIE_CHECK}=1"
        return HttpResponseRedirect(address, preserve_request=True)
    return None
