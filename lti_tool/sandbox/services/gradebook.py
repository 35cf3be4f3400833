"""Writing to the gradebook: what a tool posts, what a teacher sets by hand.

Moodle's ways: only a later second is taken, whoever wrote the earlier one; a score without a
comment erases the comment; anything but FullyGraded erases the score, and NotReady the comment
too; a teacher's grade stays on top of whatever is posted later.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from lti_tool.protocol.vocabulary import GradingProgress
from lti_tool.sandbox.models import Column, Enrolment, Grade, Person, Role
from lti_tool.sandbox.services.score import PLACES, Score

LONGEST_ID = 18


class NotGradableError(ValueError):
    """Someone who has no place in this gradebook."""


class StaleScoreError(ValueError):
    """The gradebook holds something as new, or newer."""


def pupil(column: Column, user_id: str) -> Person:
    """The pupil of the column's course that a `userId` means."""
    if not (user_id.isascii() and user_id.isdecimal() and len(user_id) <= LONGEST_ID):
        raise NotGradableError("userId is nobody here")
    enrolment = Enrolment.objects.filter(
        course_id=column.course_id, person_id=int(user_id), role=Role.PUPIL
    ).first()
    if enrolment is None:
        raise NotGradableError("userId is no pupil of this course")
    return enrolment.person


@transaction.atomic
def record(column: Column, person: Person, score: Score) -> Grade:
    """Put a posted score into its cell."""
    grade = cell(column, person, score.timestamp)
    if grade.pk is not None and grade.timestamp >= score.timestamp:
        raise StaleScoreError("the gradebook holds a score of this second or a later one")
    fully_graded = score.grading_progress == GradingProgress.FULLY_GRADED
    wiped = score.grading_progress == GradingProgress.NOT_READY
    grade.timestamp = score.timestamp
    grade.score = score.scaled_to(column.maximum) if fully_graded else None
    grade.comment = "" if wiped else score.comment
    grade.activity_progress = score.activity_progress
    grade.grading_progress = score.grading_progress
    grade.save()
    return grade


@transaction.atomic
def override(column: Column, person: Person, marks: Decimal | None, comment: str) -> Grade:
    """A teacher's own grade, which stays; without marks, the tool's shows again."""
    now = timezone.now().replace(microsecond=0)
    grade = cell(column, person, now)
    grade.timestamp = now
    grade.override = None if marks is None else marks.quantize(PLACES, ROUND_HALF_UP)
    grade.override_comment = "" if marks is None else comment
    grade.result = grade.shown_score
    grade.save()
    return grade


def cell(column: Column, person: Person, timestamp: datetime) -> Grade:
    """The stored grade, locked, or one that is not saved yet."""
    cells = Grade.objects.select_for_update()
    found = cells.filter(column=column, person=person).first()
    return found or Grade(column=column, person=person, timestamp=timestamp)


@transaction.atomic
def rescale(column: Column, maximum: Decimal) -> None:
    """A new maximum keeps every pupil's share of it."""
    factor = maximum / column.maximum
    for grade in column.grades.select_for_update():
        grade.score = _times(grade.score, factor)
        grade.override = _times(grade.override, factor)
        grade.result = _times(grade.result, factor)
        grade.save()
    column.maximum = maximum
    column.save(update_fields=["maximum"])


def _times(marks: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if marks is None else (marks * factor).quantize(PLACES, ROUND_HALF_UP)
