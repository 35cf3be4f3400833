"""The judgement of one response in one gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property

from worksheets.marking.compare import alike, same
from worksheets.marking.normalise import Term, key_term
from worksheets.marking.typos import is_nearest, is_slip
from worksheets.markup.sheet import Gap, Mode, Sheet


class Closeness(IntEnum):
    """The degrees to which a response comes near to what the teacher wrote."""

    NOT = 0
    SLIP = 1  # one letter wrong, forgiven
    ALIKE = 2  # as good as the key under the rules of the mode
    SAME = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    weight: Decimal = Decimal(0)  # the share of the points that it earns
    closeness: Closeness = Closeness.NOT
    answer: str = ""  # the accepted answer that it is, as the teacher spells it
    feedback: str = ""
    repeated: bool = False  # good in itself, but its place or its answer in the group is taken

    @property
    def spelling(self) -> str:
        return self.answer if self.closeness is Closeness.SLIP else ""


WRONG = Judgement()
REPEATED = Judgement(repeated=True)

# Takes a key and a tolerance; returns whether the response is that key at one closeness.
Fits = Callable[[Term, Decimal], bool]


class Judge:
    """A judge of responses under the rules of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._settings = sheet.settings

    def judge(self, gap: Gap, given: Term, *, typed: bool) -> Judgement:
        """Return the judgement by the nearest thing that the teacher wrote for the gap.

        What earns comes before what was anticipated as wrong at the same closeness,
        and of several accepted answers the one that earns most. ``typed`` says that the
        pupil had no bank to choose from: only then is a slip of the pen forgiven. A
        bank that gives each word once is not marked otherwise than one that does not.
        """

        degrees: list[tuple[Closeness, Fits]] = [
            (Closeness.SAME, lambda key, _off: same(gap.mode, given, key)),
            (Closeness.ALIKE, lambda key, off: alike(gap.mode, given, key, off)),
        ]
        if typed and gap.mode is Mode.TEXT and not self._settings.spelling_counts:
            degrees.append((Closeness.SLIP, lambda key, _off: is_slip(given, key)))
        for closeness, fits in degrees:
            accepted = [
                answer for answer in gap.accepted if fits(self._key(answer.text), gap.tolerance)
            ]
            # A slip that is as near to another term of the sheet may be meant for that one.
            if accepted and not (
                closeness is Closeness.SLIP and is_nearest(given, self._rivals(gap))
            ):
                best = max(accepted, key=lambda answer: answer.weight)
                return Judgement(best.weight, closeness, best.text)
            # A tolerance is for right answers: 1939 is not the 1940 that was foreseen.
            for wrong in gap.anticipated:
                if fits(self._key(wrong.text), Decimal(0)):
                    return Judgement(feedback=wrong.feedback)
        return WRONG

    def _rivals(self, gap: Gap) -> list[Term]:
        """Return all terms of the sheet that are not this gap's answer."""
        own = [self._key(answer.text) for answer in gap.accepted]
        return [other for other in self._terms if not any(map(other.agrees, own))]

    @cached_property
    def _terms(self) -> tuple[Term, ...]:
        """Return the terms of words in banks, of accepted and of anticipated wrong answers."""
        texts = [word for bank in self._sheet.banks for word in bank.words]
        for gap in self._sheet.gaps:
            texts += [answer.text for answer in gap.accepted]
            texts += [wrong.text for wrong in gap.anticipated]
        return tuple(map(self._key, dict.fromkeys(texts)))

    def _key(self, text: str) -> Term:
        return key_term(text, self._settings)
