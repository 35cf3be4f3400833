"""Patterns in which ``*`` stands for any run of characters, and nothing else is special.

There is no regular expression behind it. The pieces between the stars are looked for
from left to right, each after the last, and the first place is always good enough, so
nothing is ever tried twice and no pattern can hang the marker.
"""

from __future__ import annotations

from functools import lru_cache

STAR = "*"


def matches(pattern: str, text: str) -> bool:
    """Return whether the whole text fits the pattern. Both are normalised already."""
    pieces = _pieces(pattern)
    text = text.replace(" ", "  ")
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last)):
        return False
    place = len(first)
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[str, ...]:
    spaced = pattern.replace(" ", "  ")
    # 'the * of Nations' fits 'the of Nations' too: a star may be empty, and the spaces
    # on its two sides are then one. With every other space doubled, each has its own.
    spaced = spaced.replace("  *", " *").replace("*  ", "* ")
    return tuple(spaced.split(STAR))
