"""The things that a paper names to be ranked: lists in a sentence, in a box, on lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .ranking_blanks import BLANK, MAX_THINGS, MAX_WORDS, MIN_THINGS, in_sequence
from .ranking_words import AND, ON_SCALE, SCALE

MAX_WORDS_IN_LIST = 12

_LETTERS = re.compile(r"(?:^|(?<=\s))\(?([A-Za-z])[.)]\s+")
_MARKERS = (r"\s*\|\s*", r"\s*[•·▪■]\s*", r"\s*;\s*", r"\t+|\s{2,}")
_SEPARATORS = (*_MARKERS, r"\s+/\s+", r"\s*,(?!\d)\s*", r"\s*/\s*", r"\s+[–—-]\s+")
_NOTE = re.compile(r"=|\A[0-9]{1,3}\s*(?:marks?|points?|pts?|min\w*|punkte?)\.?\Z", re.I)


@dataclass(frozen=True, slots=True)
class Things:
    """The things of a list; ``whole`` says that the list has no other word, such as 'and'."""

    names: tuple[str, ...]
    whole: bool = True


def split_list(
    rows: Sequence[str], wanted: int, *, announced: bool = False, loose: bool = False
) -> Things | None:
    """Return the things that lines name, None if they do not seem to be a list.

    There should be as many as ``wanted``; a list that is ``announced`` may have another number
    of things. A ``loose`` list, such as a box, may be words with only spaces between.
    """
    bare = [text for row in rows if (text := _bare(row))]
    found = [things for things in _splits(bare, loose=loose) if _are_things(things.names)]
    exact = next((things for things in found if len(things.names) == wanted), None)
    return exact or (found[0] if found and announced else None)


def is_list(text: str) -> bool:
    """Return whether a text has signs between its words that make it a list, and is no sentence."""
    text = text.strip()
    return not text.endswith((".", "!", "?")) and any(
        re.search(separator, text) for separator in _SEPARATORS
    )


def _splits(rows: Sequence[str], *, loose: bool) -> Iterator[Things]:
    """Yield the ways to split lines into things, the likeliest first."""
    text = " ".join(rows)
    letters = [letter.lower() for letter in _LETTERS.findall(text)]
    if len(letters) >= MIN_THINGS and _LETTERS.match(text) and in_sequence(letters):
        yield Things(tuple(part.strip(" ,;") for part in _LETTERS.split(text)[2::2]))
    if len(rows) > 1:
        yield _without_and([row.rstrip(",; ") for row in rows])
    for separator in _SEPARATORS:
        parts = [part for part in re.split(separator, text) if part]
        if len(parts) > 1:
            yield _without_and(parts)
            yield Things(tuple(parts))
        if len(rows) > 1 and separator in _MARKERS:
            yield Things(tuple(part for row in rows for part in re.split(separator, row) if part))
    if not loose:
        return
    yield _without_and([text])
    tokens = text.split()
    if len({token[:1].isupper() for token in tokens}) == 1:
        yield Things(tuple(tokens))


def _without_and(parts: Sequence[str]) -> Things:
    """Return the parts of a list, the last one divided at its 'and' if it has one."""
    halves = AND.split(parts[-1]) if parts else []
    if len(halves) != 2:
        return Things(tuple(parts))
    return Things((*parts[:-1], *filter(None, halves)), whole=False)


def _are_things(names: Sequence[str]) -> bool:
    if all(name.isdecimal() for name in names) and in_sequence(names):
        return False  # '(1, 2, 3)' are the numbers to write
    return MIN_THINGS <= len(names) <= MAX_THINGS and all(
        may_be_thing(name)
        and len(name.split()) <= MAX_WORDS_IN_LIST
        and not _NOTE.search(name)
        and not ON_SCALE.match(name)
        and not SCALE.fullmatch(name)
        for name in names
    )


def may_be_thing(name: str) -> bool:
    """Return whether a text can be a thing of a list: short, and without a blank or question."""
    return (
        any(char.isalnum() for char in name)
        and len(name.split()) <= MAX_WORDS
        and not BLANK.search(name)
        and "?" not in name
        and " / " not in name
    )


def _bare(row: str) -> str:
    """Return a line without the frame of a box around it and without a full stop."""
    text = row.strip()
    if not any(char.isalnum() for char in text):
        return ""  # what rules off a box
    for first, last in ("[]", "()"):
        inner = text[1:-1]
        if text[:1] == first and text[-1:] == last and last not in inner:
            text = inner.strip()
    return text.rstrip(". ") if text.endswith(".") else text
