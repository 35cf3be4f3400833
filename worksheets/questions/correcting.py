"""Answers that a class gave, decided afterwards: the text in which a gap's key has them. Pure.

What cannot be written raises ``CannotEdit``, as in ``keying``: also a text with errors, which
pupils cannot have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from worksheets.markup import Accepted, Anticipated, Gap, Item, Mode, Question, Sheet
from worksheets.markup.editing import CannotEdit, set_counted, set_keys
from worksheets.markup.keys import one_space, to_number
from worksheets.questions.keying import gap_of, question_of, read_number, restored_key
from worksheets.questions.registry import KINDS, parse_sheet
from worksheets.words.settings import Settings
from worksheets.words.terms import key_term

HALF = Decimal("0.5")


class Verdict(StrEnum):
    """The verdicts that a teacher may give on an answer that the key does not take."""

    RIGHT = "right"
    HALF = "half"
    WRONG = "wrong"  # it stays wrong, and pupils read why
    OMITTED = "omitted"  # the gap or question is not counted, whatever was answered


def correct(
    source: str, key: str, answers: Sequence[str], verdict: Verdict, feedback: str = ""
) -> str:
    """Return the text in which the key of a gap has these answers with this verdict.

    ``feedback`` is what pupils read who gave one that is wrong. What the key said of the same
    answers before goes. The text is the same if the key has all of that already. A gap that is
    omitted has 0 marks, and its key stays; a question that is omitted keeps its marks, and is left
    out of the sums.
    """
    sheet = parse_sheet(source)
    if verdict is Verdict.OMITTED:
        item = item_of(sheet, key)
        if isinstance(item, Question):
            return _counted(source, item, is_left_out=True)
        return _written(source, item, replace(item, marks=Decimal(0)) if item.is_counted else item)
    gap = gap_of(sheet, key)
    answers = list(_distinct(map(one_space, answers), sheet.settings))
    if not answers or not all(_can_hold(gap, answer) for answer in answers):
        raise CannotEdit
    rest = _without(gap, answers, sheet.settings)
    if verdict is Verdict.WRONG:
        wrong = tuple(Anticipated(answer, one_space(feedback)) for answer in answers)
        wanted = replace(rest, anticipated=rest.anticipated + wrong)
    else:
        weight = Decimal(1) if verdict is Verdict.RIGHT else HALF
        right = tuple(Accepted(answer, weight) for answer in answers)
        wanted = replace(rest, accepted=rest.accepted + right)
    return _written(source, gap, wanted)


def put_back(source: str, key: str, answers: Sequence[str], former: object) -> str:
    """Return the text in which the key of a gap says of these answers what it said before.

    ``former`` is that key as ``key_value`` gave it out. What was decided about other answers since
    stays.
    """
    sheet = parse_sheet(source)
    gap = gap_of(sheet, key)
    before = restored_key(gap, former)
    plain = _plain(answers, sheet.settings)
    rest = _without(gap, answers, sheet.settings)
    wanted = replace(
        rest,
        accepted=rest.accepted
        + tuple(one for one in before.accepted if _is_one_of(one.text, plain, sheet.settings)),
        anticipated=rest.anticipated
        + tuple(one for one in before.anticipated if _is_one_of(one.text, plain, sheet.settings)),
    )
    return _written(source, gap, wanted)


def item_of(sheet: Sheet, key: str) -> Item:
    """Return the gap or question with that key. Raise CannotEdit if the sheet has none."""
    return gap_of(sheet, key) if key.startswith("g") else question_of(sheet, key)


def marks_value(item: Item) -> dict[str, object]:
    """Return an item's marks as a value for JSON, which ``count_again`` takes."""
    return {} if item.marks is None else {"marks": f"{item.marks:f}"}


def count_again(source: str, key: str, former: Mapping[str, object]) -> str:
    """Return the text in which an item that is not counted is counted again.

    A gap has the marks of ``former`` then; a question has kept its own.
    """
    gap = item_of(parse_sheet(source), key)
    if isinstance(gap, Question):
        return _counted(source, gap, is_left_out=False)
    if gap.is_counted:
        return source
    marks = read_number(former["marks"]) if "marks" in former else None
    return _written(source, gap, replace(gap, marks=marks))


def rivals(sheet: Sheet, key: str, answers: Iterable[str]) -> list[Gap]:
    """Return the gaps whose right answer is one of these words of a bank that has each word once.

    If it is right for this gap too, nobody can have both right.
    """
    gap = gap_of(sheet, key)
    if gap.bank is None or not sheet.banks[gap.bank].each_once:
        return []
    plain = _plain(answers, sheet.settings)
    others = (one for one in sheet.gaps if one.bank == gap.bank and one.key != key)
    return [
        other
        for other in others
        if any(_is_one_of(one.text, plain, sheet.settings) for one in other.accepted)
    ]


def _counted(source: str, question: Question[Any], *, is_left_out: bool) -> str:
    if question.marks is None:
        raise CannotEdit
    text = set_counted(source, question, is_left_out=is_left_out, kinds=KINDS.values())
    if parse_sheet(text).errors:
        raise CannotEdit
    return text


def _written(source: str, gap: Gap, wanted: Gap) -> str:
    if wanted == gap:
        return source
    text = set_keys(source, [(gap, wanted)], KINDS.values())
    if parse_sheet(text).errors:
        raise CannotEdit
    return text


def _can_hold(gap: Gap, answer: str) -> bool:
    """Return whether a key of the gap's mode can have the answer as it is meant."""
    match gap.mode:
        case Mode.NUMBER:
            return to_number(answer) is not None
        case Mode.PATTERN:
            return bool(answer) and "*" not in answer
        case Mode.TEXT:
            return bool(answer)


def _without(gap: Gap, answers: Iterable[str], settings: Settings) -> Gap:
    plain = _plain(answers, settings)
    return replace(
        gap,
        accepted=tuple(one for one in gap.accepted if not _is_one_of(one.text, plain, settings)),
        anticipated=tuple(
            one for one in gap.anticipated if not _is_one_of(one.text, plain, settings)
        ),
    )


def _distinct(answers: Iterable[str], settings: Settings) -> Iterator[str]:
    seen = set()
    for answer in answers:
        plain = key_term(answer, settings).plain
        if plain not in seen:
            seen.add(plain)
            yield answer


def _plain(answers: Iterable[str], settings: Settings) -> set[str]:
    return {key_term(answer, settings).plain for answer in answers}


def _is_one_of(text: str, plain: Collection[str], settings: Settings) -> bool:
    # Not ``agrees``: 'Rhineland' may be foreseen as wrong beside 'the Rhineland'.
    return key_term(text, settings).plain in plain
