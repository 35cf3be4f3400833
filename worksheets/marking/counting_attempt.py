"""The rules for which of a pupil's attempts counts. Pure.

An attempt is *final* once nothing about its mark is still to come. One that waits for its
teacher never takes the place of a final one that is at least as good, or, where the last
counts, of any final one: what the gradebook shows is not replaced by half a mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class CountingRule(StrEnum):
    """The rules that a teacher can choose from."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt that was handed in.

    ``share`` is what it has earned for certain of all that can be earned: marks that are
    not known yet count for nothing here, so it can only grow.
    """

    number: int  # 1, 2 ... in the order of the attempts
    share: Fraction
    is_final: bool


def counting(rule: CountingRule, candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the candidate that counts, or None if none was handed in.

    The best is that of the largest share; of equal ones a final one, then the later. The
    last is the last final one, or the last where none is final.
    """
    known = list(candidates)
    if not known:
        return None
    match rule:
        case CountingRule.FIRST:
            return min(known, key=lambda one: one.number)
        case CountingRule.LAST:
            return max(known, key=lambda one: (one.is_final, one.number))
        case CountingRule.BEST:
            return max(known, key=lambda one: (one.share, one.is_final, one.number))


def may_count(rule: CountingRule, candidates: Iterable[Candidate]) -> frozenset[int]:
    """Return the numbers of the attempts that need marks: no other one can come to count."""
    numbers = [one.number for one in candidates]
    if not numbers or rule is CountingRule.BEST:
        return frozenset(numbers)
    return frozenset({min(numbers) if rule is CountingRule.FIRST else max(numbers)})
