"""The threads that deliver, without threads where that is enough."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.utils import timezone

from lti_tool import grades
from lti_tool.background import deliverer
from lti_tool.background.deliverer import Deliverer
from lti_tool.grades import Score, outbox
from lti_tool.grades.outbox import Leased, Outcome
from lti_tool.models import Delivery
from lti_tool.services.errors import DeliveryProblem, ServiceError
from tests.cast import Cast
from tests.lti_tool.clock import Clock


@pytest.fixture(autouse=True)
def _the_connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction lives in it."""
    monkeypatch.setattr(deliverer, "close_old_connections", lambda: None)


class Wire:
    """Takes the place of sending: remembers what was sent, and waits where told to."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.holds: dict[str, threading.Event] = {}
        self.breaks: set[str] = set()

    def send(self, leased: Leased) -> Outcome:
        sub = leased.row.user.sub
        if sub in self.breaks:
            raise RuntimeError("a fault of our own")
        if sub in self.holds:
            self.holds[sub].wait(20)
        self.sent.append(sub)
        return Outcome(leased, None, None)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(outbox, "send", wire.send)
    return wire


@pytest.fixture
def hand(wire: Wire) -> Iterator[Deliverer]:
    """A deliverer whose sending threads touch no database."""
    made = Deliverer(threads=4)
    yield made
    for event in wire.holds.values():
        event.set()


def report(cast: Cast) -> None:
    for someone in (cast.amina, cast.ben):
        grades.report_score(cast.course.link, someone.user, Score(Decimal(6), Decimal(8), "."))


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("user__sub", "state"))


def test_draining_sends_everything_that_is_due(cast: Cast, wire: Wire, hand: Deliverer) -> None:
    report(cast)
    assert hand.drain() == 2
    assert sorted(wire.sent) == ["101", "102"]
    assert states() == {"101": "delivered", "102": "delivered"}
    assert hand.drain() == 0


def test_one_that_hangs_does_not_hold_up_the_other(cast: Cast, wire: Wire, hand: Deliverer) -> None:
    report(cast)
    wire.holds["101"] = threading.Event()
    hand._round()
    hand._wait(10)
    hand._round()
    assert states() == {"101": "due", "102": "delivered"}
    wire.holds["101"].set()
    hand._wait(10)
    hand._round()
    assert states() == {"101": "delivered", "102": "delivered"}


def test_many_who_wake_it_wake_it_once(hand: Deliverer) -> None:
    for _ in range(100):
        hand.wake()
    hand._wait(10)
    begin = time.monotonic()
    hand._wait(0.2)
    assert time.monotonic() - begin >= 0.2


def test_no_more_at_once_than_there_are_threads(cast: Cast, wire: Wire) -> None:
    report(cast)
    wire.holds["101"] = wire.holds["102"] = threading.Event()
    narrow = Deliverer(threads=1)
    assert len(narrow._round()) == 1
    assert narrow._round() == []
    wire.holds["101"].set()
    assert narrow.drain() == 1
    assert set(states().values()) == {"delivered"}


def test_past_its_end_it_serves_others_while_one_hangs(
    cast: Cast, wire: Wire, hand: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(cast)
    wire.holds["101"] = threading.Event()
    Delivery.objects.filter(user__sub="102").update(
        next_try_at=timezone.now() + timedelta(seconds=4)
    )

    def settle(sent: list[Outcome]) -> None:
        settled(sent)
        wire.holds["101"].set()  # as soon as the other one is through

    settled = outbox.settle
    monkeypatch.setattr(outbox, "settle", settle)
    assert hand.drain(2) == 2
    assert set(states().values()) == {"delivered"}


def test_past_its_end_it_takes_nothing_else(cast: Cast, wire: Wire, hand: Deliverer) -> None:
    report(cast)
    assert hand.drain(0) == 0
    assert wire.sent == []


def test_a_thread_that_cannot_be_started_is_started_later(
    cast: Cast, wire: Wire, hand: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    report(cast)
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", no_room)
        assert len(hand._round()) == 2
    assert wire.sent == []
    hand.drain()
    assert states() == {"101": "delivered", "102": "delivered"}


def test_what_goes_on_beside_it_does_not_end_it(
    cast: Cast, wire: Wire, hand: Deliverer, caplog: pytest.LogCaptureFixture
) -> None:
    def between() -> None:
        hand.ask_to_stop()
        raise RuntimeError("can't start new thread")

    report(cast)
    hand.run(between)
    hand.stop()
    assert set(states().values()) == {"delivered"}
    assert "the periodic jobs could not be started" in caplog.text


def test_a_fault_of_our_own_takes_no_thread_with_it(
    cast: Cast, wire: Wire, hand: Deliverer, caplog: pytest.LogCaptureFixture
) -> None:
    report(cast)
    wire.breaks = {"101"}
    assert hand.drain() == 2
    assert states() == {"101": "due", "102": "delivered"}
    row = Delivery.objects.get(user__sub="101")
    assert (row.problem, row.detail, row.tries) == ("our-fault", "RuntimeError", 1)
    assert row.next_try_at > timezone.now()
    assert "could not be sent" in caplog.text
    wire.breaks = set()
    Delivery.objects.update(next_try_at=timezone.now(), last_timestamp=None)
    assert hand.drain() == 1


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_while_settling_loses_nothing(
    cast: Cast,
    wire: Wire,
    hand: Deliverer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    report(cast)
    settle, away = outbox.settle, [error, error]

    def sometimes(sent: list[Outcome]) -> None:
        if away:
            raise away.pop()
        settle(sent)

    monkeypatch.setattr(outbox, "settle", sometimes)
    monkeypatch.setattr(deliverer, "MAX_SLEEP_SECONDS", 0.01)
    hand.drain()
    assert sorted(wire.sent) == ["101", "102"]  # each once
    assert set(states().values()) == {"delivered"}
    assert caplog.text.count("cannot use the database") == 1


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_does_not_end_the_thread(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[str] = []
    thread = Deliverer(threads=1)

    def away(*_: object) -> None:
        rounds.append("tried")
        if len(rounds) >= 6:
            thread.ask_to_stop()
        raise error

    monkeypatch.setattr(deliverer, "MAX_SLEEP_SECONDS", 0.001)
    monkeypatch.setattr(outbox, "lease", away)
    monkeypatch.setattr(outbox, "next_due_at", away)
    thread.run()
    assert len(rounds) >= 6
    assert caplog.text.count("cannot use the database") == 1


def test_one_that_cannot_be_settled_does_not_hold_up_the_others(
    cast: Cast,
    wire: Wire,
    hand: Deliverer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    report(cast)
    settle = outbox.settle

    def refusing(sent: list[Outcome]) -> None:
        if any(one.leased.row.user.sub == "101" for one in sent):
            raise DataError("a text that no database stores")
        settle(sent)

    monkeypatch.setattr(outbox, "settle", refusing)
    hand.drain()
    assert states() == {"101": "due", "102": "delivered"}
    assert "could not be settled" in caplog.text


def test_whatever_goes_wrong_in_a_round_the_next_one_comes(
    cast: Cast,
    wire: Wire,
    hand: Deliverer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    report(cast)
    lease, stumbles = outbox.lease, [RuntimeError("a fault of our own")]

    def stumbling(free: int) -> list[Leased]:
        if stumbles:
            raise stumbles.pop()
        return lease(free)

    monkeypatch.setattr(outbox, "lease", stumbling)
    assert hand._round() == []
    assert hand.drain() == 2
    assert "the deliverer failed" in caplog.text


def test_words_of_a_platform_that_no_database_stores_are_cleaned(
    cast: Cast, hand: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(leased: Leased) -> Outcome:
        problem = ServiceError(
            DeliveryProblem.TOKEN_REFUSED, "400 inva\0lid\ud800", permanent=False
        )
        return Outcome(leased, problem, None)

    monkeypatch.setattr(outbox, "send", send)
    report(cast)
    hand.drain()
    assert set(Delivery.objects.values_list("detail", flat=True)) == {"400 invalid?"}


@pytest.mark.django_db
def test_waking_ends_the_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Deliverer(threads=1)
    rounds: list[None] = []

    def lease(free: int) -> list[Leased]:
        rounds.append(None)
        if len(rounds) == 1:
            threading.Timer(0.1, hand.wake).start()
        else:
            hand.ask_to_stop()
        return []

    monkeypatch.setattr(deliverer, "MAX_SLEEP_SECONDS", 3600.0)
    monkeypatch.setattr(outbox, "next_due_at", lambda: None)
    monkeypatch.setattr(outbox, "lease", lease)
    hand.run()
    assert len(rounds) == 2


@pytest.mark.django_db
def test_with_nothing_due_it_sleeps_longest(hand: Deliverer) -> None:
    assert hand._sleep() == deliverer.MAX_SLEEP_SECONDS


@pytest.mark.parametrize(
    ("due_in", "sleep"),
    [(-60.0, deliverer.MIN_SLEEP_SECONDS), (0.6, 0.6), (3600.0, deliverer.MAX_SLEEP_SECONDS)],
)
def test_it_sleeps_until_the_next_score_is_due(
    cast: Cast, hand: Deliverer, monkeypatch: pytest.MonkeyPatch, due_in: float, sleep: float
) -> None:
    monkeypatch.setattr(timezone, "now", Clock())
    report(cast)
    Delivery.objects.update(next_try_at=timezone.now() + timedelta(seconds=due_in))
    assert hand._sleep() == pytest.approx(sleep)


def test_stopping_waits_for_what_is_on_its_way(cast: Cast, wire: Wire, hand: Deliverer) -> None:
    report(cast)
    wire.holds["101"] = threading.Event()
    hand._round()
    hand._stopped.set()
    threading.Timer(0.2, wire.holds["101"].set).start()
    hand.stop(10)
    assert set(states().values()) == {"delivered"}


def test_stopping_gives_back_what_hangs(cast: Cast, wire: Wire, hand: Deliverer) -> None:
    report(cast)
    wire.holds["101"] = threading.Event()
    hand._round()
    hand._wait(10)  # the other one's answer is there, whatever else the machine does
    hand._stopped.set()
    hand.stop(0.3)
    row = Delivery.objects.get(user__sub="101")
    assert (row.state, row.leased_by, row.leased_until) == ("due", "", None)
    assert states()["102"] == "delivered"


def test_starting_is_a_daemon_that_forks_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []
    forked: list[object] = []
    at_exit: list[object] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    monkeypatch.setattr(atexit, "register", at_exit.append)
    monkeypatch.setattr(deliverer, "_deliverer", None)
    monkeypatch.setattr(
        os, "register_at_fork", lambda *, after_in_child: forked.append(after_in_child)
    )
    deliverer.start()
    assert [thread.daemon for thread in started] == [True]
    assert forked == [deliverer._start]
    assert at_exit == [deliverer._stop]
