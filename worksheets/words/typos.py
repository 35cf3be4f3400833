"""Tests for one wrong letter, and for whether it may be forgiven.

Forgiven is one slip in one word of five letters or more: a letter missing, too many,
replaced, or two neighbours swapped. An apostrophe or an accent counts as a letter here.
Never forgiven is what could be something else: figures, numbers in Roman letters or in
words, a difference in capitals where capitals count, and scripts in which a character
is a syllable or a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from worksheets.words.terms import Term

MIN_LETTERS = 5  # letters of the right word; in shorter ones a slip too often makes another word

# Ideographs, kana and Hangul lie from here on.
_FIRST_SYLLABLE = 0x2E80
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
# Words one slip from another: 'billion' for 'million' is as wrong as 1935 for 1936.
_NUMBER_WORDS = frozenset(
    {"million", "billion", "eight", "eighth", "eighty", "fifth", "fifty"}
    | {"sixth", "sixty", "seventh", "seventy"}
)


def is_slip(given: Term, right: Term) -> bool:
    """Return whether the response is the right answer with one slip of the pen."""
    return any(one_slip(mine, yours) for mine in given.readings for yours in right.readings)


def is_nearest(given: Term, rivals: Iterable[Term]) -> bool:
    """Return whether a rival is at most one edit (OSA distance) away from the response, too."""
    return any(
        OSA.distance(mine, yours, score_cutoff=1) <= 1
        for rival in rivals
        for yours in rival.readings
        for mine in given.readings
    )


def one_slip(given: str, right: str) -> bool:
    """Return whether exactly one word differs, and that by one letter that may be forgiven."""
    if abs(len(given) - len(right)) > 1:
        return False
    given_words, right_words = given.split(" "), right.split(" ")
    if len(given_words) != len(right_words):
        return False
    pairs = zip(given_words, right_words, strict=True)
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(differing) == 1 and _slip_of_word(*differing[0])


def _slip_of_word(given: str, right: str) -> bool:
    return (
        OSA.distance(given, right, score_cutoff=1) == 1
        and sum(map(str.isalpha, right)) >= MIN_LETTERS
        and given.casefold() != right.casefold()
        and given.casefold() not in _NUMBER_WORDS
        and not any(_ROMAN.fullmatch(word.casefold()) for word in (given, right))
        and all(map(_is_letter, given + right))
    )


def _is_letter(char: str) -> bool:
    if ord(char) >= _FIRST_SYLLABLE:
        return False
    return char == "'" or unicodedata.category(char)[0] in "LM"
