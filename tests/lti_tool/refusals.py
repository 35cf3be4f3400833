"""What every refused launch must be, whatever the reason."""

from __future__ import annotations

import re

import pytest

from lti_tool.models import Context, LineItem, Membership, ResourceLink, StoredLaunch, User
from lti_tool.protocol.refusal import Reason
from tests.lti_tool.launching import Answer
from tests.platform.launches import EMAIL, FAMILY_NAME, GIVEN_NAME, SUB

ROWS = (User, Membership, Context, ResourceLink, LineItem, StoredLaunch)
PRIVATE = (EMAIL, FAMILY_NAME, GIVEN_NAME, SUB)
_LOGGED = re.compile(r"launch refused: reference=(\S+) reason=(\S+) detail=(.*)")


def rows() -> dict[str, int]:
    """How many there are of everything that a launch makes."""
    return {model.__name__: model._default_manager.count() for model in ROWS}


def logged_reasons(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Reference and reason of each refusal in the log, one line each."""
    messages = [record.getMessage() for record in caplog.records]
    found = [_LOGGED.fullmatch(message) for message in messages if "launch refused" in message]
    assert all(found), messages
    return [(match[1], match[2]) for match in found if match]


def assert_refused(
    answer: Answer,
    caplog: pytest.LogCaptureFixture,
    reason: Reason,
    *,
    token: str = "",
    launches: int = 0,
) -> None:
    """A page with a reference that stands in the log beside the reason, and nothing else.

    ``launches`` were accepted before; the refused one left no row of any kind.
    """
    assert 400 <= answer.status < 500, answer.text
    (reference, logged), *others = logged_reasons(caplog)
    assert (logged, others) == (reason, [])
    assert reference in answer.text
    said = answer.text + "".join(record.getMessage() for record in caplog.records)
    assert [text for text in PRIVATE if text in said] == []
    assert "eyJ" not in said, "the beginning of every token"
    assert all(part not in said for part in token.split(".") if len(part) > 20)
    assert answer.set_cookie == ""
    assert set(rows().values()) == {launches}
    assert answer.headers["content-security-policy"].count("frame-ancestors *") == 1
    assert "no-store" in answer.headers["cache-control"]
