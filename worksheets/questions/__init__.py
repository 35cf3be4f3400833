"""Kinds of item, one folder each: their grammar, their answers, what a machine can mark. Pure.

``docs/layout.md`` says how to add one.
"""

from worksheets.questions.answers import ItemAnswer, ItemMark
from worksheets.questions.items import (
    BLANK,
    PostedAnswers,
    Unanswered,
    automatic_marks,
    listed_questions,
    read_answers,
    same_items,
    saved_fields,
    unanswered,
)
from worksheets.questions.registry import KINDS, parse_sheet, question_kind

__all__ = [
    "BLANK",
    "KINDS",
    "ItemAnswer",
    "ItemMark",
    "PostedAnswers",
    "Unanswered",
    "automatic_marks",
    "listed_questions",
    "parse_sheet",
    "question_kind",
    "read_answers",
    "same_items",
    "saved_fields",
    "unanswered",
]
