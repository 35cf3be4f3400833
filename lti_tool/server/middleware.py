"""Middleware of Django and django-csp, limited to the pages that need it.

Sessions, users and messages are for the admin only: pages inside an LMS identify nobody by a
session cookie. Elsewhere no such cookie is read, and a launch does not pay for it.
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
    """The session middleware of Django, for the admin only."""


class AdminAuthenticationMiddleware(_AdminOnly, AuthenticationMiddleware):
    """The authentication middleware of Django, for the admin only."""


class AdminMessageMiddleware(_AdminOnly, MessageMiddleware):
    """The message middleware of Django, for the admin only."""


class PagePolicyMiddleware(CSPMiddleware):
    """The middleware of django-csp, for every response but redirects, which show nothing."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the Content-Security-Policy unless the response redirects.

        django-csp builds the policy again for each response, which would slow down launches.
        """
        if response.has_header("Location"):
            return response
        return super().process_response(request, response)
