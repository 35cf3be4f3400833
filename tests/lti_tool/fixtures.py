"""Fixtures of the launch tests, shared by two conftests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.lti_tool.launching import Browser, ClientWire, HttpWire
from tests.platform.launches import KeyServer, Platform

__all__ = ["browser", "direct", "key_server", "key_server_thread", "other_platform", "platform"]


@pytest.fixture(scope="session")
def key_server_thread() -> Iterator[KeyServer]:
    """One server for all tests of a process."""
    with KeyServer.running() as server:
        yield server


@pytest.fixture
def key_server(key_server_thread: KeyServer) -> KeyServer:
    """The key address, asked by nobody yet."""
    key_server_thread.reset()
    return key_server_thread


@pytest.fixture
def platform(key_server: KeyServer, db: None) -> Platform:
    """A platform that is registered and publishes its key."""
    made = Platform(key_server)
    key_server.publish(made.key)
    return made


@pytest.fixture
def other_platform(platform: Platform) -> Platform:
    """The same issuer and keys, another client: another customer of a hosted LMS."""
    return Platform(platform.keys, client_id="client-2", deployment_id=platform.deployment_id)


@pytest.fixture
def browser(live_server: LiveServer) -> Browser:
    """A browser that reaches the tool over real HTTP."""
    return Browser(HttpWire(live_server.url))


@pytest.fixture
def direct(db: None) -> Browser:
    """A browser that reaches the tool without HTTP."""
    return Browser(ClientWire())
