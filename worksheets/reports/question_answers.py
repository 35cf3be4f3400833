"""The answers of a class to one question, with their marks. Reads only.

Of a large class a page shows some. So of each there is only what their order and the figures are
made of; the rest is read of those that are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from worksheets.marking.pseudonyms import Pseudonyms
from worksheets.markup import Question
from worksheets.models import Answer, Assignment, Attempt, EarlierMark, Mark, Partner
from worksheets.questions import ItemAnswer, asks_the_same
from worksheets.reports.class_attempts import (
    SubmittedRow,
    of_attempts,
    read_attempts,
    rows_that_may_count,
)
from worksheets.reports.kept_piles import RawAnswer
from worksheets.reports.pseudonyms import submission_sign


class MarkRow(NamedTuple):
    """A mark, as far as the figures of a page need it."""

    points: Decimal
    marked_by_id: int | None
    comment: str
    released_at: datetime | None


@dataclass
class QuestionAnswer:
    """A pupil's answer to the question, with the mark that it has.

    ``partners`` are those with whom the pupil has worked. Of several answers ``read_names`` reads
    the ``attempt``, ``read_marks`` the ``mark`` and ``before``, the mark from before the attempt
    was reopened; of one alone the first two are read when they are asked for.
    """

    row: SubmittedRow
    raw: RawAnswer
    given: MarkRow | None
    pseudonyms: Pseudonyms
    item: str
    partners: Sequence[Partner] = ()
    before: EarlierMark | None = None

    @cached_property
    def attempt(self) -> Attempt:
        return read_attempts([self.row])[self.row.pk]

    @cached_property
    def mark(self) -> Mark | None:
        if self.given is None:
            return None
        return Mark.objects.filter(attempt=self.row.pk, item=self.item).first()

    @cached_property
    def answer(self) -> ItemAnswer:
        return self.raw.read()

    @property
    def names(self) -> str:
        """Return whose answer it is."""
        people = [self.attempt.user, *(one.user for one in self.partners)]
        return ", ".join(user.display_name for user in people)

    @property
    def number(self) -> int:
        """Return the number that stands for the attempt where its pupil's name is hidden."""
        return self.pseudonyms.hide(self.row.pk)

    @property
    def submission(self) -> str:
        """Return what stands for the submission that is read there.

        It was known before the answer was read: one that was submitted since has another one.
        """
        return submission_sign(self.row, self.pseudonyms)

    @property
    def choice(self) -> str:
        """Return the label of the option that was chosen, '' for none."""
        return self.answer.get("choice")

    @property
    def is_shown(self) -> bool:
        """Return whether the pupil sees the mark."""
        by_itself = self.given is not None and self.given.released_at is not None
        return self.row.released_at is not None or by_itself

    @property
    def words(self) -> int:
        return len(self.answer.text.split())


def read_answers(
    assignments: Iterable[Assignment],
    question: Question[Any],
    pseudonyms: Pseudonyms,
    group: str = "",
    users: Collection[int] | None = None,
) -> tuple[dict[int, QuestionAnswer], int]:
    """Return the answers by ``Attempt.pk``, and how many pupils are asked something else.

    With ``group`` they are those of a group alone, with ``users`` of these pupils.
    """
    counted: list[SubmittedRow] = []
    together: dict[int, Sequence[Partner]] = {}
    for one in assignments:
        rows, partners = rows_that_may_count(one, group, users)
        counted += rows
        together |= partners
    editions = {one.edition_id: one.edition for one in counted}
    same = {pk: asks_the_same(edition.sheet, question) for pk, edition in editions.items()}
    asked = [one for one in counted if same[one.edition_id]]
    texts = Answer.objects.filter(of_attempts(asked), item=question.key)
    columns = texts.values_list("attempt_id", Cast("value", TextField()), "text")
    raw = {pk: RawAnswer(value, text) for pk, value, text in columns}
    marks = Mark.objects.filter(of_attempts(asked), item=question.key)
    of_mark = marks.values_list("attempt_id", *MarkRow._fields)
    given = {pk: MarkRow(*parts) for pk, *parts in of_mark}
    answers = {
        one.pk: QuestionAnswer(
            one,
            raw.get(one.pk, RawAnswer()),
            given.get(one.pk),
            pseudonyms,
            question.key,
            together.get(one.pk, ()),
        )
        for one in asked
    }
    return answers, len(counted) - len(asked)


def read_names(answers: Iterable[QuestionAnswer]) -> None:
    """Read of answers whose they are: the attempts, with their pupils. One SQL statement."""
    answers = list(answers)
    attempts = read_attempts(one.row for one in answers)
    for one in answers:
        one.attempt = attempts[one.row.pk]


def read_marks(answers: Iterable[QuestionAnswer]) -> None:
    """Read of answers to one question their marks, earlier ones too. At most two SQL statements."""
    answers = list(answers)
    if not answers:
        return
    rows = {"attempt__in": [one.row.pk for one in answers], "item": answers[0].item}
    given = Mark.objects.filter(**rows) if any(one.given for one in answers) else ()
    marks = {mark.attempt_id: mark for mark in given}
    before = {mark.attempt_id: mark for mark in EarlierMark.objects.filter(**rows)}
    for one in answers:
        # One that was given since then is not what the page shows, and not what a press changes.
        one.mark = marks.get(one.row.pk) if one.given else None
        one.before = before.get(one.row.pk)
