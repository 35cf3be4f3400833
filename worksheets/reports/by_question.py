"""The answers of a class to one question, as a teacher marks them. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark, Partner
from worksheets.questions import asks_the_same
from worksheets.reports.class_attempts import SubmittedRow, of_attempts, rows_that_may_count
from worksheets.reports.kept_piles import Pile, pile_of
from worksheets.reports.pseudonyms import pseudonyms_of
from worksheets.reports.question_answers import MarkRow, QuestionAnswer, read_answers


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers that one press marks: equal ones that have no mark yet, or one alone.

    ``number`` is the first one's place in the pile, which no mark changes.
    """

    number: int
    answers: Sequence[QuestionAnswer]

    @property
    def first(self) -> QuestionAnswer:
        return self.answers[0]

    @property
    def others(self) -> Sequence[QuestionAnswer]:
        return self.answers[1:]

    @property
    def classes(self) -> set[int]:
        """Return the ``Assignment.pk`` of those whose answers these are."""
        return {one.row.assignment_id for one in self.answers}

    @property
    def is_marked(self) -> bool:
        return self.first.given is not None


@dataclass(frozen=True)
class QuestionMarking:
    """The answers to mark at a question: the groups in the order in which they are read.

    Those without a mark come first. ``blank`` are the answers in which nothing stands, and
    ``elsewhere`` is the number of pupils whose edition asks something else under this key.
    ``others`` are the classes whose answers are in the same pile.
    """

    assignment: Assignment
    question: Question[Any]
    position: int
    questions: Sequence[Question[Any]]
    groups: Sequence[AnswerGroup]
    blank: Sequence[QuestionAnswer]
    elsewhere: int
    others: Sequence[Assignment] = ()

    @cached_property
    def answers(self) -> list[QuestionAnswer]:
        return [answer for group in self.groups for answer in group.answers] + list(self.blank)

    @cached_property
    def marks(self) -> list[MarkRow]:
        return [answer.given for answer in self.answers if answer.given]

    @property
    def unmarked(self) -> int:
        return len(self.answers) - len(self.marks)

    @property
    def unmarked_blank(self) -> list[QuestionAnswer]:
        return [answer for answer in self.blank if answer.given is None]

    @property
    def to_release(self) -> list[QuestionAnswer]:
        """Return the marked answers of this class whose mark the pupil does not see yet."""
        return [
            one
            for one in self.answers
            if one.given and one.row.assignment_id == self.assignment.pk and not one.is_shown
        ]

    @property
    def average(self) -> Decimal | None:
        """Return the average mark to one decimal, None without marks."""
        points = [mark.points for mark in self.marks]
        return round(sum(points, Decimal(0)) / len(points), 1) if points else None

    @property
    def given(self) -> list[tuple[Decimal, int]]:
        """Return the marks that were given for what is not blank, each with how often."""
        marks = (answer.given for group in self.groups for answer in group.answers)
        return sorted(Counter(mark.points for mark in marks if mark).items())

    @property
    def following(self) -> Question[Any] | None:
        """Return the next question of the sheet that a teacher marks."""
        return next(iter(self.questions[self.position :]), None)

    @property
    def preceding(self) -> Question[Any] | None:
        return self.questions[self.position - 2] if self.position > 1 else None


def question_marking(
    assignment: Assignment,
    question: Question[Any],
    others: Iterable[Assignment] = (),
    group: str = "",
) -> QuestionMarking:
    """Return what there is to mark at a question of the assignment's sheet.

    With ``others`` their answers stand in the same pile; with ``group`` there are those of a group
    alone. It takes seven or eight SQL statements for a class of any size, and six for each other.
    """
    others = tuple(others)
    pseudonyms = pseudonyms_of(assignment, question)
    answers, elsewhere = read_answers([assignment, *others], question, pseudonyms, group)
    raw = {pk: one.raw for pk, one in answers.items()}
    settings, seed = assignment.edition.sheet.settings, pseudonyms.sign("order")
    pile = pile_of(raw, question, settings, seed)
    blank = sorted((answers[pk] for pk in pile.blank), key=lambda one: one.number)
    groups = _groups(pile, answers)
    questions = assignment.edition.sheet.to_mark
    return QuestionMarking(
        assignment,
        question,
        1 + [one.key for one in questions].index(question.key),
        questions,
        [*(g for g in groups if not g.is_marked), *(g for g in groups if g.is_marked)],
        blank,
        elsewhere,
        others,
    )


def named_marking(
    assignment: Assignment,
    question: Question[Any],
    named: Sequence[tuple[int, Sequence[int]]],
    others: Iterable[Assignment] = (),
) -> QuestionMarking:
    """Return what there is to mark of some answers, in the groups in which a page has named them.

    ``named`` has of each group its number and its ``Attempt.pk``. What other pupils have written is
    not looked at. An answer that was marked meanwhile is a group by itself.
    """
    others = tuple(others)
    keys = [key for _number, group in named for key in group]
    users = set(Attempt.objects.filter(pk__in=keys).values_list("user_id", flat=True))
    shared = Partner.objects.filter(attempt__in=keys, number__isnull=False)
    users |= set(shared.values_list("user_id", flat=True))
    pseudonyms = pseudonyms_of(assignment, question)
    answers, elsewhere = read_answers([assignment, *others], question, pseudonyms, users=users)
    groups: list[AnswerGroup] = []
    for number, group in named:
        found = [answers.pop(key) for key in group if key in answers]
        if waiting := [one for one in found if one.given is None]:
            groups.append(AnswerGroup(number, waiting))
        groups += (AnswerGroup(number, [one]) for one in found if one.given)
    questions = assignment.edition.sheet.to_mark
    position = 1 + [one.key for one in questions].index(question.key)
    return QuestionMarking(assignment, question, position, questions, groups, [], elsewhere, others)


def first_to_mark(
    assignment: Assignment, others: Iterable[Assignment] = (), group: str = ""
) -> Question[Any] | None:
    """Return the first question for which an answer waits; if none does, the first of all.

    None for a sheet of which a teacher marks nothing.
    """
    questions = assignment.edition.sheet.to_mark
    if not questions:
        return None
    counted: list[SubmittedRow] = []
    for one in [assignment, *others]:
        counted += rows_that_may_count(one, group)[0]
    marks = Mark.objects.filter(of_attempts(counted), item__in=[one.key for one in questions])
    marked = set(marks.values_list("attempt_id", "item"))
    for question in assignment.edition.sheet.must_be_marked:
        waiting = (one for one in counted if (one.pk, question.key) not in marked)
        if any(asks_the_same(one.edition.sheet, question) for one in waiting):
            return question
    return questions[0]


def _groups(pile: Pile, answers: dict[int, QuestionAnswer]) -> list[AnswerGroup]:
    groups: list[AnswerGroup] = []
    number = 1
    for alike in pile.groups:
        found = dict(enumerate((answers[key] for key in alike), number))
        waiting = {place: one for place, one in found.items() if one.given is None}
        if waiting:
            groups.append(AnswerGroup(min(waiting), list(waiting.values())))
        groups += (AnswerGroup(place, [one]) for place, one in found.items() if one.given)
        number += len(found)
    return groups
