"""The common part of the kinds of question that a teacher marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from worksheets.markup import Keyword, Question
from worksheets.questions.answers import ItemAnswer, Keyed
from worksheets.questions.picture import Picture


class ByTeacher:
    """The base of these kinds."""

    name: str
    details: Sequence[Keyword] = ()
    lines: Sequence[Keyword] = ()
    is_written = False
    is_listed = False

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not answer.get("text").strip()

    def same(self, before: Question[Any], after: Question[Any]) -> bool:
        """Return whether the content is the same. A kind with its key there leaves it out."""
        return bool(before.content == after.content)

    def mark(self, question: Question[Any], answer: ItemAnswer) -> Decimal | None:
        """Return None: the teacher gives the points."""
        return None

    def key(self, question: Question[Any]) -> ItemAnswer | None:
        """Return None: there is no key to press."""
        return None

    def keyed(self, question: Question[Any], answer: ItemAnswer) -> Keyed | None:
        """Return None: there is no key to write."""
        return None

    def solution(self, question: Question[Any]) -> Mapping[str, object]:
        """Return nothing: model answer and rubric are every question's own."""
        return {}

    def picture(self, question: Question[Any], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return None: there is nothing to count."""
        return None

    def choices(self, question: Question[Any]) -> Sequence[str]:
        """Return nothing: the answer is no choice."""
        return ()

    def choice(self, question: Question[Any], answer: ItemAnswer) -> str:
        """Return '': the answer is no choice."""
        return ""

    def repeats(self, before: Question[Any], after: Question[Any]) -> bool:
        """Return whether both ask the same in the same words."""
        return before.prompt == after.prompt and self.same(before, after)
