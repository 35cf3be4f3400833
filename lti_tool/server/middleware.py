"""What of others' middleware applies where.

Sessions, users and messages are for the admin; an LMS's pages know nobody by a cookie. So
no ambient credential is even read elsewhere, and a launch does not pay for it.
"""

from __future__ import annotations

from collections.abc import Awaitable

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

ADMIN = "/admin/"  # as in lti_tool.urls


class _AdminOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(ADMIN):
            return super().__call__(request)
        return self.get_response(request)


class AdminSessionMiddleware(_AdminOnly, SessionMiddleware):
    """``request.session``, in the admin."""


class AdminAuthenticationMiddleware(_AdminOnly, AuthenticationMiddleware):
    """``request.user``, in the admin."""


class AdminMessageMiddleware(_AdminOnly, MessageMiddleware):
    """Django's messages, in the admin."""


class PagePolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy of every page; a redirect shows nothing that it could rule."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The policy is worked out anew for each answer, so launches go without."""
        if response.has_header("Location"):
            return response
        return super().process_response(request, response)
