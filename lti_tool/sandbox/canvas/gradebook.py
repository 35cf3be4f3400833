"""Changes of a Canvas gradebook by scores that a tool posts.

As in Canvas (`scores_controller.rb`): a timestamp earlier than the stored one is refused;
`preserve_score` keeps the stored score; a score without points, or with a progress that has none,
erases it; one with `prioritize_non_tool_grade` keeps any grade that is there, the tool's own too;
each score is a new submission unless it says otherwise, and is refused once the pupil has no
attempt left for one; comments are appended. A result holds what was posted or set last, even if the
gradebook shows another grade. The grade in an assignment that is not published cannot change
(`submission.rb`), but the submission is there before Canvas comes to the grade.
"""

from django.db import transaction

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.canvas.score import CanvasScore
from lti_tool.sandbox.models import Column, Course, Enrolment, Grade, Person, Role
from lti_tool.sandbox.services.gradebook import NotGradableError, StaleScoreError, cell

STUDENTS = (Role.PUPIL, Role.TEST_STUDENT)
NO_ATTEMPT_LEFT = "The maximum number of allowed attempts has been reached for this submission"
UNPUBLISHED = "cannot be changed at this time: This assignment is still unpublished"


def student(course: Course, user_id: str) -> Person:
    """Return the student with that `userId`, the test student included.

    Raise NotGradableError if the course has none.
    """
    members = Enrolment.objects.filter(course=course, role__in=STUDENTS)
    for member in members.select_related("person"):
        if ids.person(member.person_id) == user_id:
            return member.person
    raise NotGradableError("userId is no student of this course")


def record(column: Column, person: Person, posted: CanvasScore) -> Grade:
    """Store a posted score, its submission and its comment in the cell.

    Raise StaleScoreError if the stored timestamp is later, NotGradableError if no attempt is left
    or the assignment is not published.
    """
    _submit(column, person, posted)
    return _grade(column, person, posted)


@transaction.atomic
def _submit(column: Column, person: Person, posted: CanvasScore) -> None:
    """Add the submission, if it is a new one."""
    grade = cell(column, person, posted.score.timestamp)
    if grade.timestamp > posted.score.timestamp:
        raise StaleScoreError("the gradebook holds something newer than this timestamp")
    if not posted.submission.is_new:
        return
    allowed = column.activity.allowed_attempts if column.activity else None
    if allowed is not None and grade.submissions >= allowed:
        raise NotGradableError(NO_ATTEMPT_LEFT)
    grade.submissions += 1
    grade.submission_url = posted.submission.url or grade.submission_url
    grade.save()


@transaction.atomic
def _grade(column: Column, person: Person, posted: CanvasScore) -> Grade:
    grade = cell(column, person, posted.score.timestamp)
    if column.activity and not column.activity.is_published and posted.sets_score:
        raise NotGradableError(UNPUBLISHED)
    grade.timestamp = posted.score.timestamp
    _set_score(grade, posted)
    if posted.score.comment:
        grade.comment = posted.score.comment
        grade.comments = [*grade.comments, posted.score.comment]
    grade.activity_progress = posted.score.activity_progress
    grade.grading_progress = posted.score.grading_progress
    grade.extension = posted.extension
    grade.save()
    return grade


def _set_score(grade: Grade, posted: CanvasScore) -> None:
    points = posted.points_of(grade.column.maximum)
    grade.result = points
    if posted.submission.preserves_score:
        return
    if (
        posted.has_points
        and posted.submission.keeps_existing_grade
        and grade.shown_score is not None
    ):
        return
    grade.score = points if posted.has_points else None
    grade.override, grade.override_comment = None, ""
