"""Changes of a Canvas gradebook by scores that a tool posts.

As in Canvas (`scores_controller.rb`): a timestamp earlier than the stored one is refused;
`preserve_score` keeps the stored score; a score without points, or with a progress that has none,
erases it; one with `prioritize_non_tool_grade` keeps any grade that is there, the tool's own too;
each score is a new submission unless it says otherwise; comments are appended. A result holds what
was posted or set last, even if the gradebook shows another grade.
"""

from django.db import transaction

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.canvas.score import CanvasScore
from lti_tool.sandbox.models import Column, Course, Enrolment, Grade, Person, Role
from lti_tool.sandbox.services.gradebook import NotGradableError, StaleScoreError, cell

STUDENTS = (Role.PUPIL, Role.TEST_STUDENT)


def student(course: Course, user_id: str) -> Person:
    """Return the student with that `userId`, the test student included.

    Raise NotGradableError if the course has none.
    """
    members = Enrolment.objects.filter(course=course, role__in=STUDENTS)
    for member in members.select_related("person"):
        if ids.person(member.person_id) == user_id:
            return member.person
    raise NotGradableError("userId is no student of this course")


@transaction.atomic
def record(column: Column, person: Person, posted: CanvasScore) -> Grade:
    """Store a posted score, its submission and its comment in the cell.

    Raise StaleScoreError if the stored timestamp is later.
    """
    grade = cell(column, person, posted.score.timestamp)
    if grade.timestamp > posted.score.timestamp:
        raise StaleScoreError("the gradebook holds something newer than this timestamp")
    grade.timestamp = posted.score.timestamp
    _set_score(grade, posted)
    _add_submission(grade, posted)
    grade.activity_progress = posted.score.activity_progress
    grade.grading_progress = posted.score.grading_progress
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


def _add_submission(grade: Grade, posted: CanvasScore) -> None:
    grade.submissions += int(posted.submission.is_new)
    grade.submission_url = posted.submission.url or grade.submission_url
    if posted.score.comment:
        grade.comment = posted.score.comment
        grade.comments = [*grade.comments, posted.score.comment]
