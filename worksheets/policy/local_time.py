"""Times on the clock of a time zone, with the hours that a change of clocks leaves out or repeats.

Pure. PEP 495 calls them gap and fold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum


class OddHour(StrEnum):
    """The odd things that a change of clocks does to a time of the day."""

    MISSING = "missing"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment in UTC; ``is_moved`` if the time that was meant is no single moment.

    It is later then, by as much as the clocks change: nobody's time ends earlier than they read.
    """

    at: datetime
    is_moved: bool


def odd_hour(time: datetime, zone: tzinfo) -> OddHour | None:
    """Return why a naive time is no single moment in a zone, None if it is one."""
    change = _change(time, zone)
    if not change:
        return None
    return OddHour.TWICE if change > timedelta(0) else OddHour.MISSING


def days_later(moment: datetime, days: int, zone: tzinfo) -> LocalMoment:
    """Return the same time on the zone's clock so many days later."""
    time = moment.astimezone(zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    change = abs(_change(time, zone))
    return LocalMoment((time + change).replace(tzinfo=zone).astimezone(UTC), bool(change))


def _change(time: datetime, zone: tzinfo) -> timedelta:
    """Return by how much the zone's clocks go back (or, below 0, forward) at a naive time."""
    first = time.replace(tzinfo=zone, fold=0).utcoffset() or timedelta(0)
    second = time.replace(tzinfo=zone, fold=1).utcoffset() or timedelta(0)
    return first - second
