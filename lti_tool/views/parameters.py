"""The parameters of a login or launch, which may come from anywhere and have any form."""

from __future__ import annotations

import re

from django.http import HttpRequest

from lti_tool.protocol.refusal import LaunchRefused, Reason

MAX_LENGTH = {"id_token": 64 * 1024}
DEFAULT_MAX_LENGTH = 8 * 1024
# PostgreSQL refuses NUL, and half a surrogate pair can be neither stored nor sent.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def read_parameters(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of a GET or a POST, each once.

    Raise LaunchRefused (LOGIN_INCOMPLETE) for one that is too long or cannot be stored.
    """
    sent = request.POST if request.method == "POST" else request.GET
    parameters = {name: value for name, value in sent.items() if isinstance(value, str)}
    for name, value in parameters.items():
        if len(value) > MAX_LENGTH.get(name, DEFAULT_MAX_LENGTH):
            raise LaunchRefused(Reason.LOGIN_INCOMPLETE, f"{name[:60]!r} is too long")
        if _UNSTORABLE.search(name + value):
            raise LaunchRefused(Reason.LOGIN_INCOMPLETE, f"{name[:60]!r} is no text")
    return parameters
