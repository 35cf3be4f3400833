"""The answers that a pupil sends for a sheet's items: read, cleaned, checked. Pure.

A gap is posted as ``g3``; a question as ``q2`` (its text) and ``q2-choice`` (the label
of the chosen option).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worksheets.marking import is_too_long, normalise
from worksheets.markup import Gap, Question, Sheet

MAX_GAP_LENGTH = 500
MAX_ANSWER_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """An answer to one item: a gap's word, or what was written and chosen."""

    text: str = ""
    choice: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.choice)


@dataclass(frozen=True, slots=True)
class TooLong:
    length: int
    maximum: int


@dataclass(frozen=True, slots=True)
class NotInBank:
    word: str


@dataclass(frozen=True, slots=True)
class NoSuchOption:
    label: str


InputError = TooLong | NotInBank | NoSuchOption


@dataclass(frozen=True, slots=True)
class PostedAnswers:
    """The answers as read: ``accepted`` can be kept; ``errors`` say what cannot, and why.

    Both are by item key.
    """

    accepted: Mapping[str, ItemAnswer] = field(default_factory=dict)
    errors: Mapping[str, InputError] = field(default_factory=dict)


def read_answers(sheet: Sheet, fields: Mapping[str, str]) -> PostedAnswers:
    """Return the answers in posted fields. Fields that belong to no item of the sheet are ignored.

    Items without a field are left out: a page may post only the answers that have changed.
    """
    accepted: dict[str, ItemAnswer] = {}
    errors: dict[str, InputError] = {}
    for gap in sheet.gaps:
        if gap.key in fields:
            text = clean(fields[gap.key])
            if error := _gap_error(sheet, gap, text):
                errors[gap.key] = error
            else:
                accepted[gap.key] = ItemAnswer(text)
    for question in sheet.questions:
        if question.key in fields or choice_field(question.key) in fields:
            answer = _question_answer(question, fields)
            if error := _question_error(question, answer):
                errors[question.key] = error
            else:
                accepted[question.key] = answer
    return PostedAnswers(accepted, errors)


def choice_field(key: str) -> str:
    """Return the name of the field that holds a question's chosen option."""
    return f"{key}-choice"


def clean(text: str) -> str:
    """Return the text as every database takes it, with one kind of line end.

    NUL is removed; a lone surrogate becomes a question mark.
    """
    encodable = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return encodable.replace("\r\n", "\n").replace("\r", "\n")


def _question_answer(question: Question, fields: Mapping[str, str]) -> ItemAnswer:
    return ItemAnswer(
        clean(fields.get(question.key, "")), clean(fields.get(choice_field(question.key), ""))
    )


def _gap_error(sheet: Sheet, gap: Gap, text: str) -> InputError | None:
    if len(text) > MAX_GAP_LENGTH:
        return TooLong(len(text), MAX_GAP_LENGTH)
    if gap.bank is None or not text.strip():
        return None
    if is_too_long(text):
        return NotInBank(text[:80])
    words = {normalise(word, sheet.settings) for word in sheet.banks[gap.bank].words}
    return None if normalise(text, sheet.settings) in words else NotInBank(text[:80])


def _question_error(question: Question, answer: ItemAnswer) -> InputError | None:
    if len(answer.text) > MAX_ANSWER_LENGTH:
        return TooLong(len(answer.text), MAX_ANSWER_LENGTH)
    labels = {option.label for option in question.options}
    if answer.choice and answer.choice not in labels:
        return NoSuchOption(answer.choice[:20])
    return None
