"""The lateness of work, and what is taken off for it. Pure.

Days are those of a calendar and a clock on the wall: who is due on Saturday at six and submits on
Sunday at six is one day late, in the night of the change of clocks too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deduction:
    """The deduction for late work: percent of what was earned, once or for each day begun."""

    percent: int
    per_day: bool = False

    def after(self, days: int) -> int:
        """Return the percent that are taken off after so many days begun, at most 100."""
        return min(self.percent * (days if self.per_day else min(days, 1)), 100)


@dataclass(frozen=True, slots=True)
class Late:
    """The lateness of work; ``days`` counts those that have begun, so it is at least 1."""

    by: timedelta
    days: int
    percent: int

    def taken_off(self, points: Decimal) -> Decimal:
        """Return the points that are taken off so many, exact."""
        return points * self.percent / 100

    def left_of(self, points: Decimal) -> Decimal:
        """Return what is left of so many points, exact; never below 0."""
        return points - self.taken_off(points)


def late(due_at: datetime, at: datetime, deduction: Deduction, zone: tzinfo) -> Late | None:
    """Return by how much work of this moment is late, None if it is in time.

    Both moments are aware; ``zone`` is that in which days are counted.
    """
    # Of two times of one zone Python compares what the clock shows.
    by = at.astimezone(UTC) - due_at.astimezone(UTC)
    if by <= timedelta(0):
        return None
    on_wall = _on_wall(at, zone) - _on_wall(due_at, zone)
    # In the hour that comes twice a later moment may show the earlier time.
    days = max(-(-on_wall // _DAY), 1)
    return Late(by, days, deduction.after(days))


def _on_wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
