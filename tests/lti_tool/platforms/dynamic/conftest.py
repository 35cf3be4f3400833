"""A platform to register at."""

from __future__ import annotations

import pytest

from tests.platform.fake import FakePlatform


@pytest.fixture
def lms(fake_platform: FakePlatform) -> FakePlatform:
    """An honest platform on this machine."""
    return fake_platform
