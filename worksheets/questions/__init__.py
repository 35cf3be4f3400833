"""Kinds of item, one folder each: their grammar, their answers, what a machine can mark. Pure.

``docs/layout.md`` says how to add one.
"""

from worksheets.questions.answers import ItemAnswer, ItemMark
from worksheets.questions.items import (
    BLANK,
    PostedAnswers,
    Unanswered,
    are_written,
    asks_the_same,
    automatic_marks,
    automatic_part,
    changed_keys,
    listed_questions,
    listed_text,
    read_answers,
    reading_order,
    same_items,
    saved_fields,
    teacher_part,
    unanswered,
    used_too_often,
)
from worksheets.questions.registry import KINDS, parse_sheet, question_kind

__all__ = [
    "BLANK",
    "KINDS",
    "ItemAnswer",
    "ItemMark",
    "PostedAnswers",
    "Unanswered",
    "are_written",
    "asks_the_same",
    "automatic_marks",
    "automatic_part",
    "changed_keys",
    "listed_questions",
    "listed_text",
    "parse_sheet",
    "question_kind",
    "read_answers",
    "reading_order",
    "same_items",
    "saved_fields",
    "teacher_part",
    "unanswered",
    "used_too_often",
]
