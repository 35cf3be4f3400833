"""The same time on the clock, days later, over the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reported import reported
from worksheets.policy.local_time import LocalMoment, OddHour, days_later, odd_hour

BERLIN = ZoneInfo("Europe/Berlin")


@reported("desk-19")
def test_days_later_is_the_same_time_on_the_clock() -> None:
    due = datetime(2026, 10, 21, 16, tzinfo=UTC)  # 18:00 in Berlin
    for zone in (BERLIN, ZoneInfo("Europe/London")):
        assert days_later(due, 7, zone).at == datetime(2026, 10, 28, 18, tzinfo=BERLIN)
        assert days_later(due, 8, zone).at == datetime(2026, 10, 29, 18, tzinfo=BERLIN)
    far = days_later(datetime(2198, 12, 31, 12, tzinfo=UTC), 366, BERLIN)
    assert far.at.year == 2200
    assert not far.is_moved


def test_an_hour_that_a_change_of_clocks_leaves_out_or_repeats_is_later() -> None:
    spring, autumn = datetime(2027, 3, 28, 2, 30), datetime(2026, 10, 25, 2, 30)
    assert odd_hour(spring, BERLIN) is OddHour.MISSING
    assert odd_hour(autumn, BERLIN) is OddHour.TWICE
    assert odd_hour(spring, ZoneInfo("America/New_York")) is None
    for odd, in_utc in [(spring, 1), (autumn, 2)]:
        a_day_before = (odd - timedelta(days=1)).replace(tzinfo=BERLIN)
        found = days_later(a_day_before, 1, BERLIN)
        assert found == LocalMoment(odd.replace(hour=in_utc, tzinfo=UTC), is_moved=True)
        assert found.at.astimezone(BERLIN).hour == 3
        assert not days_later(a_day_before, 2, BERLIN).is_moved
    # Half an hour, on Lord Howe.
    howe = ZoneInfo("Australia/Lord_Howe")
    found = days_later(datetime(2026, 10, 3, 2, 10, tzinfo=howe), 1, howe)
    assert found.at.astimezone(howe).replace(tzinfo=None) == datetime(2026, 10, 4, 2, 40)
