"""The operator's pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client
from django.urls import reverse

from lti_tool import grades, outbox
from lti_tool.errors import Problem
from lti_tool.grades import Score
from lti_tool.models import Delivery
from tests.cast import Cast


@pytest.fixture
def operator(db: None) -> Client:
    """Signed in, with every permission."""
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(Operator.objects.create_superuser("operator"))
    return client


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    answer = Client(headers={"host": "localhost:8001"}).get("/admin/lti_tool/registration/")
    assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)


def test_a_platform_is_switched_off_and_its_addresses_stay(operator: Client, cast: Cast) -> None:
    registration = cast.course.deployment.registration
    url = reverse("admin:lti_tool_registration_change", args=[registration.pk])
    assert operator.get(url).status_code == 200
    form = {
        "name": "Another name",
        "jwks_url": "http://elsewhere.example/keys",
        "deployments-TOTAL_FORMS": "0",
        "deployments-INITIAL_FORMS": "0",
    }
    assert operator.post(url, form).status_code == 302
    registration.refresh_from_db()
    assert (registration.name, registration.is_active) == ("Another name", False)
    assert registration.jwks_url == "http://127.0.0.1:9999/jwks"
    assert cast.amina.client.get(cast.amina.url("home")).status_code == 403


def test_platforms_and_scores_are_not_made_here(operator: Client) -> None:
    for model in ("registration", "delivery"):
        assert operator.get(f"/admin/lti_tool/{model}/add/").status_code == 403


def test_a_refused_score_is_sent_again(operator: Client, cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, Score(Decimal(6), Decimal(8), "Gaps."))
    Delivery.objects.update(state=Delivery.State.REFUSED, problem=Problem.COLUMN_GONE)
    url = reverse("admin:lti_tool_delivery_changelist")
    page = operator.get(url).content.decode()
    assert "column-gone" in page
    assert "Amina" not in page
    row = Delivery.objects.get()
    operator.post(url, {"action": "send_again", "_selected_action": [row.pk]})
    assert Delivery.objects.get().state == Delivery.State.DUE
    assert outbox.next_due_at() is not None
