"""HEAD: whether an address is there, and nothing else."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from lti_tool.models import RefusedLaunch
from tests.cast import Cast
from tests.worksheets.sheets import place

Log = pytest.LogCaptureFixture
OURS = {"host": "localhost:8001"}


@pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/", "/lti/register/"])
def test_an_address_of_ours_is_there(db: None, caplog: Log, path: str) -> None:
    with caplog.at_level(logging.INFO):
        response = Client(headers=OURS).head(f"{path}?iss=https://lms.example")
    assert (response.status_code, response.content) == (200, b"")
    assert "Set-Cookie" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]
    assert caplog.records == []
    assert not RefusedLaunch.objects.exists()


@pytest.mark.parametrize("path", ["/lti/jwks.json", "/lti/canvas.json", "/healthz", "/"])
def test_others_answer_as_to_get(db: None, caplog: Log, path: str) -> None:
    client = Client(headers=OURS)
    assert client.head(path).status_code == client.get(path).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("name", ["home", "answers"])
def test_pages_of_a_visit_too(cast: Cast, caplog: Log, name: str) -> None:
    place(cast)
    url = cast.amina.url(name)
    answers = [cast.amina.client.head(url), cast.amina.client.get(url)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == b""
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
