"""Exact sums and products of marks.

The decimal module's everyday context rounds to 28 digits. A share such as a third,
typed with as many digits as someone likes, has to come out as it went in.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal

EXACT = Context(prec=400)  # two hundred digits times two hundred digits


def times(points: Decimal, weight: Decimal) -> Decimal:
    return EXACT.multiply(points, weight)


def difference(one: Decimal, other: Decimal) -> Decimal:
    """Return how far apart the two are, never negative."""
    return EXACT.abs(EXACT.subtract(one, other))


def total(amounts: Iterable[Decimal]) -> Decimal:
    result = Decimal(0)
    for amount in amounts:
        result = EXACT.add(result, amount)
    return result
