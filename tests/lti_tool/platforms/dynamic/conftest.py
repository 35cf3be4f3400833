"""A platform to register at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lti_tool.platforms.dynamic.platform_server import PlatformServer


@pytest.fixture
def lms() -> Iterator[PlatformServer]:
    """An honest platform on this machine."""
    server = PlatformServer()
    yield server
    server.stop()
