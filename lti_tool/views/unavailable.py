"""The answer while the database cannot save or be asked: 503, and what was typed is not lost.

It needs no database itself. A person who asks for too much at once gets the same answer.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import defaults

from lti_tool.db import waiting
from lti_tool.db.troubles import Trouble, trouble_of
from lti_tool.server.middleware import ADMIN
from lti_tool.views.framing import may_be_framed_anywhere
from lti_tool.views.requests import typed_texts

if TYPE_CHECKING:
    from lti_tool.launches.visit import Visit

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5


class DatabaseTroubleMiddleware:
    """Middleware for which the pages wait for the database: not for long, and then with words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with waiting.as_page():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer if the database is the reason, or None: it is a fault of ours."""
        return unavailable(request, error)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Return the page for an error that no view raised: of the admin's session, for example.

    ``handler500`` in ``lti_tool.urls`` names it.
    """
    return unavailable(request, sys.exc_info()[1]) or defaults.server_error(request)


def unavailable(
    request: HttpRequest, error: BaseException | None, visit: Visit | None = None
) -> HttpResponse | None:
    """Return the page, or JSON for a script; None if the error is another one. It is logged."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    return log_trouble(request, _answer(request, visit), trouble, error)


def too_many_at_once(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Return the same answer for a person whose other requests are still being answered."""
    logger.warning(
        "a person asks for too much at once: person=%s method=%s path=%s",
        visit.user.pk,
        request.method,
        request.path,
    )
    response = _answer(request, visit)
    setattr(response, "_has_been_logged", True)  # noqa: B010
    return response


def _answer(request: HttpRequest, visit: Visit | None) -> HttpResponse:
    response: HttpResponse
    if _is_from_script(request):
        error_text = _("Nothing can be saved at the moment. Try again in a few seconds.")
        response = JsonResponse({"error": error_text}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        response = _page(request, visit)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def log_trouble(
    request: HttpRequest, response: HttpResponse, trouble: Trouble, error: BaseException | None
) -> HttpResponse:
    """Log one line, without a traceback; return the response, which Django then does not log."""
    logger.warning(
        "the database cannot be used: reason=%s method=%s path=%s error=%.200s",
        trouble,
        request.method,
        request.path,
        str(error).partition("\n")[0],
    )
    setattr(response, "_has_been_logged", True)  # noqa: B010
    return response


def _is_from_script(request: HttpRequest) -> bool:
    if request.content_type == "application/json":
        return True
    is_fetch = request.headers.get("Sec-Fetch-Dest") == "empty"
    return is_fetch and "HX-Request" not in request.headers


def _page(request: HttpRequest, visit: Visit | None) -> HttpResponse:
    """Return the page; what was posted can be sent again from it, files and passwords not."""
    is_admin = request.path_info.startswith(ADMIN)
    is_form = request.method == "POST"
    # Asking for them reads the form, if the view has not come to that.
    may_show = is_form and not is_admin
    context = {
        "visit": visit,
        "token": visit.token if visit else "",
        "is_form": is_form,
        "again": request.get_full_path(),
        "typed": typed_texts(request) if may_show else [],
        "posted": _posted(request) if may_show and not request.FILES else [],
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = render(request, "lti_tool/unavailable.html", context, status=status)
    # The page has nothing to misuse in a foreign frame, and the person must be able to read it.
    return response if is_admin else may_be_framed_anywhere(response)


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values]
