"""Fixtures of the launch tests, shared by two conftests."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.lti_tool.launching import Browser, ClientWire, HttpWire
from tests.platform.fake import FakePlatform
from tests.platform.launches import Platform

__all__ = ["browser", "direct", "other_platform", "platform"]


@pytest.fixture
def platform(fake_platform: FakePlatform, db: None) -> Platform:
    """A platform that is registered and publishes its key."""
    made = Platform(fake_platform)
    fake_platform.keys.publish(made.key)
    return made


@pytest.fixture
def other_platform(platform: Platform) -> Platform:
    """The same issuer and keys, another client: another customer of a hosted LMS."""
    return Platform(platform.lms, client_id="client-2", deployment_id=platform.deployment_id)


@pytest.fixture
def browser(live_server: LiveServer) -> Browser:
    """A browser that reaches the tool over real HTTP."""
    return Browser(HttpWire(live_server.url))


@pytest.fixture
def direct(db: None) -> Browser:
    """A browser that reaches the tool without HTTP."""
    return Browser(ClientWire())
