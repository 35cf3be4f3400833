"""The last way, which always works: one click repeats the login in a tab of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lti_tool.views.framing import may_be_framed_anywhere

# gunicorn takes a request line of 4094 bytes, other servers before it hardly more.
LONGEST_ADDRESS = 3500


def own_address(parameters: dict[str, str]) -> str:
    """The login's address with everything that the LMS sent; '' if it would be too long."""
    address = f"{reverse('lti-login')}?{urlencode(parameters)}"
    return address if len(address) <= LONGEST_ADDRESS else ""


def new_tab(
    request: HttpRequest,
    parameters: dict[str, str],
    template: str = "lti_tool/new_tab.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with the button: a link, or a form where an address would be too long."""
    address = own_address(parameters)
    shared = {"address": address, "parameters": parameters}
    response = render(request, template, {**shared, **(context or {})})
    # The form is answered by a redirect to the platform, and that perhaps by another.
    return may_be_framed_anywhere(response, forms_may_leave=not address)
