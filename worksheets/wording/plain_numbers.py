"""Numbers as people write them. Pure."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal) -> str:
    """A mark as people write it: 6, 2.5, never 6.0000."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"
