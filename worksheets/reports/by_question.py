"""The answers of a class to one question, as a teacher marks them. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import Partners, by_person, partners_of
from worksheets.marking.pseudonyms import Pseudonyms
from worksheets.markup import Question
from worksheets.models import Answer, Assignment, Attempt, EarlierMark, Mark, Partner
from worksheets.questions import ItemAnswer, asks_the_same
from worksheets.reports.class_attempts import (
    SubmittedRow,
    in_competition,
    of_attempts,
    submitted_rows,
)
from worksheets.reports.kept_piles import Pile, RawAnswer, pile_of
from worksheets.reports.pseudonyms import pseudonyms_of, submission_sign


@dataclass(frozen=True)
class QuestionAnswer:
    """A pupil's answer to the question, with the mark that it has.

    ``partners`` are those with whom the pupil has worked. Of a large class few answers are looked
    at: ``attempt`` and ``answer`` are made once they are.
    """

    row: SubmittedRow
    raw: RawAnswer
    mark: Mark | None
    pseudonyms: Pseudonyms
    before: EarlierMark | None = None
    partners: Sequence[Partner] = ()

    @cached_property
    def attempt(self) -> Attempt:
        return self.row.attempt()

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
        """Return what stands for the submission that is read there."""
        return submission_sign(self.attempt, self.pseudonyms)

    @property
    def choice(self) -> str:
        """Return the label of the option that was chosen, '' for none."""
        return self.answer.get("choice")

    @property
    def is_shown(self) -> bool:
        """Return whether the pupil sees the mark."""
        return self.attempt.shows(self.mark)

    @property
    def words(self) -> int:
        return len(self.answer.text.split())


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
        return self.first.mark is not None


@dataclass(frozen=True, slots=True)
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

    @property
    def answers(self) -> list[QuestionAnswer]:
        return [answer for group in self.groups for answer in group.answers] + list(self.blank)

    @property
    def marks(self) -> list[Mark]:
        return [answer.mark for answer in self.answers if answer.mark]

    @property
    def unmarked(self) -> int:
        return len(self.answers) - len(self.marks)

    @property
    def unmarked_blank(self) -> list[QuestionAnswer]:
        return [answer for answer in self.blank if answer.mark is None]

    @property
    def to_release(self) -> list[QuestionAnswer]:
        """Return the marked answers of this class whose mark the pupil does not see yet."""
        return [
            one
            for one in self.answers
            if one.mark and one.row.assignment_id == self.assignment.pk and not one.is_shown
        ]

    @property
    def average(self) -> Decimal | None:
        """Return the average mark to one decimal, None without marks."""
        points = [mark.points for mark in self.marks]
        return round(sum(points, Decimal(0)) / len(points), 1) if points else None

    @property
    def given(self) -> list[tuple[Decimal, int]]:
        """Return the marks that were given for what is not blank, each with how often."""
        marks = (answer.mark for group in self.groups for answer in group.answers)
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
    answers, elsewhere = _answers([assignment, *others], question, pseudonyms, group)
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
    answers, elsewhere = _answers([assignment, *others], question, pseudonyms, users=users)
    groups: list[AnswerGroup] = []
    for number, group in named:
        found = [answers.pop(key) for key in group if key in answers]
        if waiting := [one for one in found if one.mark is None]:
            groups.append(AnswerGroup(number, waiting))
        groups += (AnswerGroup(number, [one]) for one in found if one.mark)
    questions = assignment.edition.sheet.to_mark
    position = 1 + [one.key for one in questions].index(question.key)
    return QuestionMarking(assignment, question, position, questions, groups, [], elsewhere, others)


def _answers(
    assignments: Sequence[Assignment],
    question: Question[Any],
    pseudonyms: Pseudonyms,
    group: str = "",
    users: Collection[int] | None = None,
) -> tuple[dict[int, QuestionAnswer], int]:
    """Return the answers by ``Attempt.pk``, and how many pupils are asked something else."""
    counted: list[SubmittedRow] = []
    marks: list[Mark] = []
    together: dict[int, Sequence[Partner]] = {}
    for one in assignments:
        rows = submitted_rows(one, group, users)
        partners = partners_of(rows)
        found = _marks_of(rows, partners, question.key)
        counted += _that_may_count(one, rows, found, partners)
        together |= partners
        marks += found
    editions = {one.edition_id: one.edition for one in counted}
    same = {pk: asks_the_same(edition.sheet, question) for pk, edition in editions.items()}
    asked = [one for one in counted if same[one.edition_id]]
    texts = Answer.objects.filter(of_attempts(asked), item=question.key)
    columns = texts.values_list("attempt_id", Cast("value", TextField()), "text")
    raw = {pk: RawAnswer(value, text) for pk, value, text in columns}
    blank = RawAnswer()
    known = {mark.attempt_id: mark for mark in marks if mark.item == question.key}
    answers = {
        one.pk: QuestionAnswer(
            one,
            raw.get(one.pk, blank),
            known.get(one.pk),
            pseudonyms,
            partners=together.get(one.pk, ()),
        )
        for one in asked
    }
    return answers, len(counted) - len(asked)


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
    marked: set[tuple[int, str]] = set()
    for one in [assignment, *others]:
        rows = submitted_rows(one, group)
        partners = partners_of(rows)
        marks = _marks_of(rows, partners)
        counted += _that_may_count(one, rows, marks, partners)
        marked |= {(mark.attempt_id, mark.item) for mark in marks}
    for question in questions:
        waiting = (one for one in counted if (one.pk, question.key) not in marked)
        if any(asks_the_same(one.edition.sheet, question) for one in waiting):
            return question
    return questions[0]


def with_earlier_marks(groups: Iterable[AnswerGroup], question: Question[Any]) -> list[AnswerGroup]:
    """Return the groups with the marks of before an attempt was reopened. One SQL statement."""
    groups = list(groups)
    keys = [answer.attempt.pk for group in groups for answer in group.answers]
    rows = EarlierMark.objects.filter(attempt__in=keys, item=question.key)
    found = {row.attempt_id: row for row in rows}
    if not found:
        return groups
    return [
        AnswerGroup(
            group.number,
            [replace(one, before=found.get(one.attempt.pk)) for one in group.answers],
        )
        for group in groups
    ]


def _marks_of(attempts: Sequence[SubmittedRow], partners: Partners, item: str = "") -> list[Mark]:
    """Return the marks of attempts; ``item`` alone where that tells all that is needed."""
    rows = Mark.objects.filter(of_attempts(attempts))
    if item:
        rows = rows.filter(Q(item=item) | Q(attempt__in=in_competition(attempts, partners)))
    return list(rows)


def _that_may_count(
    assignment: Assignment,
    rows: Sequence[SubmittedRow],
    marks: Iterable[Mark],
    partners: Partners,
) -> list[SubmittedRow]:
    """Return the rows of ``may_count``, which looks at those alone who have several attempts."""
    several = set(in_competition(rows, partners))
    if not several:
        return list(rows)
    attempts = [one.attempt() for one in rows if one.pk in several]
    found = {one.pk for one in may_count(assignment, attempts, marks, partners)}
    return [one for one in rows if one.pk in found or one.pk not in several]


def may_count(
    assignment: Assignment,
    attempts: Sequence[Attempt],
    marks: Iterable[Mark],
    partners: Partners,
) -> list[Attempt]:
    """Return the attempts that need marks: they count for somebody, or can come to count."""
    by_attempt: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_attempt[mark.attempt_id].append(mark)
    found: dict[int, Attempt] = {}
    for pk, works in by_person(attempts, partners).items():
        if len(works) == 1:
            found |= {one.pk: one for _number, one in works}  # no rule lets it count for nothing
            continue
        marked = [
            scoring.mark_attempt(one, by_attempt[one.pk], partner_number=number, partner_id=pk)
            for number, one in works
        ]
        numbers = scoring.numbers_to_mark(assignment, marked)
        found |= {one.pk: one for number, one in works if number in numbers}
    return list(found.values())


def _groups(pile: Pile, answers: dict[int, QuestionAnswer]) -> list[AnswerGroup]:
    groups: list[AnswerGroup] = []
    number = 1
    for alike in pile.groups:
        found = dict(enumerate((answers[key] for key in alike), number))
        waiting = {place: one for place, one in found.items() if one.mark is None}
        if waiting:
            groups.append(AnswerGroup(min(waiting), list(waiting.values())))
        groups += (AnswerGroup(place, [one]) for place, one in found.items() if one.mark)
        number += len(found)
    return groups
