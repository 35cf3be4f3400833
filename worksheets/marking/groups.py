"""The marking of gaps whose answers may stand in any order.

Every gap of the group keeps a place for one answer; a response may fill any of the
places. The responses are given to the places so that they earn most together, each
place once. The same answer twice earns once even where several places would take it:
with ``gold | silver | bronze`` in three gaps, gold three times earns one of three.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worksheets.marking.judging import REPEATED, WRONG, Judge, Judgement
from worksheets.marking.matching import best_matching
from worksheets.markup.sheet import Gap
from worksheets.words import exact
from worksheets.words.key import Closeness, Mode
from worksheets.words.quantities import read_quantity
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, key_term


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A response that would fill at least one place."""

    index: int
    identity: Hashable  # the same for the same answer, however it is written
    places: tuple[Judgement, ...]
    earnings: tuple[Decimal, ...]
    plain: str

    @property
    def merit(self) -> tuple[Decimal, Closeness, str]:
        """Return the sort key that chooses among candidates that give the same answer.

        The text comes last, so that the order of the responses never matters.
        """
        nearest = max(place.closeness for place in self.places)
        return (max(self.earnings), nearest, self.plain)


def judge_group(
    judge: Judge, gaps: Sequence[Gap], responses: Sequence[Term | None], settings: Settings
) -> list[Judgement]:
    """Return a judgement for each gap's response; None stands for one that is not judged."""
    results = [WRONG] * len(gaps)
    like = _first_alike(gaps)
    candidates: list[_Candidate] = []
    for index, given in enumerate(responses):
        if given is None:
            continue
        places = _judge_places(judge, gaps, like, index, given)
        if any(place.weight for place in places):
            results[index] = REPEATED  # unless it is chosen
            candidates.append(_candidate(index, gaps, given, places, settings))
        else:
            results[index] = _most_telling(index, places)
    for candidate, place in _choose(candidates):
        results[candidate.index] = candidate.places[place]
    return results


def _judge_places(
    judge: Judge, gaps: Sequence[Gap], like: Sequence[int], index: int, given: Term
) -> tuple[Judgement, ...]:
    typed = gaps[index].bank is None and not gaps[index].offers_choices
    judged = {place: judge.judge(gaps[place], given, typed=typed) for place in set(like)}
    return tuple(judged[place] for place in like)


def _first_alike(gaps: Sequence[Gap]) -> list[int]:
    """Return for each gap the index of the first one with the same key.

    Often all have the same key, and then a response is judged once for all.
    """
    keys = [(gap.accepted, gap.anticipated, gap.mode, gap.tolerance) for gap in gaps]
    first: dict[Hashable, int] = {}
    return [first.setdefault(key, place) for place, key in enumerate(keys)]


def _candidate(
    index: int, gaps: Sequence[Gap], given: Term, places: tuple[Judgement, ...], settings: Settings
) -> _Candidate:
    earnings = tuple(exact.times(gaps[index].points, place.weight) for place in places)
    best = max(range(len(places)), key=earnings.__getitem__)
    identity = _identity(given, gaps[best].mode, places[best], settings)
    return _Candidate(index, identity, places, earnings, given.plain)


def _identity(given: Term, mode: Mode, place: Judgement, settings: Settings) -> Hashable:
    if place.spelling:
        return key_term(place.answer, settings).briefest
    quantity = read_quantity(given.plain, given.language) if mode is Mode.NUMBER else None
    return quantity or given.briefest


def _choose(candidates: Sequence[_Candidate]) -> list[tuple[_Candidate, int]]:
    """Return the candidates that count, each with the index of the place that it fills."""
    distinct: dict[Hashable, _Candidate] = {}
    for candidate in candidates:
        rival = distinct.get(candidate.identity)
        if rival is None or candidate.merit > rival.merit:
            distinct[candidate.identity] = candidate
    chosen = list(distinct.values())
    columns = best_matching([candidate.earnings for candidate in chosen])
    return [
        (candidate, column)
        for candidate, column in zip(chosen, columns, strict=True)
        if column is not None
    ]


def _most_telling(index: int, places: Sequence[Judgement]) -> Judgement:
    """Return one of several wrong judgements: one with feedback, the gap's own first."""
    own_first = (places[index], *places)
    return next((place for place in own_first if place.feedback), WRONG)
