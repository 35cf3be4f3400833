"""Functions over all items of a sheet, whatever their kinds: read, check, compare, mark. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Any

from worksheets.markup import Gap, Item, Message, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.markup.sheet import GapRef, InterpretationBlock, QuestionBlock
from worksheets.questions.answers import ItemAnswer, ItemMark
from worksheets.questions.registry import GAP, KINDS, kind_of, question_kind

BLANK = ItemAnswer()
MAX_LISTED = 200  # characters of an answer in the class list or the gradebook's comment


@dataclass(frozen=True, slots=True)
class PostedAnswers:
    """The answers of a page as read, by item key.

    ``accepted`` can be kept, ``blank`` names those of them in which nothing is answered;
    ``errors`` say what cannot be kept, and why. ``posted`` are all, to be shown again.
    """

    accepted: Mapping[str, ItemAnswer] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    errors: Mapping[str, Message] = field(default_factory=dict)
    posted: Mapping[str, ItemAnswer] = field(default_factory=dict)


def read_answers(sheet: Sheet, posted_fields: Mapping[str, str]) -> PostedAnswers:
    """Return the answers in posted fields. Fields that belong to no item of the sheet are ignored.

    Items without a field are left out: a page may post only the answers that have changed.
    """
    accepted: dict[str, ItemAnswer] = {}
    errors: dict[str, Message] = {}
    posted: dict[str, ItemAnswer] = {}
    blank = set()
    for item in sheet.items:
        kind = kind_of(item)
        reading = kind.read(sheet, item, posted_fields)
        if reading is None:
            continue
        posted[item.key] = ItemAnswer(reading.value)
        if reading.error:
            errors[item.key] = reading.error
            continue
        answer = ItemAnswer(reading.value, kind.summary(item, reading.value))
        accepted[item.key] = answer
        if kind.is_blank(answer):
            blank.add(item.key)
    return PostedAnswers(accepted, frozenset(blank), errors, posted)


def saved_fields(sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> dict[str, str]:
    """Return the fields of a page that shows these answers."""
    found: dict[str, str] = {}
    for item in sheet.items:
        if item.key in answers:
            found |= kind_of(item).fields(item, answers[item.key])
    return found


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The empty gaps and questions, and the questions half answered with what they lack."""

    gaps: tuple[Gap, ...]
    questions: tuple[Question[Any], ...]
    half: tuple[tuple[Question[Any], Message], ...]

    def __bool__(self) -> bool:
        return bool(self.gaps or self.questions or self.half)


def unanswered(
    sheet: Sheet, answers: Mapping[str, ItemAnswer], fixed: Collection[str] = ()
) -> Unanswered:
    """Return the items of the sheet that have no answer, or half of one, and are not ``fixed``."""

    def is_blank(item: Item) -> bool:
        return item.key not in fixed and kind_of(item).is_blank(answers.get(item.key, BLANK))

    questions = [
        (q, kind_of(q).missing(q, answers.get(q.key, BLANK)))
        for q in sheet.questions
        if q.key not in fixed
    ]
    return Unanswered(
        gaps=tuple(filter(is_blank, sheet.gaps)),
        questions=tuple(filter(is_blank, sheet.questions)),
        half=tuple((question, missing) for question, missing in questions if missing),
    )


def listed_text(text: str) -> str:
    """Return an answer's text as a list shows it, cut to MAX_LISTED characters."""
    return text if len(text) <= MAX_LISTED else f"{text[: MAX_LISTED - 1]}…"


def listed_questions(sheet: Sheet) -> dict[str, int]:
    """Return the questions whose answers are short enough for a list: their positions by key."""
    numbered = enumerate(sheet.questions, 1)
    return {q.key: position for position, q in numbered if KINDS[q.kind].is_listed}


def automatic_part(sheet: Sheet) -> Message:
    """Return what to call the part of the mark that the machine gives."""
    return _("Marked automatically") if sheet.automatic_questions else _("Gaps")


def teacher_part(sheet: Sheet) -> Message:
    """Return what to call the part of the mark that a teacher gives."""
    return _("Written answers") if are_written(sheet) else _("Other answers")


def are_written(sheet: Sheet) -> bool:
    """Return whether all that a teacher marks is in the pupil's own words."""
    return all(KINDS[question.kind].is_written for question in sheet.to_mark)


def automatic_marks(sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> Iterator[ItemMark]:
    """Yield the marks that no teacher has to give; a blank has 0."""
    yield from GAP.mark(sheet, answers)
    for question in sheet.questions:
        if question.marks is None:
            continue
        kind, answer = question_kind(question), answers.get(question.key, BLANK)
        points = Decimal(0) if kind.is_blank(answer) else kind.mark(question, answer)
        if points is not None:
            yield ItemMark(question.key, points, question.marks)


def same_items(before: Sheet, after: Sheet) -> bool:
    """Return whether answers to one sheet can be marked by the key of another.

    Gaps stand in the same words and questions ask the same, in the same order. Keys, banks,
    models, rubrics and how many marks there are may differ, and so may text in which no item
    stands.
    """
    return (
        [block for block in before.blocks if _has_item(block)]
        == [block for block in after.blocks if _has_item(block)]
        and len(before.items) == len(after.items)
        and all(map(_is_same, before.items, after.items))
    )


def asks_the_same(sheet: Sheet, question: Question[Any]) -> bool:
    """Return whether a sheet has this question, for the same marks, under the same key."""
    try:
        other = sheet.question(question.key)
    except KeyError:
        return False
    return other.marks == question.marks and _is_same(other, question)


def changed_keys(before: Sheet, after: Sheet) -> tuple[str, ...]:
    """Return the keys of the items of both sheets that are marked by another key in the second.

    Of a gap that is what it accepts and how answers are compared; of a question that the machine
    marks, all of its content; of every question whether it counts.
    """
    former = {item.key: _key_of(item) for item in before.items}
    return tuple(
        item.key for item in after.items if item.key in former and former[item.key] != _key_of(item)
    )


def _key_of(item: Item) -> object:
    if isinstance(item, Gap):
        return item.accepted, item.mode, item.tolerance, item.group, item.points
    key = (item.kind, item.content, item.marks) if item.automatic else None
    return key, item.is_left_out


def _is_same(before: Item, after: Item) -> bool:
    kind = kind_of(before)
    if kind is not kind_of(after) or not kind.same(before, after):
        return False
    if isinstance(before, Gap) or isinstance(after, Gap):
        return True
    # Who marks stays, or a teacher's mark would pass for the machine's. Marks may be added: then
    # submitted answers wait for a teacher's. They may not be taken away, with what was given.
    has_lost_its_marks = before.marks is not None and after.marks is None
    return (before.prompt, before.automatic) == (
        after.prompt,
        after.automatic,
    ) and not has_lost_its_marks


def reading_order(sheet: Sheet) -> list[str]:
    """Return the keys of the sheet's items in the order in which they stand on the page."""
    return list(_keys(sheet.blocks))


def _keys(node: object) -> Iterator[str]:
    if isinstance(node, GapRef | QuestionBlock):
        yield node.key
    elif isinstance(node, tuple):
        for part in node:
            yield from _keys(part)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _keys(getattr(node, part.name))
    if isinstance(node, InterpretationBlock):
        yield from node.questions


def used_too_often(
    sheet: Sheet, answers: Mapping[str, ItemAnswer]
) -> Iterator[tuple[str, list[Gap]]]:
    """Yield the words that stand in more gaps than their bank has them, with these gaps."""
    used: dict[tuple[int, str], list[Gap]] = {}
    for gap in sheet.gaps:
        word = answers.get(gap.key, BLANK).get("text")
        if word and gap.bank is not None and sheet.banks[gap.bank].each_once:
            used.setdefault((gap.bank, word), []).append(gap)
    for (bank, word), gaps in used.items():
        if len(gaps) > sheet.banks[bank].words.count(word):
            yield word, gaps


def _has_item(node: object) -> bool:
    if isinstance(node, GapRef | QuestionBlock):
        return True
    if isinstance(node, tuple):
        return any(map(_has_item, node))
    return is_dataclass(node) and any(_has_item(getattr(node, f.name)) for f in fields(node))
