"""The page for a launch that cannot be checked yet: it sends the same launch again in a moment.

The nonce of a launch is used up once it was accepted, so the same form is as good the second time,
until its state expires.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.login.callback import KEY_FIELD, LaunchCallback
from lti_tool.views.framing import may_be_framed_anywhere

SECONDS = 2


def send_again(request: HttpRequest, callback: LaunchCallback) -> HttpResponse:
    """Return a page that keeps the launch in a form, and posts it by itself where scripts run."""
    launch = {"state": callback.sealed_state, "id_token": callback.id_token}
    if callback.stored_key is not None:
        launch[KEY_FIELD] = callback.stored_key
    context = {"launch": launch, "seconds": SECONDS}
    response = render(request, "lti_tool/send_again.html", context, status=503)
    response.headers["Retry-After"] = str(SECONDS)
    return may_be_framed_anywhere(response)
