"""Numbers as people write them, plain or in the language of the page."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext


def plain(number: Decimal) -> str:
    """Return 6 or 2.5, never 6.0000, in no language: for a form's value."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"


def number(value: Decimal | int) -> str:
    """Return a number as people read it: 2.5 or 2,5, 20,000 or 20.000; not for a form's value."""
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return number_format(plain(value))


def marks(value: Decimal) -> str:
    """Return '6 marks', '1 mark' or '1.5 marks' in the active language."""
    words = ngettext("%(marks)s mark", "%(marks)s marks", 1 if value == 1 else 2)
    return words % {"marks": number(value)}
