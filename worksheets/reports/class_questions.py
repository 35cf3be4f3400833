"""The answers of a class to each question in figures: chosen, blank, marks. Reads only.

One attempt of each pupil is counted, as in ``class_answers``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from worksheets.gradebook.shared_work import by_person, partners_of
from worksheets.markup import Question
from worksheets.models import Answer, Assignment, Mark
from worksheets.questions import (
    BLANK,
    ItemAnswer,
    asks_the_same,
    listed_questions,
    listed_text,
    question_kind,
)
from worksheets.questions.picture import Picture
from worksheets.reports.class_attempts import counting_attempts, submitted_attempts
from worksheets.reports.class_changes import AnswersOf, Change, changes_of

MAX_CHOICES = 12  # different answers of a question that stand there


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """The answers of a class to one question, in figures.

    ``chosen`` are the options, or the short answers, each with how often, commonest first;
    ``points`` are the marks that were given. ``picture`` are the answers as counts, where they can
    be counted, and ``changes`` what became of them between two times.
    """

    question: Question[Any]
    position: int
    answered: int
    blank: int
    chosen: Sequence[tuple[str, int]]
    points: Sequence[Decimal]
    picture: Picture | None = None
    changes: Sequence[Change] = ()

    @property
    def total(self) -> int:
        return self.answered + self.blank

    @property
    def average(self) -> Decimal | None:
        """Return the average mark to one decimal, None where none was given."""
        if not self.points:
            return None
        return round(sum(self.points, Decimal(0)) / len(self.points), 1)


def class_questions(assignment: Assignment, group: str = "") -> list[QuestionFigures]:
    """Return the figures of each question, in the order of the sheet; of one group or of all.

    It takes seven or eight SQL statements for a class of any size.
    """
    sheet = assignment.edition.sheet
    if not sheet.questions:
        return []
    submitted = submitted_attempts(assignment, group)
    counted = {one.pk: one for one in counting_attempts(assignment, submitted=submitted)}
    works = by_person(submitted, partners_of(submitted)).values()
    keys = [question.key for question in sheet.questions]
    answers: AnswersOf = defaultdict(dict)
    rows = Answer.objects.filter(attempt__assignment=assignment, item__in=keys)
    for pk, item, value, text in rows.values_list("attempt_id", "item", "value", "text"):
        answers[item][pk] = ItemAnswer.stored(value, text)
    points: defaultdict[str, dict[int, Decimal]] = defaultdict(dict)
    marks = Mark.objects.filter(attempt__assignment=assignment, item__in=keys, maximum__gt=0)
    for pk, item, given in marks.values_list("attempt_id", "item", "points"):
        points[item][pk] = given
    listed = listed_questions(sheet)
    found = []
    for position, question in enumerate(sheet.questions, 1):
        asked = [pk for pk, one in counted.items() if asks_the_same(one.edition.sheet, question)]
        kind = question_kind(question)
        given_answers = [answers[question.key].get(pk, BLANK) for pk in asked]
        said = [answer for answer in given_answers if not kind.is_blank(answer)]
        found.append(
            QuestionFigures(
                question,
                position,
                len(said),
                len(asked) - len(said),
                _chosen(said, is_listed=question.key in listed),
                [points[question.key][pk] for pk in asked if pk in points[question.key]],
                kind.picture(question, said) if said else None,
                changes_of(sheet, question, works, asked, answers),
            )
        )
    return found


def _chosen(answers: Sequence[ItemAnswer], *, is_listed: bool) -> list[tuple[str, int]]:
    counts = Counter(
        listed_text(answer.text) if is_listed else f"({answer.get('choice')})"
        for answer in answers
        if is_listed or answer.get("choice")
    )
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:MAX_CHOICES]
