"""Addresses for everybody: keys, health, the front page."""

from __future__ import annotations

import json
import time

import jwt
import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from lti_tool.background import deliverer
from lti_tool.background.deliverer import MAX_SILENCE_SECONDS, Deliverer
from lti_tool.platforms.tool_keys import signing_key
from lti_tool.views import public
from tests.lti_tool.launching import Browser


@pytest.fixture
def client(db: None) -> Client:
    return Client(headers={"host": "localhost:8001"})


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


def test_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert "no-store" in response["Cache-Control"]


def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="lti_tool").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations\n")


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(public, "MigrationExecutor", fail)
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
