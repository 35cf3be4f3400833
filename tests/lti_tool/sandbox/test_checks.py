import pytest
from django.core import checks
from pytest_django import Settings

from lti_tool.sandbox.server.checks import sandbox_belongs_here


def test_the_check_is_registered() -> None:
    registered: set[object] = set(checks.registry.registry.get_checks())
    assert sandbox_belongs_here in registered


def test_switched_on_and_on_loopback_it_is_content(settings: Settings) -> None:
    settings.DEBUG = False
    assert sandbox_belongs_here() == []


@pytest.mark.parametrize("value", [False, None, "1"])
def test_installed_but_not_switched_on_is_an_error(settings: Settings, value: object) -> None:
    settings.SANDBOX = value
    [error] = sandbox_belongs_here()
    assert (error.id, error.level) == ("sandbox.E001", checks.ERROR)
    assert error.hint is not None
    assert "INSTALLED_APPS" in error.hint


def test_installed_without_any_of_its_settings_is_an_error(settings: Settings) -> None:
    del settings.SANDBOX
    del settings.SANDBOX_URL
    assert [error.id for error in sandbox_belongs_here()] == ["sandbox.E001"]


def test_a_public_address_without_debug_is_an_error(settings: Settings) -> None:
    settings.DEBUG = False
    settings.SANDBOX_URL = "https://lms.example.org"
    assert [error.id for error in sandbox_belongs_here()] == ["sandbox.E001"]
    settings.DEBUG = True
    assert sandbox_belongs_here() == []
