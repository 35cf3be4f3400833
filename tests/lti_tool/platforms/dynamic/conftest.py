"""A platform to register at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.platform.registration import PlatformServer


@pytest.fixture
def lms() -> Iterator[PlatformServer]:
    """An honest platform on this machine."""
    with PlatformServer.running() as server:
        yield server
