"""The gradebook: all rows for staff, a pupil's own row, and a form to grade by hand."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox.models import Column, Course, Enrolment, Grade, Person, Role, SignIn
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import gradebook
from lti_tool.sandbox.views import responses
from lti_tool.sandbox.views.access import TEACHER, enrolment_or_403, signed_in

MAX_COMMENT_LENGTH = 2000


@dataclass(frozen=True)
class Cell:
    column: Column
    grade: Grade | None

    @property
    def reviewable(self) -> bool:
        """Return whether the submission can be opened: the column has a review and an activity."""
        return self.column.review is not None and self.column.activity_id is not None


@dataclass(frozen=True)
class Row:
    person: Person
    cells: list[Cell]


@require_safe
@signed_in
def table(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=number)
    enrolment = enrolment_or_403(session, course)
    people = [session.person]
    if enrolment.teaches:
        pupils = Enrolment.objects.filter(course=course, role=Role.PUPIL)
        people = [pupil.person for pupil in pupils.select_related("person")]
    columns = list(course.columns.all())
    rows = []
    for person in people:
        grades = {grade.column_id: grade for grade in Grade.objects.filter(person=person)}
        rows.append(Row(person, [Cell(column, grades.get(column.pk)) for column in columns]))
    context = {
        "course": course,
        "columns": columns,
        "rows": rows,
        "editable": enrolment.role == Role.TEACHER,
        "graders": enrolment.teaches,
    }
    return responses.page(request, "gradebook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cell(request: HttpRequest, session: SignIn, number: int, person: int) -> HttpResponse:
    """Show or set a teacher's grade; an empty one shows the tool's grade again."""
    column = get_object_or_404(Column.objects.select_related("course"), pk=number)
    enrolment_or_403(session, column.course, TEACHER)
    pupils = Enrolment.objects.filter(course=column.course, role=Role.PUPIL)
    pupil = get_object_or_404(pupils.select_related("person"), person=person).person
    grade = Grade.objects.filter(column=column, person=pupil).first()
    context = {"column": column, "course": column.course, "pupil": pupil, "grade": grade}
    if request.method != "POST":
        return responses.page(request, "grade.html", context)
    given, comment = request.POST.get("score", ""), request.POST.get("comment", "")
    try:
        score = _parse_score(given, column.maximum)
    except ValueError as error:
        entered = {"given": given, "comment": comment, "error": str(error)}
        return responses.page(request, "grade.html", {**context, **entered}, 400)
    gradebook.override(column, pupil, score, comment[:MAX_COMMENT_LENGTH])
    return HttpResponseRedirect(conf.address("gradebook", column.course_id))


def _parse_score(text: str, maximum: Decimal) -> Decimal | None:
    """Return the score that a teacher entered, None for an empty text. Raise ValueError."""
    if not text.strip():
        return None
    message = f"The score must be a number from 0 to {maximum.normalize():f}, or empty."
    try:
        score = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(message) from error
    if not score.is_finite() or not 0 <= score <= maximum:
        raise ValueError(message)
    return score
