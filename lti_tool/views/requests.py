"""Requests after the middleware: their type, those that only ask for an address, what was typed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

MAX_TYPED = 100  # texts of a form that are shown again


class HtmxRequest(HttpRequest):
    """A request to which ``HtmxMiddleware`` has added what the headers of htmx say."""

    htmx: HtmxDetails


def answers_head(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view, which answers HEAD by an empty 200.

    Link checkers, monitors and some LMSs' forms ask so whether an address of ours is there. That
    is no login, launch or registration, and no refused one: nothing is logged or kept.
    """

    @functools.wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            return HttpResponse()
        return view(request, *args, **kwargs)

    return answering


def typed_texts(request: HttpRequest) -> list[str]:
    """Return the texts of a form that was not saved, to be copied; numbers and times are none."""
    values = (
        value.strip()
        for name, posted in request.POST.lists()
        for value in posted
        if not name.startswith("draft-") and not name.endswith("-seen")
    )
    return [value for value in values if value[:1].isalpha() or " " in value][:MAX_TYPED]
