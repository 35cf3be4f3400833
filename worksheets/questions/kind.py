"""The protocols of the kinds of item. Each method says in brackets when it is called. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from worksheets.markup import Gap, KindGrammar, Message, Question, Sheet
from worksheets.questions.answers import ItemAnswer, Keyed, Reading, Value
from worksheets.questions.picture import Picture

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
        """Return the fields that ``read`` reads as this answer, blank ones too.

        The value may be of an older edition of the item, or of none. (A page shown again.)
        """

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
    """The protocol of a kind of question: besides, its grammar, its mark, its part of the pages.

    ``ByTeacher`` has what most kinds have in common, ``Written`` what those have in which pupils
    write. Kinds are asked in the order of the registry which of them a box is, and texts that
    were published are read again with every new grammar.

    The templates are ``worksheets/questions/NAME/fill.html`` and ``result.html``. They get the
    values of ``show`` and what ``worksheets.rendering`` adds. The element around the fields has
    ``data-item`` and the id ``question-…``, by which scripts and the check page find it, the
    class ``has-error`` and ``{{ error }}``. A script changes the fields, sends ``input`` from
    one of them, and listens for ``worksheet:restored`` at the form: fields were filled by
    saved work.
    """

    scripts: tuple[str, ...]  # static files that a page to fill in loads, as script modules
    is_written: bool  # pupils answer in their own words
    is_listed: bool  # its text is short: class list and the gradebook's comment show it

    def mark(self, question: Question[Any], answer: ItemAnswer) -> Decimal | None:
        """Return the points of an answer that is not blank; None if a teacher gives them.

        The questions that the grammar calls automatic always get some. (Submitting.)
        """

    def show(self, question: Question[Any], answer: ItemAnswer) -> Mapping[str, object]:
        """Return values for the templates; no key among them. (Pages to fill in and to read.)

        Tuples of inline nodes are for the filter ``inline``, messages for ``translated``.
        """

    def key(self, question: Question[Any]) -> ItemAnswer | None:
        """Return the right answer as a pupil would give it, a blank where it is not written yet.

        None if the question has no key that can be pressed. (The page of answers.)
        """

    def keyed(self, question: Question[Any], answer: ItemAnswer) -> Keyed | None:
        """Return the key that makes an answer right, that of a blank removes the key.

        None if the answer is only half of one, or the question has no such key. (The same page.)
        """

    def solution(self, question: Question[Any]) -> Mapping[str, object]:
        """Return values with the key, for readers who may see it. (The result.)"""

    def picture(self, question: Question[Any], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return the answers of a class as counts; None if they cannot be counted, or nobody is.

        None of the answers is blank. They may be of an older edition. (The class's answers.)
        """

    def choices(self, question: Question[Any]) -> Sequence[str]:
        """Return what ``choice`` may be, in the order of the sheet. (Before and after.)"""

    def choice(self, question: Question[Any], answer: ItemAnswer) -> str:
        """Return in one word what a pupil is for, '' if that is not said. (Before and after.)"""

    def repeats(self, before: Question[Any], after: Question[Any]) -> bool:
        """Return whether a question asks once more what an earlier one of its kind has asked.

        (Before and after.)
        """
