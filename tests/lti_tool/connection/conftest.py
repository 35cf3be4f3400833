"""Fixtures of the connection check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lti_tool.models import Registration
from tests.cast import Cast
from tests.platform.checked import Lms


@pytest.fixture
def lms() -> Iterator[Lms]:
    """An LMS with whom everything is well."""
    with Lms.running() as server:
        yield server


@pytest.fixture
def registration(lms: Lms, cast: Cast) -> Registration:
    """Ruth's and Amina's platform, which is that LMS."""
    return lms.connect(cast.course)
