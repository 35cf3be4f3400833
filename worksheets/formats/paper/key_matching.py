"""The printed answers of a paper, matched to its gaps and questions by number and order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import choices, pairs, statements
from .chunks import Chunk, Kind
from .keys import SEPARATORS, Group, PrintedKey, add, clean, labels_of
from .repeated import fillings, give_models
from .structure import Exercise

MAX_SKIPPED = 3  # answers between two sentences that a key repeats


@dataclass(slots=True)
class _Target:
    exercise: Exercise
    labels: frozenset[str]
    first_gap: int
    gaps: int
    bank: frozenset[str]


def match_keys(exercises: Sequence[Exercise], keys: Sequence[PrintedKey]) -> dict[int, str]:
    """Return the printed answers by the number of their gap, counted from 1.

    Answers to questions become their model answers. A key that does not fit gives nothing.
    """
    targets = _targets(exercises)
    order = [chunk for exercise in exercises for chunk in exercise.chunks]
    places = {id(chunk): at for at, chunk in enumerate(order)}
    found: dict[int, str] = {}
    start = 0
    several = len(keys) > 1
    for key in keys:
        end = places.get(id(key.before), len(order)) if key.before else 0
        scope = [
            target
            for target in targets
            if target.exercise.chunks
            and places[id(target.exercise.chunks[0])] <= end
            and (not several or places[id(target.exercise.chunks[-1])] >= start)
        ]
        free = [target for target in scope if target.first_gap not in found]
        one, other = _match(key.groups, free), _match(_by_exercise(key.groups), free)
        numbered = _by_number(key.groups[0], free) if len(key.groups) == 1 else {}
        for answers in (other, numbered):
            one = answers if len(answers) > len(one) else one
        found |= one
        give_models((chunk for target in scope for chunk in target.exercise.chunks), key.models)
        _give_models(key.groups, free)
        start = end + 1
    return found


def _targets(exercises: Sequence[Exercise]) -> list[_Target]:
    targets = []
    gap = 1
    context: frozenset[str] = frozenset()
    for exercise in exercises:
        own: frozenset[str] = frozenset()
        for chunk in exercise.intro:
            if chunk.kind is Kind.HEADING and (named := {x for x in labels_of(chunk) if " " in x}):
                context = frozenset(named)
            own |= labels_of(chunk)
        gaps = sum(chunk.gaps for chunk in exercise.chunks)
        bank = exercise.bank.text if exercise.bank else ""
        terms = frozenset(term.strip().casefold() for term in bank.split("|") if term.strip())
        targets.append(_Target(exercise, own | context, gap, gaps, terms))
        gap += gaps
    return targets


def _match(groups: Sequence[Group], targets: Sequence[_Target]) -> dict[int, str]:
    with_gaps = [target for target in targets if target.gaps]
    total = sum(target.gaps for target in with_gaps)
    answers = [answer for group in groups for answer in group.answers]
    found: dict[int, str] = {}
    if len(groups) == 1 and len(answers) == total and len(with_gaps) > 1:
        gaps = [target.first_gap + at for target in with_gaps for at in range(target.gaps)]
        return dict(zip(gaps, answers, strict=True))
    free = list(with_gaps)
    for group in groups:
        scored = [(_score(group, target), -at, target) for at, target in enumerate(free)]
        best = max(scored, default=(0.0, 0, None), key=lambda row: row[:2])
        if best[2] is None or best[0] < 3:
            continue
        for at, answer in _by_gap(group, best[2]).items():
            found[best[2].first_gap + at] = answer
        free.remove(best[2])
    return found


def _score(group: Group, target: _Target) -> float:
    by_gap = _by_gap(group, target)
    if not by_gap:
        return 0
    in_bank = sum(answer.casefold() in target.bank for answer in by_gap.values()) / len(by_gap)
    if target.bank and in_bank < 0.5:
        return 0
    return 3 + 2 * len(group.labels & target.labels) + 3 * in_bank


def _by_gap(group: Group, target: _Target) -> dict[int, str]:
    """Return a group's answers by the gaps of an exercise, from 0; {} if they do not fit."""
    answers = group.answers
    if found := _by_sentence(answers, target):
        return found
    if len(answers) == target.gaps:
        return dict(enumerate(answers))
    outside = [
        at
        for at, chunk in enumerate(c for c in target.exercise.chunks for _ in range(c.gaps))
        if chunk.kind is not Kind.TABLE
    ]
    if len(answers) == len(outside):
        return dict(zip(outside, answers, strict=True))
    numbers = dict(group.entries)
    at = 0
    for chunk in target.exercise.chunks:
        number = ord(chunk.mark[1]) - ord("a") + 1 if chunk.kind is Kind.OPTION else chunk.number
        answer = numbers.get(number)
        if answer and chunk.gaps:
            parts = [answer]
            for separator in SEPARATORS if chunk.gaps > 1 else ():
                parts = [part for part in re.split(separator, answer) if part.strip()]
                if len(parts) == chunk.gaps:
                    break
            if len(parts) == chunk.gaps:
                found |= {at + index: clean(part) for index, part in enumerate(parts)}
        at += chunk.gaps
    return found if len(found) * 2 > target.gaps else {}


def _by_sentence(answers: Sequence[str], target: _Target) -> dict[int, str]:
    """Return what answers that repeat whole sentences have in their blanks; {} for other ones."""
    found: dict[int, str] = {}
    left = list(answers)
    at = 0
    for chunk in target.exercise.chunks:
        # The sentences of a key have the order of the paper's.
        for index, answer in enumerate(left[:MAX_SKIPPED]) if chunk.gaps else ():
            if words := fillings(chunk, answer):
                found |= {at + offset: word for offset, word in enumerate(words)}
                del left[: index + 1]
                break
        at += chunk.gaps
    return found


def _by_exercise(groups: Sequence[Group]) -> list[Group]:
    """Return the answers, their numbers taken for those of exercises: '1. cat, dog 2. red'."""
    made: list[Group] = []
    for group in groups:
        for number, answer in group.entries:
            own = Group(group.labels | ({str(number)} if number else set()))
            add([own], 0, answer, own.labels)
            made.append(own)
    return made


def _give_models(groups: Sequence[Group], targets: Sequence[_Target]) -> None:
    """Make answers the model answers of the boxes of an exercise, where they fit one by one."""
    for group in groups:
        _give_model(group, targets, is_only=len(groups) == 1)


def _give_model(group: Group, targets: Sequence[_Target], *, is_only: bool) -> None:
    asking = [t for t in targets if any(c.kind is Kind.ROOM for c in t.exercise.chunks)]
    for target in asking:
        rooms = [chunk for chunk in target.exercise.chunks if chunk.kind is Kind.ROOM]
        empty = rooms and not any(room.model for room in rooms)
        named = bool(group.labels & target.labels) or (is_only and len(asking) == 1)
        if named and _give_key(target.exercise, rooms, group.answers):
            return
        if empty and not target.gaps and len(rooms) == len(group.entries) and named:
            for room, answer in zip(rooms, group.answers, strict=True):
                _give(target.exercise, room, answer)
            return


def _give(exercise: Exercise, room: Chunk, answer: str) -> None:
    """Make an answer the key of options, or the model answer of a box to write in."""
    if not choices.give_key(exercise.chunks, room, answer) and room.text == "???":
        room.model = answer


def _by_number(group: Group, targets: Sequence[_Target]) -> dict[int, str]:
    """Return answers by the gaps of items that are numbered through the paper, {} for others.

    Those of options become their key, others model answers.
    """
    places: dict[int, tuple[_Target, int]] = {}
    for target in targets:
        for at, chunk in enumerate(target.exercise.chunks):
            if chunk.kind is Kind.NUMBER and chunk.number in places:
                return {}
            if chunk.kind is Kind.NUMBER:
                places[chunk.number] = target, at
    numbers = [number for number, _answer in group.entries]
    if len(numbers) < 2 or not set(numbers) <= set(places) or len(set(numbers)) < len(numbers):
        return {}
    found: dict[int, str] = {}
    for number, answer in group.entries:
        target, at = places[number]
        chunks = target.exercise.chunks
        if chunks[at].gaps == 1:
            found[target.first_gap + sum(chunk.gaps for chunk in chunks[:at])] = answer
            continue
        below = next((c for c in chunks[at + 1 :] if c.kind in (Kind.ROOM, Kind.NUMBER)), None)
        if below is not None and below.kind is Kind.ROOM:
            _give(target.exercise, below, answer)
    return found


def _give_key(exercise: Exercise, rooms: Sequence[Chunk], answers: Sequence[str]) -> bool:
    """Make answers the key of a list of statements or of two lists to match, if they are that."""
    boxes = [room for room in rooms if room.items and not _has_key(room)]
    return len(boxes) == 1 and any(
        give_key(exercise.chunks, boxes[0], answers)
        for give_key in (statements.give_key, pairs.give_key)
    )


def _has_key(room: Chunk) -> bool:
    return any(line.startswith(("true:", "pairs:")) for line in room.lines)
