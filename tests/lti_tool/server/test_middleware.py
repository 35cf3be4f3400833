"""Where sessions are known, and where not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client

from tests.cast import Cast, assemble


@pytest.fixture
def operator(db: None) -> Client:
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(Operator.objects.create_superuser("operator"))
    return client


def test_the_admin_knows_who_is_signed_in(operator: Client) -> None:
    response = operator.get("/admin/")
    assert response.status_code == 200
    assert response.context["user"].username == "operator"


def test_the_admin_sends_strangers_to_its_login(db: None) -> None:
    response = Client(headers={"host": "localhost:8001"}).get("/admin/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_an_activity_knows_nobody_by_a_session(operator: Client) -> None:
    cast: Cast = assemble()
    for name, morsel in cast.amina.client.cookies.items():
        operator.cookies[name] = morsel.value
    response = operator.get(cast.amina.url("home"))
    assert response.status_code == 200
    assert not hasattr(response.wsgi_request, "user")
    assert not hasattr(response.wsgi_request, "session")
    assert "Cookie" not in response.headers.get("Vary", "")
