"""No log holds the token of an activity."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings

from lti_tool.server.log_filters import HideActivityTokens

TOKEN = "0123456789abcdef0123456789abcdef.1uXyZ0.signature-of_it"


def shown(message: object, *args: object) -> str:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, args, None)
    assert HideActivityTokens().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        (f"/a/{TOKEN}/", "/a/…/"),
        (f"/a/{TOKEN}", "/a/…"),
        (f"/a/{TOKEN}?x=1", "/a/…?x=1"),
        (f'"GET /a/{TOKEN}/class/7/ HTTP/1.1" 200', '"GET /a/…/class/7/ HTTP/1.1" 200'),
        (f"http://localhost:8001/a/{TOKEN}/submit/", "http://localhost:8001/a/…/submit/"),
        (f"/a/{TOKEN}/ and /a/{TOKEN}/", "/a/…/ and /a/…/"),
    ],
)
def test_hides_the_token(path: str, hidden: str) -> None:
    assert shown(path) == hidden
    assert shown("path: %s", path) == f"path: {hidden}"


@pytest.mark.parametrize("text", ["/lti/login/", "/a/b/", "100%", "Go to /admin/ at once"])
def test_leaves_the_rest_alone(text: str) -> None:
    assert shown(text) == text


def test_takes_messages_that_are_no_text() -> None:
    assert shown(ValueError(f"/a/{TOKEN}/")) == "/a/…/"


def test_every_handler_of_the_project_hides_them() -> None:
    logs: dict[str, Any] = settings.LOGGING
    handlers = logs["handlers"]
    assert handlers
    assert all("tokens" in handler["filters"] for handler in handlers.values())
    assert logs["filters"]["tokens"]["()"] == "lti_tool.server.log_filters.HideActivityTokens"
    assert logs["loggers"]["django"]["propagate"]
