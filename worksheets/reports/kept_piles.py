"""The order in which the answers to a question are read, kept for the next page of a large class.

A page of a large class shows some of its answers, and none of the others need be understood once
it is known where they stand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from worksheets.marking.pile import PileAnswer, arrange
from worksheets.markup import Question
from worksheets.questions import ItemAnswer, question_kind
from worksheets.words.settings import Settings

MIN_KEPT = 500  # answers from which on the order of a pile is kept
MAX_KEPT = 16  # piles in a process
_kept: dict[bytes, Pile] = {}


class RawAnswer(NamedTuple):
    """An answer as the database has it, its value as the text of JSON; by default a blank."""

    value: str = "{}"
    text: str = ""

    def read(self) -> ItemAnswer:
        return ItemAnswer.stored(json.loads(self.value), self.text)


@dataclass(frozen=True, slots=True)
class Pile:
    """The ``Attempt.pk`` of answers in the order of ``arrange``, and of those that are blank."""

    groups: Sequence[tuple[int, ...]]
    blank: Sequence[int]


def pile_of(
    answers: Mapping[int, RawAnswer], question: Question[Any], settings: Settings, seed: str
) -> Pile:
    """Return the pile of answers by ``Attempt.pk``; that of a large class is kept.

    The key is all that the pile is made of, so no change has to be heard of.
    """
    if len(answers) < MIN_KEPT:
        return _arranged(answers, question, settings, seed)
    about = (settings, seed, question.prompt, question_kind(question).name)
    # With their lengths no two pupils' answers read like others that are cut elsewhere.
    parts = [
        f"{pk} {len(value)} {len(text)} {value}{text}" for pk, (value, text) in answers.items()
    ]
    key = hashlib.sha256("".join([repr(about), *parts]).encode()).digest()
    found = _kept.get(key)
    if found is None:
        found = _arranged(answers, question, settings, seed)
        for oldest in list(_kept)[: max(0, len(_kept) + 1 - MAX_KEPT)]:
            _kept.pop(oldest, None)  # another thread may have been sooner
        _kept[key] = found
    return found


def _arranged(
    answers: Mapping[int, RawAnswer], question: Question[Any], settings: Settings, seed: str
) -> Pile:
    kind = question_kind(question)
    # A class writes many a text more than once.
    read = {raw: raw.read() for raw in set(answers.values())}
    are_blank = {raw for raw, answer in read.items() if kind.is_blank(answer)}
    blank = [pk for pk, raw in answers.items() if raw in are_blank]
    rests = {raw: _rest(answer) for raw, answer in read.items()}
    given = (
        PileAnswer(pk, raw.text, rests[raw]) for pk, raw in answers.items() if raw not in are_blank
    )
    pile = arrange(given, settings, seed, question.prompt)
    return Pile([tuple(one.number for one in alike) for alike in pile], blank)


def _rest(answer: ItemAnswer) -> str:
    """Return what makes answers different that have the same text, such as what was chosen."""
    parts = {name: part for name, part in answer.value.items() if name not in {"v", "text"}}
    if not parts:
        return ""
    return json.dumps(parts, sort_keys=True)
