"""Dates of the LMS lead; without them the assignment's own hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.models import StoredLaunch
from worksheets.models import Assignment, PupilDates
from worksheets.policy.schedule import Schedule, own_schedule, schedule

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2126, 1, 1, tzinfo=UTC)


def test_each_date_that_the_lms_tells_leads() -> None:
    own = Assignment(opens_at=EARLY, closes_at=EARLY)
    told = StoredLaunch(closes_at=LATE, due_at=LATE)
    assert schedule(own, told) == Schedule(opens_at=EARLY, due_at=LATE, closes_at=LATE)
    assert schedule(Assignment(), told) == Schedule(due_at=LATE, closes_at=LATE)


def test_without_the_lms_the_assignments_own_dates_hold() -> None:
    own = Assignment(opens_at=EARLY, closes_at=LATE)
    assert schedule(own, StoredLaunch()) == own_schedule(own) == Schedule(EARLY, None, LATE)


@pytest.mark.parametrize("name", ["opens_at", "due_at", "closes_at"])
def test_where_the_lms_has_dates_a_missing_one_is_no_limit(name: str) -> None:
    own = Assignment(opens_at=LATE, closes_at=EARLY)
    told: dict[str, Any] = {name: LATE}
    assert schedule(own, StoredLaunch(dates_lead=True, **told)) == Schedule(**told)


def test_what_was_chosen_here_holds_until_the_lms_has_a_date() -> None:
    """Canvas's page of an assignment drops the dates of the item that is chosen there."""
    own = Assignment(opens_at=EARLY, closes_at=EARLY)
    assert schedule(own, StoredLaunch(dates_lead=True)) == own_schedule(own)
    assert schedule(own, StoredLaunch(dates_lead=True)).is_closed


def test_no_date_is_no_limit() -> None:
    limits = own_schedule(Assignment())
    assert not limits.is_closed
    assert not limits.is_not_open_yet


@pytest.mark.parametrize("seconds", [-60, 0])
def test_the_close_is_to_the_second(seconds: int) -> None:
    assert Schedule(closes_at=timezone.now() + timedelta(seconds=seconds)).is_closed
    assert not Schedule(closes_at=timezone.now() + timedelta(minutes=1)).is_closed


def test_it_opens_at_its_time() -> None:
    assert Schedule(opens_at=timezone.now() + timedelta(minutes=1)).is_not_open_yet
    assert not Schedule(opens_at=timezone.now()).is_not_open_yet


def test_a_pupils_own_date_leads_date_by_date() -> None:
    told = StoredLaunch(dates_lead=True, due_at=EARLY, closes_at=EARLY)
    found = schedule(Assignment(opens_at=LATE), told, PupilDates(opens_at=EARLY, closes_at=LATE))
    assert found == Schedule(EARLY, EARLY, LATE)
    assert (found.lms_due_at, found.lms_leads) == (EARLY, True)
    # Due later than it closes for the class: it stays open until then, and no longer.
    assert schedule(Assignment(), told, PupilDates(due_at=LATE)).closes_at == LATE
    assert schedule(Assignment(), StoredLaunch(), PupilDates(due_at=LATE)).closes_at is None
    own = Assignment(closes_at=LATE)
    assert schedule(own, StoredLaunch(), PupilDates(due_at=EARLY)).closes_at == LATE
    assert own_schedule(Assignment(due_at=LATE)).due_at == LATE
