"""The order in which a teacher reads the answers to one question. Pure.

A shuffle that stays the same: neither the register's order nor the last mark given has a part in
it, and an answer that comes later moves no other. Equal answers, and those that say the same in
nearly the same words (``alike``), are one group, to be marked by one press. Other short answers
that are nearly equal stand next to each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from worksheets.marking.alike import together
from worksheets.words.settings import Settings
from worksheets.words.terms import term

MAX_WORDED = 1000  # characters up to which two answers are compared as words, not as typed
MAX_SHORT = 200  # characters of an answer that may stand next to a nearly equal one
MAX_COMPARED = 600  # groups of short answers: each is compared with each
NEARLY = 75  # of 100, from which on two short answers are nearly equal
MAX_ALIKE = 100  # answers of a group: a page names them all


@dataclass(frozen=True, slots=True)
class PileAnswer:
    """An answer as it is compared: its text, and the ``rest`` of it, such as what was chosen."""

    number: int
    text: str
    rest: str = ""


def arrange(
    answers: Iterable[PileAnswer], settings: Settings, seed: str, prompt: str = ""
) -> list[tuple[PileAnswer, ...]]:
    """Return the groups of answers in the order of ``seed``, which names the question.

    The first of a group has the group's place; the others follow in the same order. ``prompt`` is
    what is asked, which an answer may repeat.
    """
    ordered = sorted(answers, key=lambda one: _place(one.number, seed))
    # A class writes many a text more than once.
    samenesses = {text: _sameness(text, settings) for text in {one.text for one in ordered}}
    groups: dict[tuple[str, str], list[PileAnswer]] = {}
    for answer in ordered:
        groups.setdefault((answer.rest, samenesses[answer.text]), []).append(answer)
    pile = [
        tuple(group[start : start + MAX_ALIKE])
        for group in _joined(groups, settings, prompt)
        for start in range(0, len(group), MAX_ALIKE)
    ]
    return _with_neighbours(pile)


def _joined(
    groups: Mapping[tuple[str, str], list[PileAnswer]], settings: Settings, prompt: str
) -> Iterable[list[PileAnswer]]:
    """Return the groups, with those in one that say the same; of each ``rest`` by themselves."""
    joined: dict[int, list[PileAnswer]] = {}
    by_rest: dict[str, list[int]] = {}
    rows = list(groups.values())
    for place, group in enumerate(rows):
        by_rest.setdefault(group[0].rest, []).append(place)
    for places in by_rest.values():
        for alike in together([rows[place][0].text for place in places], settings, prompt):
            joined[places[alike[0]]] = [one for index in alike for one in rows[places[index]]]
    return [joined[place] for place in sorted(joined)]


def _place(number: int, seed: str) -> tuple[bytes, int]:
    return hashlib.sha256(f"{seed}:{number}".encode()).digest(), number


def _sameness(text: str, settings: Settings) -> str:
    """Return a text that equal answers share."""
    if len(text) > MAX_WORDED:
        return " ".join(text.split())
    return term(text, settings).briefest


def _with_neighbours(pile: Sequence[tuple[PileAnswer, ...]]) -> list[tuple[PileAnswer, ...]]:
    """Return the pile with nearly equal short answers behind the first of them."""
    short = {
        place: group[0].text.casefold()
        for place, group in enumerate(pile)
        if len(group[0].text) <= MAX_SHORT
    }
    if len(short) > MAX_COMPARED:
        return list(pile)
    ordered: list[tuple[PileAnswer, ...]] = []
    for place, group in enumerate(pile):
        if place in short:
            ordered += (pile[near] for near in _neighbours(place, short, pile))
        elif len(group[0].text) > MAX_SHORT:
            ordered.append(group)
    return ordered


def _neighbours(
    place: int, short: dict[int, str], pile: Sequence[tuple[PileAnswer, ...]]
) -> list[int]:
    """Take a group, those near it and those near them out of ``short``; return their places."""
    found, texts = [place], {place: short.pop(place)}
    for one in found:  # grows
        near = process.extract(
            texts[one], short, scorer=fuzz.ratio, score_cutoff=NEARLY, limit=None
        )
        chosen = pile[one][0].rest
        for other in sorted(key for _text, _score, key in near if pile[key][0].rest == chosen):
            found.append(other)
            texts[other] = short.pop(other)
    return found
