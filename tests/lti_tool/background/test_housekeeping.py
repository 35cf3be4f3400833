"""The daily work: once a day, in one process, and never at the cost of a score."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from lti_tool.background import housekeeping
from lti_tool.background.deliverer import Deliverer
from lti_tool.background.housekeeping import FIRST_LOOK, NEXT_LOOK, Housekeeper
from lti_tool.grades import outbox
from lti_tool.grades.outbox import Leased
from lti_tool.models import PeriodicJob
from tests.lti_tool.clock import Clock

NAME = f"{__name__}.work"
done: list[str] = []


def work() -> None:
    """What the settings name."""
    done.append("work")


def failing() -> None:
    raise OperationalError("database is locked")


@pytest.fixture(autouse=True)
def _nothing_done(settings: Settings) -> Iterator[None]:
    settings.LTI_HOUSEKEEPING = [NAME]
    done.clear()
    yield
    done.clear()


def let_pass(**time: float) -> None:
    PeriodicJob.objects.update(due_at=timezone.now() - timedelta(**time))


@pytest.mark.django_db
def test_it_is_done_at_once_and_then_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", Clock())
    assert housekeeping.run_periodic_jobs() == [NAME]
    assert housekeeping.run_periodic_jobs() == []
    due_at = PeriodicJob.objects.get().due_at
    assert timedelta() < due_at - timezone.now() <= timedelta(days=1)
    assert (due_at.hour, due_at.minute) == (2, 0)  # at night
    let_pass(seconds=1)
    assert housekeeping.run_periodic_jobs() == [NAME]
    assert done == ["work", "work"]


@pytest.mark.django_db
def test_what_another_process_has_begun_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process looks while this one works."""
    monkeypatch.setattr(f"{__name__}.work", lambda: done.extend(housekeeping.run_periodic_jobs()))
    assert housekeeping.run_periodic_jobs() == [NAME]
    assert done == []


@pytest.mark.django_db
def test_of_two_that_look_at_the_same_moment_one_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    PeriodicJob.objects.create(name=NAME, due_at=timezone.now() - timedelta(hours=1))
    find = PeriodicJob.objects.get_or_create

    def overtaken(**key: object) -> tuple[PeriodicJob, bool]:
        found = find(**key)  # type: ignore[arg-type]
        PeriodicJob.objects.update(due_at=timezone.now() + timedelta(hours=1))
        return found

    monkeypatch.setattr(PeriodicJob.objects, "get_or_create", overtaken)
    assert housekeeping.run_periodic_jobs() == []
    assert done == []


@pytest.mark.django_db
def test_what_failed_is_tried_again_within_the_hour(settings: Settings) -> None:
    settings.LTI_HOUSEKEEPING = [f"{__name__}.failing"]
    with pytest.raises(OperationalError):
        housekeeping.run_periodic_jobs()
    assert PeriodicJob.objects.get().due_at - timezone.now() <= timedelta(hours=1)


def test_the_thread_looks_after_a_minute_and_then_every_ten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, started = [1000.0], []
    monkeypatch.setattr("lti_tool.background.housekeeping.time.monotonic", lambda: now[0])
    monkeypatch.setattr(threading.Thread, "start", lambda thread: started.append(thread.daemon))
    keeper = Housekeeper()
    for seconds, looks in [(0, 0), (FIRST_LOOK, 1), (1, 1), (NEXT_LOOK, 2)]:
        now[0] += seconds
        keeper.run_if_due()
        assert started == [True] * looks


def test_a_database_that_is_away_is_logged_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(housekeeping, "run_periodic_jobs", failing)
    monkeypatch.setattr(
        "lti_tool.background.housekeeping.connection.close", lambda: closed.append(True)
    )
    housekeeping._run_in_thread()
    assert "the daily jobs wait for the database" in caplog.text
    assert closed == [True]


@pytest.mark.django_db
def test_the_deliverer_looks_after_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Deliverer(threads=1)
    rounds: list[str] = []

    def look() -> None:
        rounds.append("look")
        hand.ask_to_stop()

    def lease(_free: int) -> list[Leased]:
        rounds.append("deliver")
        return []

    monkeypatch.setattr("lti_tool.background.deliverer.close_old_connections", lambda: None)
    monkeypatch.setattr(outbox, "lease", lease)
    hand.run(look)
    assert rounds == ["deliver", "look"]
