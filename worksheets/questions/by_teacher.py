"""The common part of the kinds of question that a teacher marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from worksheets.markup import Keyword, Question
from worksheets.questions.answers import ItemAnswer, Keyed


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
