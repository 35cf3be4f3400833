"""The judgement of one response in one gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from worksheets.markup.sheet import Gap, Sheet
from worksheets.words.key import Accepted, Anticipated, Closeness, Mode, nearest
from worksheets.words.keyboards import is_spelt_otherwise
from worksheets.words.terms import Term, key_term
from worksheets.words.typos import is_nearest, is_slip


@dataclass(frozen=True, slots=True)
class Judgement:
    weight: Decimal = Decimal(0)  # the share of the points that it earns
    closeness: Closeness = Closeness.NOT
    answer: str = ""  # the accepted answer that it is, as the teacher spells it
    feedback: str = ""
    repeated: bool = False  # good in itself, but its place or its answer in the group is taken

    @property
    def spelling(self) -> str:
        is_another = self.closeness in (Closeness.SLIP, Closeness.KEYBOARD)
        return self.answer if is_another else ""


WRONG = Judgement()
REPEATED = Judgement(repeated=True)


class Judge:
    """A judge of responses under the rules of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.settings = sheet.settings

    def judge(self, gap: Gap, given: Term, *, typed: bool) -> Judgement:
        """Return the judgement by the nearest thing that the teacher wrote for the gap.

        ``typed`` says that the pupil had no bank to choose from: only then is another spelling or
        a slip of the pen forgiven. A bank that gives each word once is not marked otherwise than
        one that does not.
        """
        closeness, answer = nearest(gap, given, self.settings)
        if answer is None and typed and gap.mode is Mode.TEXT:
            closeness, answer = self._nearly(gap, given)
        match answer:
            case Accepted():
                return Judgement(answer.weight, closeness, answer.text)
            case Anticipated():
                return Judgement(feedback=answer.feedback)
            case None:
                return WRONG

    def _nearly(self, gap: Gap, given: Term) -> tuple[Closeness, Accepted | Anticipated | None]:
        """Return what the response may be taken for, although it is written otherwise.

        What is as near to another term of the sheet may be meant for that one.
        """
        spelt = partial(is_spelt_otherwise, given, settings=self.settings)
        if answer := self._meant(gap, spelt, given.is_any_of):
            return Closeness.KEYBOARD, answer
        if self.settings.spelling_counts:
            return Closeness.NOT, None
        return Closeness.SLIP, self._meant(gap, partial(is_slip, given), partial(is_nearest, given))

    def _meant(
        self,
        gap: Gap,
        is_meant: Callable[[Term], bool],
        is_another: Callable[[Sequence[Term]], bool],
    ) -> Accepted | Anticipated | None:
        """Return the accepted answer that is meant and earns most, or else the wrong one."""
        accepted = [answer for answer in gap.accepted if is_meant(self._key(answer.text))]
        if accepted and not is_another(self._rivals(gap)):
            return max(accepted, key=lambda answer: answer.weight)
        return next((wrong for wrong in gap.anticipated if is_meant(self._key(wrong.text))), None)

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
        return key_term(text, self.settings)
