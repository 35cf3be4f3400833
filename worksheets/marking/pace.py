"""The time that a teacher takes for a mark, by the times of those given before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

BREAK = timedelta(minutes=5)  # without a mark: nobody was marking then
MIN_STEPS = 8  # from one mark to the next, before a pace can be told


def seconds_a_mark(times: Sequence[datetime]) -> Fraction | None:
    """Return the mean time from one mark to the next without breaks; None for too few to tell.

    Marks that one press gave to equal answers have the same time: a group takes as long as one.
    """
    in_order = sorted(times)
    steps = [after - before for before, after in pairwise(in_order)]
    worked = [step for step in steps if step <= BREAK]
    if len(worked) < MIN_STEPS:
        return None
    total = sum(worked, timedelta())
    return Fraction(round(total.total_seconds() * 1000), 1000 * len(worked))


def minutes_left(waiting: int, pace: Fraction | None) -> int | None:
    """Return the whole minutes that so many marks take at this pace, None if that is not known."""
    if pace is None or not waiting:
        return None
    return max(1, round(waiting * pace / 60))
