"""Every test here runs under the sandbox's own middleware, templates and addresses."""

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from lti_tool.sandbox import seed
from lti_tool.sandbox.models import Flavour, PlatformKey
from tests.lti_tool.sandbox import lms
from tests.platform.keys import Keys, key_pair
from tests.platform.server import Server

SETTINGS = "lti_tool.sandbox.settings"
TAKEN = ("MIDDLEWARE", "TEMPLATES", "ROOT_URLCONF", "CSRF_COOKIE_NAME", "ALLOWED_HOSTS")


@pytest.fixture(scope="session")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The settings module of the sandbox's process, loaded beside the tests' own."""
    database = tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDBOX", "1")
        patch.setenv("SANDBOX_URL", lms.URL)
        patch.setenv("SANDBOX_TOOL_URL", "http://localhost:8001")
        patch.setenv("SANDBOX_DATABASE", str(database))
        sys.modules.pop(SETTINGS, None)
        return importlib.import_module(SETTINGS)


@pytest.fixture(autouse=True)
def _sandbox_process(settings: Settings, own_settings: ModuleType) -> None:
    for name in (*TAKEN, "SANDBOX", "SANDBOX_URL", "SANDBOX_TOOL_URL"):
        setattr(settings, name, getattr(own_settings, name))
    settings.MIDDLEWARE = [f"{__name__}.plain_headers", *own_settings.MIDDLEWARE]


def plain_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """WSGI takes headers of type str and of no subclass: Django's own server insists on it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        assert {type(value) for value in response.headers.values()} == {str}
        return response

    return middleware


@pytest.fixture
def seeded(db: None) -> None:
    """The sandbox as `sandbox_setup` leaves it."""
    pem = key_pair("platform").pem
    PlatformKey.objects.create(kid="the platform's", private_pem=pem)
    PlatformKey.objects.create(kid="Canvas's", flavour=Flavour.CANVAS, private_pem=pem)
    seed.seed()


@pytest.fixture
def pupil(seeded: None) -> Client:
    return _signed_in(lms.PUPIL)


@pytest.fixture
def teacher(seeded: None) -> Client:
    return _signed_in(lms.TEACHER)


@pytest.fixture
def administrator(seeded: None) -> Client:
    return _signed_in(lms.ADMINISTRATOR)


def _signed_in(person: int) -> Client:
    client = lms.browser()
    lms.sign_in(client, person)
    return client


@pytest.fixture
def tool(seeded: None) -> lms.Tool:
    return lms.Tool()


@pytest.fixture
def tool_server() -> Iterator[Server]:
    """A tool that does nothing but publish its keys."""
    with Server(Keys(key_pair("first"))) as server:
        yield server
