"""The key of a gap, and which of its answers a text is.

Two degrees matter, because the nearer one wins: with ``the Rhineland`` accepted and a
bare ``Rhineland`` anticipated as wrong, each response gets what was written for it,
although the two agree once articles are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Protocol

from worksheets.words.patterns import STAR, matches
from worksheets.words.quantities import read_quantity, within
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, key_term


class Mode(StrEnum):
    """The ways in which a gap's answer is compared; the teacher chooses, nothing is guessed."""

    TEXT = "text"
    NUMBER = "number"
    PATTERN = "pattern"  # '*' stands for any run of characters; no regular expressions


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted answer and the share of the gap's points it earns (0 < weight <= 1)."""

    text: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Anticipated:
    """A wrong answer that the teacher foresaw, and what to say to it ('' for nothing)."""

    text: str
    feedback: str = ""


class AnswerKey(Protocol):
    """The answers of a gap, and how they are compared."""

    @property
    def accepted(self) -> Sequence[Accepted]: ...
    @property
    def anticipated(self) -> Sequence[Anticipated]: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def tolerance(self) -> Decimal: ...  # Mode.NUMBER: how far off still counts


class Closeness(IntEnum):
    """The degrees to which a response comes near to what the teacher wrote."""

    NOT = 0
    SLIP = 1  # one letter wrong, forgiven
    KEYBOARD = 2  # another spelling, for which a keyboard is reason enough
    ALIKE = 3  # as good as the key under the rules of the mode
    SAME = 4


def nearest(
    key: AnswerKey, given: Term, settings: Settings
) -> tuple[Closeness, Accepted | Anticipated | None]:
    """Return what the teacher wrote that is the response, and how near it is: SAME, ALIKE or NOT.

    What is accepted comes before what was anticipated as wrong at the same closeness,
    and of several accepted answers the one that earns most.
    """
    accepted = [
        (closeness(key.mode, given, key_term(answer.text, settings), key.tolerance), answer)
        for answer in key.accepted
    ]
    # A tolerance is for right answers: 1939 is not the 1940 that was foreseen.
    anticipated = [
        (closeness(key.mode, given, key_term(wrong.text, settings), Decimal(0)), wrong)
        for wrong in key.anticipated
    ]
    for degree in (Closeness.SAME, Closeness.ALIKE):
        right = [answer for found, answer in accepted if found is degree]
        if right:
            return degree, max(right, key=lambda answer: answer.weight)
        for found, wrong in anticipated:
            if found is degree:
                return degree, wrong
    return Closeness.NOT, None


def closeness(mode: Mode, given: Term, key: Term, tolerance: Decimal) -> Closeness:
    """Return how near the response is to one answer: SAME, ALIKE or NOT.

    SAME is the key itself, or as a number equal to it. ALIKE is as good as the key under the rules
    of the mode; a number is read as a number or not at all, and nothing in it is passed over.
    """
    if given.plain == key.plain and not (mode is Mode.PATTERN and STAR in key.plain):
        return Closeness.SAME
    if mode is Mode.NUMBER:
        return _number(given, key, tolerance)
    is_alike = _fits(given, key) if mode is Mode.PATTERN else given.agrees(key)
    return Closeness.ALIKE if is_alike else Closeness.NOT


def _number(given: Term, key: Term, tolerance: Decimal) -> Closeness:
    mine = read_quantity(given.plain, given.language)
    yours = read_quantity(key.plain, key.language)
    if mine is None or yours is None:
        return Closeness.NOT
    if within(mine, yours, Decimal(0)):
        return Closeness.SAME
    return Closeness.ALIKE if within(mine, yours, tolerance) else Closeness.NOT


def _fits(given: Term, key: Term) -> bool:
    # '*.com' has to find its stop, which the readings leave out.
    return matches(key.plain, given.plain) or any(
        matches(pattern, text) for pattern in key.readings for text in given.readings
    )
