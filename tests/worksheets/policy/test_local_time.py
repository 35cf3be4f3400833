"""The same time on the clock, days later, over the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.reported import reported
from worksheets.policy.local_time import LocalMoment, days_later, on_wall

BERLIN = ZoneInfo("Europe/Berlin")


@reported("desk-19")
def test_days_later_is_the_same_time_on_the_clock() -> None:
    due = datetime(2026, 10, 21, 16, tzinfo=UTC)  # 18:00 in Berlin
    for zone in (BERLIN, ZoneInfo("Europe/London")):
        assert days_later(due, 7, zone).at == datetime(2026, 10, 28, 18, tzinfo=BERLIN)
        assert days_later(due, 8, zone).at == datetime(2026, 10, 29, 18, tzinfo=BERLIN)
    far = days_later(datetime(2198, 12, 31, 12, tzinfo=UTC), 366, BERLIN)
    assert far.at.year == 2200
    assert not far.is_missing


def test_a_time_that_the_clock_leaves_out_is_as_much_later() -> None:
    found = on_wall(datetime(2027, 3, 28, 2, 30), BERLIN)
    assert found == LocalMoment(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), is_missing=True)
    assert found.at.astimezone(BERLIN).hour == 3
    a_day_before = datetime(2027, 3, 27, 2, 30, tzinfo=BERLIN)
    assert days_later(a_day_before, 1, BERLIN) == found
    assert not days_later(a_day_before, 2, BERLIN).is_missing


def test_of_a_time_that_comes_twice_the_second_counts() -> None:
    found = on_wall(datetime(2026, 10, 25, 2, 30), BERLIN)
    assert found == LocalMoment(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), is_missing=False)
