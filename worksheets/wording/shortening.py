"""Texts cut to a length: between words, never inside what people read as one character."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

ELLIPSIS = "…"
_MIN_SHARE = 0.6  # of the room that words fill; where they fill less, the last word is cut too
_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)  # two of these letters are one flag
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)  # behind a black flag, those of Scotland or Wales
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))  # behind a Korean syllable's first letter
_VIRAMA = 9  # the combining class of signs that join two letters of India's scripts


def shorten(text: str, length: int) -> str:
    """Return the text in at most so many characters, with '…' where it was cut."""
    if len(text) <= length:
        return text
    if length < 1:
        return ""
    end = length - len(ELLIPSIS)
    while end and _belongs_together(text, end):
        end -= 1
    words = text[:end] if text[end].isspace() else text[:end].rpartition(_last_space(text[:end]))[0]
    kept = words.rstrip() if len(words) >= _MIN_SHARE * length else text[:end].rstrip()
    return f"{kept}{ELLIPSIS}"


def fit(texts: Sequence[str], room: int) -> list[str]:
    """Return the texts in at most so many characters together: the longest ones are cut.

    Each keeps what it has, up to a length that is the same for all; what short ones leave goes to
    the long ones.
    """
    lengths = sorted(map(len, texts))
    for place, length in enumerate(lengths):
        share = room // (len(lengths) - place)
        if length > share:
            return [shorten(text, max(share, 0)) for text in texts]
        room -= length
    return list(texts)


def _last_space(text: str) -> str:
    """Return the last white space in a text, or a blank."""
    return next((sign for sign in reversed(text) if sign.isspace()), " ")


def _belongs_together(text: str, end: int) -> bool:
    """Return whether a cut there would part a character from its accents, joins or its pair."""
    before, after = text[end - 1], text[end]
    if after == _JOINER or before == _JOINER or unicodedata.combining(before) == _VIRAMA:
        return True
    if any(ord(after) in signs for signs in (_SKIN_TONES, _TAGS, *_JAMO)):
        return True
    if ord(before) in _FLAGS and ord(after) in _FLAGS:
        start = end
        while start and ord(text[start - 1]) in _FLAGS:
            start -= 1
        return (end - start) % 2 == 1
    return bool(unicodedata.category(after).startswith("M"))
