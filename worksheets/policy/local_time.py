"""Times on the wall of a time zone, with the hours that a change of clocks leaves out or repeats.

Pure. PEP 495 calls them gap and fold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment in UTC; ``is_missing`` if the clock of its zone never shows the time that was meant.

    Such a moment is as much later as the clocks go forward. Of a time that comes twice it is the
    second one: nobody's time ends earlier than they read.
    """

    at: datetime
    is_missing: bool


def on_wall(time: datetime, zone: tzinfo) -> LocalMoment:
    """Return the moment at which the zone's clock shows this naive time."""
    first = time.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = first.astimezone(zone).replace(tzinfo=None, fold=0)
    is_missing = shown != time.replace(fold=0)
    at = first if is_missing else time.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return LocalMoment(at, is_missing)


def days_later(moment: datetime, days: int, zone: tzinfo) -> LocalMoment:
    """Return the same time on the zone's clock so many days later."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    return on_wall(local + timedelta(days=days), zone)
