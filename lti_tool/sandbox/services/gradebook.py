"""Changes of the gradebook, by scores that a tool posts and grades that a teacher sets.

As in Moodle 4.5 (`mod/lti/service/gradebookservices`: `scores.php`): a score needs a timestamp in
a later second than the last change, whoever made that; a score without a comment erases the
comment; any progress but FullyGraded erases the score, and NotReady the comment too; a teacher's
grade overrides all later scores.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from lti_tool.protocol.vocabulary import GradingProgress
from lti_tool.sandbox.models import Column, Enrolment, Grade, Person, Role
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.services.score import PRECISION, Score


class NotGradableError(ValueError):
    """The refusal of a score for a person who is no pupil of the course."""


class StaleScoreError(ValueError):
    """The refusal of a score because the cell holds one that is as new, or newer."""


def pupil(column: Column, user_id: str) -> Person:
    """Return the pupil of the column's course with that `userId`, or raise NotGradableError."""
    enrolment = Enrolment.objects.filter(
        course_id=column.course_id, person=parse_number(user_id), role=Role.PUPIL
    ).first()
    if enrolment is None:
        raise NotGradableError("userId is no pupil of this course")
    return enrolment.person


@transaction.atomic
def record(column: Column, person: Person, score: Score) -> Grade:
    """Store a posted score in its cell. Raise StaleScoreError if its timestamp is not later."""
    grade = cell(column, person, score.timestamp)
    if grade.pk is not None and grade.timestamp >= score.timestamp:
        raise StaleScoreError("the gradebook holds a score of this second or a later one")
    fully_graded = score.grading_progress == GradingProgress.FULLY_GRADED
    not_ready = score.grading_progress == GradingProgress.NOT_READY
    grade.timestamp = score.timestamp
    grade.score = score.scaled_to(column.maximum) if fully_graded else None
    grade.comment = "" if not_ready else score.comment
    grade.activity_progress = score.activity_progress
    grade.grading_progress = score.grading_progress
    grade.save()
    return grade


@transaction.atomic
def override(column: Column, person: Person, points: Decimal | None, comment: str) -> Grade:
    """Set a teacher's grade, which overrides the tool's; None shows the tool's again."""
    now = timezone.now().replace(microsecond=0)
    grade = cell(column, person, now)
    grade.timestamp = now
    grade.override = None if points is None else points.quantize(PRECISION, ROUND_HALF_UP)
    grade.override_comment = "" if points is None else comment
    grade.result = grade.shown_score
    grade.save()
    return grade


def cell(column: Column, person: Person, timestamp: datetime) -> Grade:
    """Return the cell's grade, locked, or an unsaved one."""
    cells = Grade.objects.select_for_update()
    found = cells.filter(column=column, person=person).first()
    return found or Grade(column=column, person=person, timestamp=timestamp)


@transaction.atomic
def rescale(column: Column, maximum: Decimal) -> None:
    """Set a column's maximum and scale its grades, as Moodle 4.5 does.

    `rescale_grades_keep_percentage` in `lib/grade/grade_item.php`: a grade that a teacher has
    entered keeps its points, and each pupil with a grade in another column of the course and none
    in this one gets a 0.
    """
    factor, now = maximum / column.maximum, timezone.now().replace(microsecond=0)
    elsewhere = Grade.objects.filter(column__course=column.course).exclude(column=column)
    for person in Person.objects.filter(pk__in=elsewhere.values("person")):
        cell(column, person, now).save()
    for grade in column.grades.select_for_update():
        score = grade.score or Decimal(0)
        grade.score = (score * factor).quantize(PRECISION, ROUND_HALF_UP)
        grade.result, grade.timestamp = grade.shown_score, now
        grade.save()
    column.maximum = maximum
    column.save(update_fields=["maximum"])
