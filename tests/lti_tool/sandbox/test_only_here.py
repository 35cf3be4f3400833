"""A sandbox that shares no names with the world: nothing of it is served beyond this machine."""

import importlib
import sys

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from lti_tool.sandbox.server import environment
from lti_tool.sandbox.server.checks import check_not_in_production
from lti_tool.sandbox.server.environment import BadEnvironmentError
from tests.lti_tool.sandbox import lms


def test_without_its_switch_its_settings_do_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX", raising=False)
    monkeypatch.delitem(sys.modules, "lti_tool.sandbox.settings", raising=False)
    with pytest.raises(ImproperlyConfigured, match="set SANDBOX=1"):
        importlib.import_module("lti_tool.sandbox.settings")
    for value in ("", "0", "true"):
        with pytest.raises(BadEnvironmentError):
            environment.read({"SANDBOX": value})
    for url in ("http://192.168.1.5:8000", "http://localhost.evil.org", "http://0.0.0.0:8000"):
        with pytest.raises(BadEnvironmentError, match="must name this machine"):
            environment.read({"SANDBOX": "1", "SANDBOX_URL": url})


def test_an_installation_that_has_it_by_mistake_does_not_start(settings: Settings) -> None:
    registered: set[object] = set(checks.registry.registry.get_checks())
    assert check_not_in_production in registered
    settings.DEBUG = False
    assert check_not_in_production() == []
    settings.SANDBOX_URL = "https://lms.example.org"
    assert [error.id for error in check_not_in_production()] == ["sandbox.E001"]
    settings.SANDBOX, settings.SANDBOX_URL = "1", lms.URL
    assert [error.id for error in check_not_in_production()] == ["sandbox.E001"]


def test_nobody_from_another_machine_is_served(seeded: None, settings: Settings) -> None:
    for address in ("192.168.1.7", "8.8.8.8", "::2"):
        assert lms.browser(REMOTE_ADDR=address).get("/").status_code == 403
    assert lms.browser().get("/", headers={"host": "evil.example"}).status_code == 400
    settings.SANDBOX = False
    for address in ("/faults", "/state.json"):
        assert lms.browser().get(address).status_code == 404
