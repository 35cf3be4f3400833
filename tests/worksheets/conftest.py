"""What the tests of worksheets share."""

from __future__ import annotations

import uuid

import pytest

from lti_tool.launches.visit import make_token
from lti_tool.models import StoredLaunch
from tests.lti_tool.fixtures import *  # noqa: F403


@pytest.fixture(autouse=True)
def _one_token_a_launch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token carries the second in which it was signed: here each launch keeps its first,
    so that addresses can be compared."""
    tokens: dict[uuid.UUID, str] = {}

    def first_token(launch: StoredLaunch) -> str:
        if launch.pk not in tokens:
            tokens[launch.pk] = make_token(launch)
        return tokens[launch.pk]

    monkeypatch.setattr("tests.cast.make_token", first_token)
