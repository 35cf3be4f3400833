"""The common part of the kinds of question that a teacher marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from worksheets.markup import Keyword, Question, Sheet
from worksheets.questions.answers import ItemAnswer
from worksheets.questions.kind import ItemMark


class ByTeacher:
    """The base of these kinds."""

    name: str
    details: Sequence[Keyword] = ()
    lines: Sequence[Keyword] = ()
    is_listed = False

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not answer.get("text").strip()

    def same(self, before: Question[Any], after: Question[Any]) -> bool:
        """Return whether both ask the same and both have marks, or neither has.

        A question that had no marks before has no mark now, and would wait for one for ever.
        """
        return (before.prompt, before.content, before.marks is None) == (
            after.prompt,
            after.content,
            after.marks is None,
        )

    def mark(self, sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> Iterable[ItemMark]:
        """Return 0 for what was left blank."""
        blank = ItemAnswer()
        return [
            ItemMark(question.key, Decimal(0), question.marks)
            for question in sheet.to_mark
            if question.kind == self.name
            and question.marks is not None
            and self.is_blank(answers.get(question.key, blank))
        ]

    def solution(self, question: Question[Any]) -> Mapping[str, object]:
        """Return nothing: model answer and rubric are every question's own."""
        return {}
