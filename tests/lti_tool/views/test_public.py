"""Addresses for everybody: keys, health, the front page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import jwt
import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet
from django.test import Client
from django.views.generic import TemplateView

from lti_tool.background import deliverer
from lti_tool.background.deliverer import MAX_SILENCE_SECONDS, Deliverer
from lti_tool.db import health
from lti_tool.platforms.tool_keys import signing_key
from lti_tool.views import public
from tests.lti_tool.launching import Browser


@pytest.fixture(autouse=True)
def _says_it_again() -> None:
    public._log_schema.cache_clear()


@pytest.fixture
def client(transactional_db: None) -> Client:
    """Of a test that holds no transaction: /readyz saves something by a connection of its own."""
    return Client(headers={"host": "localhost:8001"})


@pytest.fixture
def migrations(transactional_db: None) -> Iterator[QuerySet[MigrationRecorder.Migration]]:
    """What the database notes of its migrations, which is put back; no flush touches it."""
    noted = MigrationRecorder.Migration.objects
    before = list(noted.all())
    yield noted.all()
    noted.all().delete()
    noted.bulk_create(before)


def test_jwks_over_http_verifies_what_we_sign(browser: Browser) -> None:
    answer = browser.get("/lti/jwks.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert "public" in answer.headers["cache-control"]
    (key,) = json.loads(answer.text)["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    ours = signing_key()
    assert key["kid"] == ours.kid
    token = jwt.encode({"a": 1}, ours.private, algorithm="RS256")
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"]) == {"a": 1}


def test_alive_without_a_database() -> None:
    response = Client(headers={"host": "localhost:8001"}).get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_plain_text_of_a_known_encoding(client: Client, path: str) -> None:
    assert client.get(path)["Content-Type"] == "text/plain; charset=utf-8"


def test_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert "no-store" in response["Cache-Control"]


def test_not_ready_while_a_migration_is_missing(
    client: Client, migrations: QuerySet[MigrationRecorder.Migration]
) -> None:
    migrations.filter(app="lti_tool").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.startswith(b"migrations: the database lacks ")
    assert b"run 'migrate'" in response.content


def test_a_process_older_than_the_database_is_ready_and_says_so(
    client: Client,
    migrations: QuerySet[MigrationRecorder.Migration],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Between 'migrate' and the restart it serves on; the log names what it does not know."""
    migrations.create(app="worksheets", name="9999_of_tomorrow")
    for _ in range(3):
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.content.startswith(b"ready\nmigrations: the database has 1 of a newer")
    lines = [one.message for one in caplog.records if "9999_of_tomorrow" in one.message]
    assert len(lines) == 1


def test_migrations_of_an_app_that_is_not_installed_say_nothing(
    client: Client, migrations: QuerySet[MigrationRecorder.Migration]
) -> None:
    migrations.create(app="gone", name="0001_initial")
    assert client.get("/readyz").content == b"ready\n"


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_trial: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(health, "try_to_save", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database\n")


def test_not_ready_while_the_deliverer_of_this_process_is_silent(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Deliverer(threads=1)
    monkeypatch.setattr(deliverer, "_deliverer", ours)
    assert client.get("/readyz").status_code == 200
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + MAX_SILENCE_SECONDS + 1)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"deliverer\n")
    ours.drain()
    assert client.get("/readyz").content == b"ready\n"


def test_the_front_page_says_where_worksheets_are(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "Open worksheets from your course" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/lti/jwks.json", "/healthz", "/readyz"])
def test_nothing_can_be_posted_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_a_fault_of_ours_shows_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **_named: object) -> None:
        raise RuntimeError("what only we may read")

    monkeypatch.setattr(TemplateView, "get", fail)
    response = Client(raise_request_exception=False, headers={"host": "localhost:8001"}).get("/")
    assert response.status_code == 500
    text = response.content.decode()
    assert "Something went wrong on our side" in text
    assert "what only we may read" not in text
    assert "RuntimeError" not in text
    assert "Traceback" not in text
