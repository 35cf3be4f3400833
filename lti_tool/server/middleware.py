"""Middleware of Django and django-csp, changed where an LMS or its pages need it otherwise.

Sessions, users and messages are for the admin only: pages inside an LMS identify nobody by a
session cookie. Elsewhere no such cookie is read, and a launch does not pay for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import escape_leading_slashes

ADMIN = "/admin/"  # as in lti_tool.urls


class _AdminOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(ADMIN):
            return super().__call__(request)
        return self.get_response(request)


class AdminSessionMiddleware(_AdminOnly, SessionMiddleware):
    """The session middleware of Django, for the admin only."""


class AdminAuthenticationMiddleware(_AdminOnly, AuthenticationMiddleware):
    """The authentication middleware of Django, for the admin only."""


class AdminMessageMiddleware(_AdminOnly, MessageMiddleware):
    """The message middleware of Django, for the admin only."""


class PagePolicyMiddleware(CSPMiddleware):
    """The policies of a page, for every response but redirects, which show nothing."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add Content-Security-Policy and Permissions-Policy unless the response redirects.

        django-csp builds the policy again for each response, which would slow down launches.
        """
        if response.has_header("Location"):
            return response
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return super().process_response(request, response)


class SlashMiddleware(CommonMiddleware):
    """The common middleware of Django, which leads to the last slash in development as well."""

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """Return the address with a slash. With DEBUG, Django raises for a POST instead."""
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


def redirect_forms(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return middleware that keeps a form where Django redirects to https or to a last slash.

    An LMS posts a login to the address that its administrator typed. After status 301 a browser
    repeats a POST as a GET without its form, after 308 as it was (RFC 9110 section 15.4.9).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == HTTPStatus.MOVED_PERMANENTLY and request.method == "POST":
            response.status_code = HTTPStatus.PERMANENT_REDIRECT
        return response

    return middleware
