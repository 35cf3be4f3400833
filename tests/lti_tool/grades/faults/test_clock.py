"""A clock that was set back, or forward, in the middle of a term."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest

from lti_tool.adapter import tokens
from lti_tool.background import deliverer
from lti_tool.background.deliverer import Deliverer
from lti_tool.grades import outbox
from lti_tool.grades.outbox import clocks
from lti_tool.grades.outbox.clocks import Clocks, read_clocks, reset_future_times
from lti_tool.models import AccessToken, Delivery, PlatformQueue, Registration
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.grades.faults.scores import AMINA, report, row_of
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

HOUR = 3600.0


def set_ours(clock: Clock, lms: FakePlatform, seconds: float) -> None:
    """Our clock jumps; the platform's goes on as before."""
    clock.go_on(seconds)
    lms.clock_ahead -= seconds


def remark_after_our_clock_was_set_back(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(10)
    set_ours(clock, lms, -HOUR)
    report(cast, cast.amina, "7")
    assert deliver_due() == 0


def test_set_back_an_hour_and_every_score_waits_until_the_platform_is_asked(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    remark_after_our_clock_was_set_back(cast, lms, clock)
    assert read_clocks() == 1
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7
    first, second = (datetime.fromisoformat(score["timestamp"]) for score in lms.scores)
    assert first < second <= clock.time + timedelta(seconds=lms.clock_ahead)


@pytest.mark.parametrize("waits", ["for its next try", "for a dead process", "with its queue"])
def test_set_back_an_hour_and_nothing_waits_for_that_hour(
    cast: Cast, lms: FakePlatform, clock: Clock, waits: str
) -> None:
    report(cast, cast.amina)
    if waits == "for a dead process":
        outbox.lease(1)
    else:
        lms.fail("scores", Fault(503, headers={"Retry-After": "20"}))
        deliver_due()
    if waits == "with its queue":
        PlatformQueue.objects.update(
            paused_until=clock.time + timedelta(minutes=5), consecutive_pauses=1
        )
    set_ours(clock, lms, -2 * HOUR)
    assert deliver_due() == 0
    mended = reset_future_times()
    assert mended >= 1
    assert reset_future_times() == 0
    clock.go_on(5)
    read_clocks()
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_an_ordinary_wait_is_left_alone(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    report(cast, cast.ben)
    outbox.lease(1)
    lms.fail("scores", Fault(503, headers={"Retry-After": "100000"}))
    deliver_due()
    assert reset_future_times() == 0


def test_set_forward_an_hour_and_no_score_is_in_the_platforms_future(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    set_ours(clock, lms, HOUR)
    report(cast, cast.ben)
    tokens._cache.clear()
    AccessToken.objects.all().delete()
    deliver_due()  # the answer to the question for a token tells
    there = clock.time + timedelta(seconds=lms.clock_ahead)
    assert datetime.fromisoformat(lms.scores[-1]["timestamp"]) <= there
    clock.go_on(10)
    report(cast, cast.amina, "7")
    assert deliver_due() == 1
    sent = datetime.fromisoformat(lms.scores[-1]["timestamp"])
    assert sent <= clock.time + timedelta(seconds=lms.clock_ahead)
    assert lms.gradebook.cell(AMINA).given == 7


def test_asking_takes_no_token_and_any_refusal_will_do(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    remark_after_our_clock_was_set_back(cast, lms, clock)
    before = len(lms.asked)
    read_clocks()
    (asked,) = lms.asked[before:]
    assert (asked.method, asked.endpoint) == ("GET", "token")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize("date", [None, "soon"])
def test_a_platform_that_does_not_tell_is_asked_again(
    cast: Cast, lms: FakePlatform, clock: Clock, date: str | None
) -> None:
    remark_after_our_clock_was_set_back(cast, lms, clock)
    lms.fail("token", Fault(405) if date else Fault(reset=True))
    lms.date_header = date
    assert read_clocks() == 0
    assert deliver_due() == 0
    lms.date_header = None
    assert read_clocks() == 1
    assert deliver_due() == 1


def test_nobody_is_asked_where_nothing_is_held_back(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    report(cast, cast.amina, "7")  # waits for the next second, as it should
    report(cast, cast.ben)
    before = len(lms.asked)
    assert read_clocks() == 0
    clock.go_on(-HOUR)  # what is delivered waits for nothing
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    assert read_clocks() == 0
    assert len(lms.asked) == before


@pytest.mark.parametrize("closed", ["queue", "registration"])
def test_who_is_not_to_be_called_is_not_asked(
    cast: Cast, lms: FakePlatform, clock: Clock, closed: str
) -> None:
    remark_after_our_clock_was_set_back(cast, lms, clock)
    if closed == "queue":
        PlatformQueue.objects.update(paused_until=clock.time + timedelta(minutes=1))
    else:
        Registration.objects.update(is_active=False)
    assert read_clocks() == 0


def test_a_platform_whose_own_clock_was_set_back_is_not_sent_its_future(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Its cell holds a second that is not over there yet."""
    lms.clock_ahead = HOUR
    PlatformQueue.objects.update_or_create(
        registration=cast.course.deployment.registration, defaults={"clock_ahead": HOUR}
    )
    report(cast, cast.amina)
    deliver_due()
    lms.clock_ahead = 0
    report(cast, cast.ben)
    deliver_due()
    clock.go_on(10)
    report(cast, cast.amina, "7")
    assert read_clocks() == 1
    assert deliver_due() == 0
    clock.go_on(HOUR)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 7
    assert row_of(cast.amina).state == Delivery.State.DELIVERED


# --- in the deliverer ---


def test_a_worker_of_celery_asks_too(
    cast: Cast, lms: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []
    monkeypatch.setattr(Clocks, "run_if_due", lambda _self: looked.append(True))
    Deliverer(threads=1).drain()
    assert looked == [True]


def test_the_deliverer_looks_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    now = time.monotonic()
    watch = Clocks(lambda: None)
    for seconds, looks in [(0, 0), (11, 1), (12, 1), (70, 1), (72, 2)]:
        monkeypatch.setattr(time, "monotonic", lambda later=now + seconds: later)
        watch.run_if_due()
        assert len(started) == looks
    assert all(thread.daemon for thread in started)


@pytest.mark.django_db(transaction=True)
def test_the_deliverer_asks_and_goes_on_at_once(
    lms: FakePlatform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    remark_after_our_clock_was_set_back(cast, lms, clock)
    monkeypatch.setattr(deliverer, "MAX_SLEEP_SECONDS", 30.0)
    monkeypatch.setattr(clocks, "FIRST_CHECK", 0.0)
    running = Deliverer(threads=2)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        assert lms.wait_for("scores", 2)
    finally:
        running.stop(10)
        thread.join(20)
    assert lms.gradebook.cell(AMINA).given == 7
