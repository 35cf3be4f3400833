"""No log holds the token of an activity."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from django.conf import settings

from lti_tool.server.log_filters import HideActivityTokens, hide_tokens_in

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
        (f"/A/{TOKEN}/", "/A/…/"),
        (f"/%61/{TOKEN}/", "/%61/…/"),
        (f"/a%2F{TOKEN}/", "/a%2F…/"),
        (f"/%2541%252f{TOKEN}/", "/%2541%252f…/"),
        (f"/a/%30{TOKEN[1:]}/", "/a/…/"),
        (f"{{'token': '{TOKEN}'}}", "{'token': '…'}"),
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


def test_hides_it_in_a_traceback() -> None:
    try:
        int(TOKEN)
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, info)
    HideActivityTokens().filter(record)
    text = logging.Formatter().format(record)
    assert "Traceback" in text
    assert "ValueError: invalid literal for int() with base 10: '…'" in text
    assert TOKEN not in text


def test_hides_it_in_what_gunicorn_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Its logger has a handler of its own, which knows nothing of ours."""
    logger = logging.getLogger("tests.gunicorn")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler())
    hide_tokens_in("tests.gunicorn")
    logger.error("Error handling request %s", f"/a/{TOKEN}/")
    assert capsys.readouterr().err == "Error handling request /a/…/\n"


def test_every_handler_of_the_project_hides_them() -> None:
    logs: dict[str, Any] = settings.LOGGING
    handlers = logs["handlers"]
    assert handlers
    assert all("tokens" in handler["filters"] for handler in handlers.values())
    assert logs["filters"]["tokens"]["()"] == "lti_tool.server.log_filters.HideActivityTokens"
    assert logs["loggers"]["django"]["propagate"]
