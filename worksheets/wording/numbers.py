"""Numbers as people write them, plain or in the language of the page."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext


def plain(number: Decimal) -> str:
    """A mark as people write it: 6, 2.5, never 6.0000. In no language: for a form's value."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"


def number(value: Decimal | int) -> str:
    """As people read it: 6, 2.5 or 2,5, and 20,000 or 20.000. Never for a form's value."""
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return number_format(plain(value))


def marks(value: Decimal) -> str:
    """'6 marks'; one and a half are marks, too."""
    words = ngettext("%(marks)s mark", "%(marks)s marks", 1 if value == 1 else 2)
    return words % {"marks": number(value)}
