"""Marks typed for pupils whose work is on paper, or who were not there. Pure.

``read_entry`` takes 14, 2,5, a word for an outcome or its first letters, and 'absent 0'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from worksheets.marking.figures import plain_figures

MAX_LENGTH = 40  # characters that are read
_TYPED = re.compile(r"(?P<word>[^0-9.,]*?) ?(?P<number>[0-9.,]+)?\Z")
_NUMBER = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{0,2})?\Z")


class Outcome(StrEnum):
    """The outcomes that can be entered for a pupil without submitted work."""

    ON_PAPER = "on-paper"
    ABSENT = "absent"
    ABSENT_ZERO = "absent-zero"
    EXCUSED = "excused"


class EntryError(StrEnum):
    """The reasons for which what was typed cannot be entered."""

    UNREADABLE = "unreadable"
    TOO_HIGH = "too-high"


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome, with points where it has a mark: on paper, or absent where that counts as 0."""

    outcome: Outcome
    points: Decimal | None = None

    @property
    def text(self) -> str:
        """Return 'on-paper:14' or 'absent', as ``parse`` reads it again."""
        return self.outcome if self.points is None else f"{self.outcome}:{_short(self.points)}"

    @classmethod
    def parse(cls, text: str, maximum: Decimal) -> Entry | None:
        """Return what ``text`` has written, '' for None. Raise ValueError for anything else."""
        if not text:
            return None
        name, has_points, number = text.partition(":")
        points = _points(number) if has_points else None
        if name not in set(Outcome) or (has_points and points is None):
            raise ValueError(text[:MAX_LENGTH])
        match entry_of(Outcome(name), points, maximum):
            case Entry() as entry:
                return entry
            case error:
                raise ValueError(error)


# The words for each outcome, of which one letter is enough where no other begins so.
Words = Mapping[Outcome, Collection[str]]


def read_entry(text: str, words: Words, maximum: Decimal) -> Entry | EntryError:
    """Return what was typed, or why it cannot be entered: no mark above ``maximum`` is."""
    if len(text) > MAX_LENGTH:
        return EntryError.UNREADABLE
    found = _TYPED.match(" ".join(plain_figures(text).casefold().split()))
    if found is None or not found[0]:
        return EntryError.UNREADABLE
    outcome = _outcome(found["word"], words) if found["word"] else Outcome.ON_PAPER
    points = _points(found["number"]) if found["number"] else None
    if outcome is None or (found["number"] and points is None):
        return EntryError.UNREADABLE
    return entry_of(outcome, points, maximum)


def entry_of(outcome: Outcome, points: Decimal | None, maximum: Decimal) -> Entry | EntryError:
    """Return an outcome with its points; absent with 0 is the outcome that counts as 0."""
    if outcome is Outcome.ABSENT and points == 0:
        outcome = Outcome.ABSENT_ZERO
    if outcome is Outcome.ABSENT_ZERO and not points:
        return Entry(outcome, Decimal(0))
    if points is not None and outcome is not Outcome.ON_PAPER:
        return EntryError.UNREADABLE
    if points is not None and points > maximum:
        return EntryError.TOO_HIGH
    return Entry(outcome, points)


def _outcome(typed: str, words: Words) -> Outcome | None:
    typed = unicodedata.normalize("NFKC", typed)
    found = {
        outcome
        for outcome, names in words.items()
        if any(unicodedata.normalize("NFKC", name).casefold().startswith(typed) for name in names)
    }
    return found.pop() if len(found) == 1 else None


def _short(points: Decimal) -> str:
    whole = points.to_integral_value()
    return f"{whole:f}" if points == whole else f"{points.normalize():f}"


def _points(number: str) -> Decimal | None:
    return Decimal(number.replace(",", ".")) if _NUMBER.match(number) else None
