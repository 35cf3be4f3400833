"""Who may wait for the database, with a clock that the tests move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from lti_tool.db import waiting
from lti_tool.db.troubles import GaveUp
from lti_tool.db.waiting import PAGE_SECONDS, STUCK_SECONDS, Wait


class Time:
    """What the waits take for the time."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Time]:
    made = Time()
    settings.LTI_WEB_THREADS = 4
    monkeypatch.setattr(time, "monotonic", made)
    monkeypatch.setattr(waiting, "_waiters", waiting._Waiters())
    with waiting.as_page():
        yield made


def begin(stack: ExitStack) -> Wait:
    return stack.enter_context(Wait())


def give_up(at: Time) -> None:
    """Wait for as long as a page may, and in vain."""

    def wait_too_long() -> None:
        with Wait() as wait:
            at.now += PAGE_SECONDS
            wait.go_on()

    with pytest.raises(GaveUp):
        wait_too_long()


def test_a_page_gives_up_before_a_person_does(at: Time) -> None:
    with Wait() as wait:
        wait.go_on()
        at.now += PAGE_SECONDS
        with pytest.raises(GaveUp, match=r"within 4\.0 seconds"):
            wait.go_on()


def test_other_work_waits_longer(at: Time) -> None:
    with waiting.at_most(1000), Wait(20) as wait:
        at.now += 100
        wait.go_on()
    waiting._thread.limit = None
    with Wait(20) as wait:
        at.now += 19.9
        wait.go_on()
        at.now += 0.2
        with pytest.raises(GaveUp):
            wait.go_on()
    with Wait() as wait:
        at.now += 10_000
        wait.go_on()


def test_half_of_the_threads_wait_in_vain(at: Time) -> None:
    with ExitStack() as stack:
        first, second, third = begin(stack), begin(stack), begin(stack)
        first.go_on()
        second.go_on()
        third.go_on()  # perhaps it leads to something
        at.now += STUCK_SECONDS
        first.go_on()
        second.go_on()
        with pytest.raises(GaveUp, match="in vain"):
            third.go_on()
        with pytest.raises(GaveUp, match="in vain"):
            waiting.refuse_if_in_vain()
        with waiting.at_most(1):
            waiting.refuse_if_in_vain()  # it takes nobody's place


def test_while_others_get_through_all_may_wait(at: Time) -> None:
    with ExitStack() as stack:
        waits = [begin(stack) for _ in range(4)]
        for _ in range(10):
            with Wait():
                at.now += STUCK_SECONDS - 0.1
            for wait in waits:
                if at.now < 1000 + PAGE_SECONDS:
                    wait.go_on()
        waiting.refuse_if_in_vain()


def test_that_somebody_gave_up_is_remembered(at: Time) -> None:
    """Or the next eight would all be tried for a while, and hold up a health check."""
    give_up(at)
    with ExitStack() as stack:
        first, second, third = begin(stack), begin(stack), begin(stack)
        first.go_on()
        second.go_on()
        with pytest.raises(GaveUp, match="in vain"):
            waiting.refuse_if_in_vain()
        third.go_on()  # it may just be slow
        at.now += waiting.MIN_SECONDS
        with pytest.raises(GaveUp, match="in vain"):
            third.go_on()
    with Wait():
        at.now += waiting.SLICE_SECONDS  # and got through
    with ExitStack() as stack:
        begin(stack).go_on()
        begin(stack).go_on()
        waiting.refuse_if_in_vain()


def test_who_finds_no_place_proves_nothing(at: Time) -> None:
    """One refusal would bring the next, for as long as people come."""
    with ExitStack() as stack:
        begin(stack).go_on()
        begin(stack).go_on()

        def wait_for_a_place() -> None:
            with Wait() as wait:
                at.now += STUCK_SECONDS
                wait.go_on()

        with pytest.raises(GaveUp, match="in vain"):
            wait_for_a_place()
        at.now -= STUCK_SECONDS  # the two got through at their second try, too soon to be counted
    at.now += waiting.SLICE_SECONDS
    with ExitStack() as stack:
        begin(stack).go_on()
        begin(stack).go_on()
        waiting.refuse_if_in_vain()
        begin(stack).go_on()


def test_a_database_that_is_only_busy_is_waited_for(at: Time) -> None:
    with ExitStack() as stack:
        first, second, third = begin(stack), begin(stack), begin(stack)
        for _ in range(4):
            at.now += STUCK_SECONDS - 0.1
            for wait in (first, second, third):
                wait.go_on()
            first.note_progress()  # others get through, of another process perhaps
        waiting.refuse_if_in_vain()
        at.now += STUCK_SECONDS
        with pytest.raises(GaveUp, match="in vain"):
            third.go_on()
