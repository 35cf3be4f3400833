"""Pages that use Platform Storage or a new tab if a frame's cookies are blocked.

At login the first page gives the browser key to the LMS's page to keep; at launch the second
asks for it and posts the launch again, with the key as a field of its form. The third gives the
secret of the visit's pages to the LMS's page (``lti_tool.launches.storage_visit``).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lti_tool.adapter.login import BegunLogin
from lti_tool.launches import storage_visit
from lti_tool.login.browser_key import browser_hash
from lti_tool.login.callback import KEY_FIELD, LaunchCallback
from lti_tool.login.platform_storage import TARGET, storage_slot
from lti_tool.models import Registration, StoredLaunch
from lti_tool.platforms.origins import platform_origins
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.views.framing import may_be_framed_anywhere, may_be_framed_by_its_platform

# gunicorn takes a request line of 4094 bytes, other servers before it hardly more.
MAX_ADDRESS_LENGTH = 3500


def keep_key(
    request: HttpRequest, parameters: dict[str, str], key: str, begun: BegunLogin
) -> HttpResponse:
    """Return a page that stores the key, then opens the platform's address, else offers a new tab.

    The authorisation address is opened only after the key was stored, because it works once.
    """
    pages = platform_origins(begun.registration)
    slot = storage_slot(parameters[TARGET], begun.address, browser_hash(key), pages)
    context = {"slot": slot, "kept": key, "next_url": begun.address}
    return new_tab(request, parameters, "lti_tool/keep_key.html", context)


def ask_for_key(request: HttpRequest, callback: LaunchCallback) -> HttpResponse:
    """Return a page that asks the storage for the key and posts the launch again.

    The launch waits in a form, never in an address. Raise LaunchRefused: STATE_INVALID,
    STATE_EXPIRED, UNKNOWN_PLATFORM.
    """
    state = callback.login
    registration = Registration.objects.filter(pk=state.registration).first()
    if registration is None:
        raise LaunchRefused(Reason.UNKNOWN_PLATFORM, "the registration is gone")
    address, pages = registration.auth_login_url, platform_origins(registration)
    context = {
        "slot": storage_slot(callback.storage_target, address, state.browser, pages),
        "launch": {
            "state": callback.sealed_state,
            "id_token": callback.id_token,
            TARGET: callback.storage_target,
        },
        "key_field": KEY_FIELD,
    }
    return may_be_framed_anywhere(render(request, "lti_tool/ask_for_key.html", context))


def keep_secret(
    request: HttpRequest, launch: StoredLaunch, frame: str, address: str
) -> HttpResponse:
    """Return a page that stores the secret of the visit's pages, then opens the first of them.

    It is the last step of a launch, and the only answer that names the secret.
    """
    secret = storage_visit.begin(launch, frame)
    context = {
        "slot": storage_visit.slot_of(launch),
        "kept": secret,
        "next_url": storage_visit.with_pass(address, launch),
    }
    response = render(request, "lti_tool/keep_secret.html", context)
    return may_be_framed_by_its_platform(response, launch)


def login_address(parameters: dict[str, str], max_length: int = MAX_ADDRESS_LENGTH) -> str:
    """Return the login's address with all parameters of the LMS, or '' if it would be too long."""
    address = f"{reverse('lti-login')}?{urlencode(parameters)}"
    return address if len(address) <= max_length else ""


def new_tab(
    request: HttpRequest,
    parameters: dict[str, str],
    template: str = "lti_tool/new_tab.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return a page with a button for a new tab: a link, or a form for a long address."""
    address = login_address(parameters)
    shared = {"address": address, "parameters": parameters}
    response = render(request, template, {**shared, **(context or {})})
    # The form is answered by a redirect to the platform, which may redirect again.
    return may_be_framed_anywhere(response, forms_may_leave=not address)
