"""The thread that delivers, and the command that does the same."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from lti_tool import deliverer, grades, outbox
from lti_tool.grades import Score
from lti_tool.models import Delivery
from tests.cast import Cast
from tests.lti_tool.gradebook_server import Fault, GradebookServer


class Stop(Exception):
    """Ends the thread's loop."""


@pytest.fixture
def lms(cast: Cast) -> Iterator[GradebookServer]:
    with GradebookServer.running() as server:
        server.connect(cast.course)
        yield server


@pytest.fixture(autouse=True)
def _nothing_to_wake_for() -> Iterator[None]:
    deliverer._wake.clear()
    yield
    deliverer._wake.clear()


def report(cast: Cast, given: int = 6) -> None:
    for someone in (cast.amina, cast.ben):
        grades.report_score(cast.course.link, someone.user, Score(Decimal(given), Decimal(8), "."))


def test_a_round_delivers(
    cast: Cast, lms: GradebookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "close_old_connections", lambda: None)
    report(cast)
    deliverer.deliver_once()
    assert (lms.cell("101").given, lms.cell("102").given) == (6, 6)


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_ends_nothing(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[str] = []

    def away() -> int:
        rounds.append("tried")
        if len(rounds) == 3:
            raise Stop
        raise error

    def also_away() -> None:
        raise error

    monkeypatch.setattr(deliverer, "close_old_connections", lambda: None)
    monkeypatch.setattr(deliverer, "LONGEST_SLEEP", 0.001)
    monkeypatch.setattr(outbox, "deliver_due", away)
    monkeypatch.setattr(outbox, "next_due_at", also_away)
    with pytest.raises(Stop):
        deliverer.run_forever()
    assert len(rounds) == 3
    assert caplog.text.count("cannot reach the database") == 2


def test_waking_ends_the_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    awake = threading.Event()

    def once() -> None:
        awake.set()
        raise Stop

    def until_stopped() -> None:
        with contextlib.suppress(Stop):
            deliverer.run_forever()

    monkeypatch.setattr(deliverer, "_sleep", lambda: 30.0)
    monkeypatch.setattr(deliverer, "deliver_once", once)
    thread = threading.Thread(target=until_stopped, daemon=True)
    thread.start()
    assert not awake.wait(0.05)
    deliverer.wake()
    assert awake.wait(10)
    thread.join(10)
    assert not deliverer._wake.is_set()


def test_starting_is_a_daemon_that_forks_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []
    forked: list[object] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    monkeypatch.setattr(
        os, "register_at_fork", lambda *, after_in_child: forked.append(after_in_child)
    )
    deliverer.start()
    assert [thread.daemon for thread in started] == [True]
    assert forked == [deliverer._start_thread]


@pytest.mark.django_db
def test_with_nothing_due_it_sleeps_longest() -> None:
    assert deliverer._sleep() == deliverer.LONGEST_SLEEP


@pytest.mark.parametrize(
    ("due_in", "sleep"),
    [(-60.0, deliverer.SHORTEST_SLEEP), (1.0, 1.0), (3600.0, deliverer.LONGEST_SLEEP)],
)
def test_it_sleeps_until_the_next_score_is_due(cast: Cast, due_in: float, sleep: float) -> None:
    report(cast)
    Delivery.objects.update(next_try_at=timezone.now() + timedelta(seconds=due_in))
    assert deliverer._sleep() == pytest.approx(sleep, abs=0.2)


# --- manage.py deliver_scores ---


def run_once() -> str:
    out = io.StringIO()
    call_command("deliver_scores", "--once", stdout=out)
    return out.getvalue()


def test_the_command_delivers_what_is_due_and_ends(cast: Cast, lms: GradebookServer) -> None:
    report(cast)
    assert run_once() == "Scores tried: 2.\n"
    assert (lms.cell("101").given, lms.cell("102").given) == (6, 6)
    assert run_once() == "Scores tried: 0.\n"


def test_the_command_does_not_wait_for_what_failed(cast: Cast, lms: GradebookServer) -> None:
    lms.always_fail("scores", Fault(503))
    report(cast)
    assert run_once() == "Scores tried: 2.\n"
    assert set(Delivery.objects.values_list("tries", flat=True)) == {1}


def test_the_command_without_once_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever() -> None:
        raise Stop

    monkeypatch.setattr(deliverer, "run_forever", forever)
    with pytest.raises(Stop):
        call_command("deliver_scores")
