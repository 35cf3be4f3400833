"""The comparison of a response with a key's answer, by the mode that the teacher chose.

Two degrees matter, because the nearer one wins: with ``the Rhineland`` accepted and a
bare ``Rhineland`` anticipated as wrong, each response gets what was written for it,
although the two agree once articles are passed over.
"""

from __future__ import annotations

from decimal import Decimal

from worksheets.marking.normalise import Term
from worksheets.marking.patterns import STAR, matches
from worksheets.marking.quantities import read_quantity, within
from worksheets.markup.sheet import Mode


def same(mode: Mode, given: Term, key: Term) -> bool:
    """Return whether the normalised response is the key itself, or as a number equal to it."""
    if mode is Mode.PATTERN and STAR in key.plain:
        return False
    return given.plain == key.plain or (mode is Mode.NUMBER and _near(given, key, Decimal(0)))


def alike(mode: Mode, given: Term, key: Term, tolerance: Decimal) -> bool:
    """Return whether the response is as good as the key under the rules of the mode.

    A number is read as a number or not at all: nothing in it is passed over.
    """
    if mode is Mode.NUMBER:
        return _near(given, key, tolerance)
    if mode is Mode.PATTERN:
        return _fits(given, key)
    return given.agrees(key)


def _fits(given: Term, key: Term) -> bool:
    # '*.com' has to find its stop, which the readings leave out.
    return matches(key.plain, given.plain) or any(
        matches(pattern, text) for pattern in key.readings for text in given.readings
    )


def _near(given: Term, key: Term, tolerance: Decimal) -> bool:
    mine, yours = read_quantity(given.plain), read_quantity(key.plain)
    return mine is not None and yours is not None and within(mine, yours, tolerance)
