"""Requests that change something are taken from our own pages alone, by what browsers say of them.

The token in an address is a secret, but a weak one: it stands in the history of a browser, and a
visit by Platform Storage has no cookie beside it. Browsers tell with each request where it comes
from, in headers that no page can set (Fetch, sections 3.2 and 3.3; Fetch Metadata).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from lti_tool.login.browser_key import is_our_origin
from lti_tool.views.framing import may_be_framed_anywhere

logger = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# 'none': a person asked for it, not a page; Chrome says so when a page is loaded again that was the
# answer to a form. A page of another origin cannot cause it, and Origin still names whose form it
# was: who loads a refusal again is refused again.
OUR_SITES = frozenset({"same-origin", "none"})
MAX_ORIGIN = 200  # characters in the log


def posted_by_platforms(view: View) -> View:
    """Mark a view to which pages of an LMS post; what they post must prove itself otherwise."""
    setattr(view, "is_posted_by_platforms", True)  # noqa: B010
    return view


class SameOriginMiddleware:
    """Middleware that refuses what the page of another origin would have changed.

    It goes for every view that is not ``posted_by_platforms``. Old browsers send neither header:
    they are let through, and the visit's cookie, or a signed form, is what protects them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None to let the view answer."""
        if request.method in SAFE_METHODS or getattr(view, "is_posted_by_platforms", False):
            return None
        if not is_from_another_origin(request):
            return None
        # A proxy that changes Host makes all of our pages foreign: whoever reads this can see it.
        logger.warning(
            "a request from another origin was refused: origin=%.*r site=%.20r host=%r",
            MAX_ORIGIN,
            request.headers.get("Origin"),
            request.headers.get("Sec-Fetch-Site"),
            request.get_host(),
        )
        return _refused(request)


def is_from_another_origin(request: HttpRequest) -> bool:
    """Return whether the browser says that something else than a page of ours sends this."""
    origin = request.headers.get("Origin")
    if origin is not None and not is_our_origin(origin, request):
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in OUR_SITES


def _refused(request: HttpRequest) -> HttpResponse:
    """Return a page, or what a script of ours shows and stops at: it keeps what was typed."""
    response: HttpResponse
    if request.content_type == "application/json":
        error = _("This was not sent from a page of the worksheet tool. Nothing was saved.")
        response = JsonResponse({"error": error, "ended": True, "saved": False}, status=403)
    else:
        page = render(request, "lti_tool/other_origin.html", status=403)
        response = may_be_framed_anywhere(page)
    add_never_cache_headers(response)
    return response
