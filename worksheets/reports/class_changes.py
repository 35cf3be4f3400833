"""The answers of a class at two times: what became of each between them. Reads nothing itself.

A question is answered twice where a sheet asks it once more further down, and where pupils have
had several attempts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worksheets.gradebook.shared_work import Numbered
from worksheets.markup import Message, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.models import Attempt
from worksheets.questions import BLANK, ItemAnswer, asks_the_same, question_kind
from worksheets.questions.picture import Picture, change_of_mind

AnswersOf = defaultdict[str, dict[int, ItemAnswer]]
"""Answers by the item's key and ``Attempt.pk``."""


@dataclass(frozen=True, slots=True)
class Change:
    """The change of the answers to a question; ``between`` says between which times."""

    between: Message
    picture: Picture


def changes_of(
    sheet: Sheet,
    question: Question[Any],
    works: Collection[Sequence[Numbered]],
    counted: Collection[int],
    answers: Mapping[str, Mapping[int, ItemAnswer]],
) -> list[Change]:
    """Return what became of the answers to a question of the sheet, at most two changes.

    ``works`` are the submitted attempts of each pupil, ``counted`` those that count, of those that
    ask this question.
    """
    kind = question_kind(question)
    labels = kind.choices(question)
    if not labels:
        return []
    found = answers.get(question.key, {})
    changes = []
    if (earlier := _asked_before(sheet, question)) is not None:
        before = answers.get(earlier.key, {})
        pairs = [
            (
                kind.choice(earlier, before.get(pk, BLANK)),
                kind.choice(question, found.get(pk, BLANK)),
            )
            for pk in counted
        ]
        between = _("Since question %(n)s", n=1 + sheet.questions.index(earlier))
        changes.append((between, pairs))
    pairs = [
        (
            kind.choice(question, found.get(first.pk, BLANK)),
            kind.choice(question, found.get(last.pk, BLANK)),
        )
        for first, last in _first_and_last(works)
        if asks_the_same(first.edition.sheet, question)
        and asks_the_same(last.edition.sheet, question)
    ]
    changes.append((_("From the first attempt to the last"), pairs))
    pictures = [(between, change_of_mind(pairs, labels)) for between, pairs in changes]
    return [Change(between, picture) for between, picture in pictures if picture]


def _asked_before(sheet: Sheet, question: Question[Any]) -> Question[Any] | None:
    """Return the last of the questions above that ask the same, None if there is none."""
    kind, earlier = question_kind(question), sheet.questions[: sheet.questions.index(question)]
    alike = (one for one in reversed(earlier) if question_kind(one) is kind)
    return next((one for one in alike if kind.repeats(one, question)), None)


def _first_and_last(works: Iterable[Sequence[Numbered]]) -> list[tuple[Attempt, Attempt]]:
    """Return the first and the last submitted attempt of each pupil who has several.

    Where pupils have done both together, these are there once.
    """
    found: dict[tuple[int, int], tuple[Attempt, Attempt]] = {}
    for of_one in works:
        if len(of_one) > 1:
            in_order = sorted(of_one, key=lambda one: one[0])
            first, last = in_order[0][1], in_order[-1][1]
            found[first.pk, last.pk] = first, last
    return list(found.values())
