"""The test for whether answers to one edition can be marked by another one's key. Pure."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from worksheets.markup import Sheet
from worksheets.markup.sheet import GapRef, QuestionBlock


def same_items(one: Sheet, other: Sheet) -> bool:
    """Return whether gaps stand in the same words, questions ask the same, in the same order.

    Answers, banks, models, rubrics and how many marks there are may differ, and so may
    text in which no gap stands.
    """
    return _asked(one) == _asked(other)


def _asked(sheet: Sheet) -> tuple[object, ...]:
    questions = [
        # A question that had no marks before has no mark now, and would wait for one for ever.
        (q.kind, q.prompt, q.options, q.order, q.marks is not None)
        for q in sheet.questions
    ]
    return (*(block for block in sheet.blocks if _has_item(block)), *questions)


def _has_item(node: object) -> bool:
    if isinstance(node, GapRef | QuestionBlock):
        return True
    if isinstance(node, tuple):
        return any(map(_has_item, node))
    return is_dataclass(node) and any(_has_item(getattr(node, f.name)) for f in fields(node))
