"""The direction in which a text is written, by its first letter that has one.

Browsers do the same for dir="auto". They count what stands in a gap's list, and not what stands in
a list's items that say theirs; here it is the sheet's text alone, and the attribute is only written
where the direction changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.translation import get_language_bidi

_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def page_direction() -> str:
    """Return 'rtl' or 'ltr', as the page's language is written."""
    return "rtl" if get_language_bidi() else "ltr"


def direction(texts: Iterable[str], around: str) -> str:
    """Return 'rtl' or 'ltr', or ``around`` for texts without a letter that tells."""
    for text in texts:
        if text.isascii() and around == "ltr":
            if any(map(str.isalpha, text)):
                return "ltr"
            continue
        for char in text:
            kind = unicodedata.bidirectional(char)
            if kind in _RIGHT_TO_LEFT:
                return "rtl"
            if kind == "L":
                return "ltr"
    return around


def attribute(inside: str, around: str) -> str:
    """Return the attribute of an element that is written otherwise than what is around it."""
    return "" if inside == around else f' dir="{inside}"'
