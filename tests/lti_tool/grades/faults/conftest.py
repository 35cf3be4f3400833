"""The platform of this package's tests lets us read what its gradebook holds."""

from __future__ import annotations

import pytest

from tests.platform.fake import FakePlatform


@pytest.fixture
def lms(readable: FakePlatform) -> FakePlatform:
    return readable
