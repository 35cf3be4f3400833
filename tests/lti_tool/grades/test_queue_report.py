"""How the scores are getting on: in a list, as a command, and as metrics."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lti_tool import grades
from lti_tool.grades import Score
from lti_tool.grades.queue_report import queues
from lti_tool.models import Delivery, PlatformQueue
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast

TOKEN = "a-token-of-some-length"
NOW = timezone.now


@pytest.fixture
def waiting(cast: Cast) -> Delivery:
    """Amina's score waits; Ben's was refused."""
    score = Score(Decimal(6), Decimal(8), "Gaps.")
    for someone in (cast.amina, cast.ben):
        assert grades.report_score(cast.course.link, someone.user, score)
    refused = Delivery.objects.filter(user=cast.ben.user)
    refused.update(state=Delivery.State.REFUSED, problem=DeliveryProblem.NO_PUPIL)
    return Delivery.objects.get(user=cast.amina.user)


def change(row: Delivery, **values: object) -> None:
    Delivery.objects.filter(pk=row.pk).update(**values)


def test_nothing_was_sent_yet(cast: Cast) -> None:
    assert queues() == []
    out = StringIO()
    call_command("delivery_report", stdout=out)
    assert out.getvalue() == "No score has been sent to any platform yet.\n"


def test_what_waits_and_why(waiting: Delivery) -> None:
    long_ago = NOW() - timedelta(seconds=90)
    change(waiting, updated_at=long_ago, problem=DeliveryProblem.UNREACHABLE)
    (queue,) = queues()
    assert (queue.due, queue.on_their_way, queue.refused, queue.changed) == (1, 0, 1, 0)
    assert 90 <= queue.oldest_due_seconds < 100
    assert queue.failures == {"unreachable": 1, "no-pupil": 1}
    assert queue.paused_until is None


def test_what_is_on_its_way_and_what_only_was(waiting: Delivery) -> None:
    change(waiting, leased_until=NOW() + timedelta(minutes=1))
    assert (queues()[0].due, queues()[0].on_their_way) == (0, 1)
    change(waiting, leased_until=NOW() - timedelta(minutes=1))
    assert (queues()[0].due, queues()[0].on_their_way) == (1, 0)


def test_what_was_delivered(waiting: Delivery) -> None:
    two_hours_ago = NOW() - timedelta(hours=2)
    change(waiting, state=Delivery.State.DELIVERED, delivered_at=two_hours_ago)
    (queue,) = queues()
    assert (queue.delivered_last_hour, queue.delivered_last_day) == (0, 1)
    assert queue.oldest_due_seconds == 0


def test_as_many_statements_for_many_platforms(
    waiting: Delivery, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PlatformQueue.objects.create(registration=cast.elsewhere.deployment.registration)
    with django_assert_num_queries(3):
        assert len(queues()) == 2


def test_the_command(waiting: Delivery) -> None:
    PlatformQueue.objects.update(paused_until=NOW() + timedelta(minutes=5))
    out = StringIO()
    call_command("delivery_report", stdout=out)
    assert "due 1 (oldest 0 s), sending 0, not accepted 1, changed in the LMS 0" in out.getvalue()
    assert "paused until" in out.getvalue()
    assert "no-pupil: 1" in out.getvalue()


def test_the_command_for_a_program(waiting: Delivery) -> None:
    out = StringIO()
    call_command("delivery_report", json=True, stdout=out)
    (queue,) = json.loads(out.getvalue())
    assert (queue["due"], queue["failures"]) == (1, {"no-pupil": 1})


# --- metrics ---


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"host": "localhost:8001"})


def test_no_metrics_unless_there_is_a_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", "Bearer ü"])
def test_no_metrics_without_the_token(client: Client, given: str) -> None:
    response = client.get("/metrics", headers={"authorization": given})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_metrics(client: Client, waiting: Delivery) -> None:
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    pk = waiting.registration_id
    assert f'lti_scores{{platform="LMS of client-1",registration="{pk}",state="due"}} 1.0' in text
    assert 'problem="no-pupil"' in text
    assert "lti_oldest_due_score_seconds{" in text
    assert "Amina" not in text


# --- the admin ---


def test_the_admin_opens_a_queue(waiting: Delivery, admin_client: Client) -> None:
    PlatformQueue.objects.update(paused_until=NOW() + timedelta(minutes=5))
    address, host = "/admin/lti_tool/platformqueue/", {"host": "localhost:8001"}
    page = admin_client.get(address, headers=host)
    assert page.status_code == 200
    assert "LMS of client-1" in page.content.decode()
    chosen = {"action": "open_now", "_selected_action": [waiting.registration_id]}
    assert admin_client.post(address, chosen, headers=host).status_code == 302
    assert PlatformQueue.objects.get().paused_until is None
