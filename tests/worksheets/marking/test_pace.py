"""How long the marking that is left may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from worksheets.marking.pace import minutes_left, seconds_a_mark

BEGIN = datetime(2026, 12, 1, 18, tzinfo=UTC)


def times(*seconds: float) -> list[datetime]:
    return [BEGIN + timedelta(seconds=one) for one in seconds]


def test_the_mean_without_breaks() -> None:
    evening = [10 * n for n in range(6)]
    morning = [50_000 + 20 * n for n in range(6)]
    assert seconds_a_mark(times(*evening, *morning)) == 15
    assert seconds_a_mark(times(*reversed(evening), *morning)) == 15
    # A press for a group of equal answers takes as long as one for a single answer.
    assert seconds_a_mark(times(*evening, 50, 50, 60)) == Fraction(60, 8)


def test_too_few_to_tell() -> None:
    assert seconds_a_mark([]) is None
    assert seconds_a_mark(times(0, 10, 20, 30)) is None
    assert seconds_a_mark(times(*(1000 * n for n in range(40)))) is None


def test_minutes() -> None:
    pace = seconds_a_mark(times(*(12 * n for n in range(12))))
    assert [minutes_left(n, pace) for n in (0, 1, 128)] == [None, 1, 26]
    assert minutes_left(128, None) is None
