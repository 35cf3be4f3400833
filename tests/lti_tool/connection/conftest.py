"""Fixtures of the connection check."""

from __future__ import annotations

import pytest

from lti_tool.models import Registration
from tests.cast import Cast
from tests.lti_tool.rosters import connect
from tests.platform.fake import FakePlatform
from tests.platform.keys import key_pair


@pytest.fixture
def lms(fake_platform: FakePlatform) -> FakePlatform:
    """An LMS with whom everything is well."""
    fake_platform.keys.publish(key_pair("first"))
    return fake_platform


@pytest.fixture
def registration(lms: FakePlatform, cast: Cast) -> Registration:
    """Ruth's and Amina's platform, which is that LMS."""
    for course in (cast.course, cast.other_course):
        connect(lms, course)
    registration = cast.course.deployment.registration
    registration.product = "moodle"
    registration.save()
    return registration
