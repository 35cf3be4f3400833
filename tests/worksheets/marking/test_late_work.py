"""Days begun on the wall, and percent of what was earned: exact, at most all of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.late_work import Deduction, Late, late

BERLIN = ZoneInfo("Europe/Berlin")
ONCE, DAILY = Deduction(20), Deduction(20, per_day=True)
DUE = datetime(2026, 10, 21, 18, tzinfo=BERLIN)


def at(day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=BERLIN, fold=fold)


def days(due_at: datetime, moment: datetime) -> int:
    found = late(due_at, moment, ONCE, BERLIN)
    return found.days if found else 0


def test_days_that_have_begun() -> None:
    assert days(DUE, DUE) == 0
    assert days(DUE, DUE + timedelta(seconds=1)) == 1
    assert days(DUE, at(22, 18)) == 1
    assert days(DUE, at(22, 18, 1)) == 2


def test_the_change_of_clocks_makes_no_day() -> None:
    saturday = at(24, 18)
    assert days(saturday, at(25, 18)) == 1  # 25 hours later
    assert days(saturday, at(25, 18, 1)) == 2
    spring = datetime(2027, 3, 27, 18, tzinfo=BERLIN)
    assert days(spring, datetime(2027, 3, 28, 18, 1, tzinfo=BERLIN)) == 2  # 23 hours later
    # In the hour that comes twice, the second 02:10 is after the first 02:30.
    assert days(at(25, 2, 30), at(25, 2, 10, fold=1)) == 1


def test_what_is_taken_off() -> None:
    once, daily = late(DUE, at(24, 12), ONCE, BERLIN), late(DUE, at(24, 12), DAILY, BERLIN)
    assert once is not None
    assert daily is not None
    assert (once.days, once.percent, daily.percent) == (3, 20, 60)
    assert once.left_of(Decimal(12)) == Decimal("9.6")
    assert once.taken_off(Decimal(12)) == Decimal("2.4")
    assert DAILY.after(6) == 100
    assert Late(timedelta(days=6), 6, DAILY.after(6)).left_of(Decimal("7.25")) == 0


@given(
    points=st.decimals(0, 99_999, places=4),
    percent=st.integers(0, 100),
    per_day=st.booleans(),
    seconds=st.integers(1, 10**8),
)
def test_it_is_exact_and_never_below_0(
    points: Decimal, percent: int, per_day: bool, seconds: int
) -> None:
    moment = DUE + timedelta(seconds=seconds)
    found = late(DUE, moment, Deduction(percent, per_day), BERLIN)
    assert found is not None
    left = found.left_of(points)
    assert Fraction(left) == Fraction(points) * (100 - found.percent) / 100
    assert 0 <= left <= points
