"""The page for a launch that cannot be checked or stored yet: it sends the same one again.

The nonce of a launch is used up once it was accepted, so the same form is as good the second time,
until its state expires.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.login.callback import KEY_FIELD, LaunchCallback
from lti_tool.login.platform_storage import TARGET
from lti_tool.views.framing import may_be_framed_anywhere

SECONDS = 2
DATABASE_SECONDS = 5  # with up to 5 more, or the pupils of a school would all come at once again


def send_again(
    request: HttpRequest, callback: LaunchCallback, *, waits_for_keys: bool = True
) -> HttpResponse:
    """Return a page that keeps the launch in a form, and posts it by itself where scripts run.

    Without ``waits_for_keys`` it waits for the database.
    """
    seconds = SECONDS if waits_for_keys else DATABASE_SECONDS + secrets.randbelow(6)
    launch = {"state": callback.sealed_state, "id_token": callback.id_token}
    if callback.stored_key is not None:
        launch |= {KEY_FIELD: callback.stored_key, TARGET: callback.storage_target}
    context = {"launch": launch, "seconds": seconds, "waits_for_keys": waits_for_keys}
    response = render(request, "lti_tool/send_again.html", context, status=503)
    response.headers["Retry-After"] = str(seconds)
    return may_be_framed_anywhere(response)
