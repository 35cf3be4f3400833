"""Where sessions are known, and where not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client

from tests.cast import Cast, assemble

OURS = {"host": "localhost:8001"}


@pytest.fixture
def operator(db: None) -> Client:
    client = Client(headers=OURS)
    client.force_login(Operator.objects.create_superuser("operator"))
    return client


def test_the_admin_knows_who_is_signed_in(operator: Client) -> None:
    response = operator.get("/admin/")
    assert response.status_code == 200
    assert response.context["user"].username == "operator"


def test_the_admin_sends_strangers_to_its_login(db: None) -> None:
    response = Client(headers=OURS).get("/admin/")
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


def test_pages_need_nothing_of_the_device(cast: Cast) -> None:
    for response in (cast.amina.client.get(cast.amina.url("home")), Client(headers=OURS).get("/")):
        assert response.status_code == 200
        policy = response.headers["Permissions-Policy"].split(", ")
        assert {"camera=()", "microphone=()", "geolocation=()", "usb=()", "payment=()"} <= {*policy}
        assert all(rule.endswith("=()") for rule in policy)
        assert len(set(policy)) == len(policy)


def test_a_redirect_shows_nothing_and_names_no_policy(db: None) -> None:
    response = Client(headers=OURS).get("/admin/")
    assert response.status_code == 302
    assert "Permissions-Policy" not in response.headers
