"""A platform for each test of this package, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from lti_tool.models import LineItem
from lti_tool.protocol.vocabulary import Scope
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.gradebook_server import GradebookServer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the tool and the platform take for the time."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def lms(cast: Cast, clock: Clock) -> Iterator[GradebookServer]:
    """A gradebook that lets us make columns and read what it holds."""
    scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    with GradebookServer.running() as server:
        server.connect(cast.course)
        yield server
