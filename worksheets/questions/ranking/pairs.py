"""The marking of a ranking by the pairs that stand the right way round."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations


def mark_order(right: Sequence[str], given: Sequence[str], points: Decimal) -> Fraction | None:
    """Return the exact share of the points that a ranking earns; None if it cannot be marked.

    A ranking without one right order, or with fewer than two things in it, is for a
    person to mark. Every pair that stands in the right order earns the same, so one
    factor a place too far costs little and the reverse order earns nothing. What was
    not ranked earns no pair; what is not among the things to rank is passed over, and
    of a repetition the first counts.
    """
    things = list(dict.fromkeys(right))
    if len(things) < 2:
        return None
    places = {thing: place for place, thing in reversed(list(enumerate(given)))}
    pairs = list(combinations(things, 2))
    concordant = sum(
        first in places and second in places and places[first] < places[second]
        for first, second in pairs
    )
    return Fraction(points) * Fraction(concordant, len(pairs))
