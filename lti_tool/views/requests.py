"""The type of a request as it is after the middleware."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request to which ``HtmxMiddleware`` has added what the headers of htmx say."""

    htmx: HtmxDetails
