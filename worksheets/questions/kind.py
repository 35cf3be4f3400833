"""The protocols of the kinds of item. Each method is called where its docstring says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from worksheets.markup import Gap, KindGrammar, Message, Question, Sheet
from worksheets.questions.answers import ItemAnswer, Reading, Value

AnyItem = TypeVar("AnyItem", Gap, Question[Any], contravariant=True)


class ItemKind(Protocol[AnyItem]):
    """The protocol of every kind: of gaps, and of each kind of question."""

    name: str

    def read(self, sheet: Sheet, item: AnyItem, fields: Mapping[str, str]) -> Reading | None:
        """Return the answer in posted fields; None if none of them belongs to the item.

        A field that is not posted is blank. Values may be anything that a browser, or somebody
        without one, can send. (Saving, showing what was posted again.)
        """

    def fields(self, item: AnyItem, answer: ItemAnswer) -> Mapping[str, str]:
        """Return the fields that ``read`` reads as this answer. (A page shown again.)"""

    def summary(self, item: AnyItem, value: Value) -> str:
        """Return a value in plain words: the answer's ``text``. (Saving.)"""

    def is_blank(self, answer: ItemAnswer) -> bool:
        """Return whether nothing was answered. (Saving, the check before submitting, marking.)"""

    def missing(self, item: AnyItem, answer: ItemAnswer) -> Message | None:
        """Return what a half given answer lacks, else None. (The check before submitting.)

        The message follows the item's prompt and begins with a small letter.
        """

    def same(self, before: AnyItem, after: AnyItem) -> bool:
        """Return whether answers to an item can be marked as answers to its next edition.

        The key may differ. That a question has the same prompt, and that the same one marks it,
        is seen to in ``items``. (Correcting a key.)
        """


class QuestionKind(KindGrammar, ItemKind[Question[Any]], Protocol):
    """The protocol of a kind of question: besides, its grammar and its part of the pages.

    Its templates are ``worksheets/questions/NAME/fill.html`` and ``result.html``; they get the
    values of ``show`` and what ``worksheets.rendering.questions`` adds.
    """

    scripts: tuple[str, ...]  # static files that a page to fill in loads, as script modules
    is_listed: bool  # its text is short: class list and the gradebook's comment show it

    def mark(self, question: Question[Any], answer: ItemAnswer) -> Decimal | None:
        """Return the points of an answer that is not blank; None if a teacher gives them.

        The questions that the grammar calls automatic always get some. (Submitting.)
        """

    def show(self, question: Question[Any], answer: ItemAnswer) -> Mapping[str, object]:
        """Return values for the templates; no key among them. (Pages to fill in and to read.)

        Tuples of inline nodes are for the filter ``inline``, messages for ``translated``.
        """

    def solution(self, question: Question[Any]) -> Mapping[str, object]:
        """Return values with the key, for readers who may see it. (The result.)"""
