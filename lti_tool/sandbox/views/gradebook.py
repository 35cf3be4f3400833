"""The gradebook: all rows for staff, a pupil's own row, and a form to grade by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox.models import Column, Course, Enrolment, Grade, Person, Role
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import gradebook
from lti_tool.sandbox.views import answers
from lti_tool.sandbox.views.access import Visit, in_course, visit

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
@in_course
def table(request: HttpRequest, visit: Visit, course: Course) -> HttpResponse:
    columns = list(course.columns.all())
    rows = [_row(person, columns) for person in _shown(visit, course)]
    context = {
        "course": course,
        "columns": columns,
        "rows": rows,
        "editable": visit.enrolment.role == Role.TEACHER,
        "graders": visit.enrolment.teaches,
    }
    return answers.page(request, "gradebook.html", context)


def _shown(visit: Visit, course: Course) -> list[Person]:
    if not visit.enrolment.teaches:
        return [visit.enrolment.person]
    pupils = Enrolment.objects.filter(course=course, role=Role.PUPIL).select_related("person")
    return [pupil.person for pupil in pupils]


def _row(person: Person, columns: list[Column]) -> Row:
    grades = {grade.column_id: grade for grade in Grade.objects.filter(person=person)}
    return Row(person, [Cell(column, grades.get(column.pk)) for column in columns])


CellView = Callable[[HttpRequest, Column, Person], HttpResponse]


def _teachers_cell(view: CellView) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """Decorate a view to get a column and a pupil, for a teacher of the course only."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, person: int) -> HttpResponse:
        column = get_object_or_404(Column.objects.select_related("course"), pk=number)
        visited = visit(request, column.course)
        if isinstance(visited, HttpResponse):
            return visited
        if visited.enrolment.role != Role.TEACHER:
            return answers.error(request, "Only a teacher of the course may do this.", 403)
        pupils = Person.objects.filter(enrolment__course=column.course)
        pupil = get_object_or_404(pupils.filter(enrolment__role=Role.PUPIL).distinct(), pk=person)
        return view(request, column, pupil)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_teachers_cell
def cell(request: HttpRequest, column: Column, pupil: Person) -> HttpResponse:
    """Show or set a teacher's grade; an empty one shows the tool's grade again."""
    grade = Grade.objects.filter(column=column, person=pupil).first()
    context = {"column": column, "course": column.course, "pupil": pupil, "grade": grade}
    if request.method != "POST":
        return answers.page(request, "grade.html", context)
    given, comment = request.POST.get("score", ""), request.POST.get("comment", "")
    try:
        marks = _marks(given, column.maximum)
    except ValueError as error:
        tried = {"given": given, "comment": comment, "problem": str(error)}
        return answers.page(request, "grade.html", {**context, **tried}, 400)
    gradebook.override(column, pupil, marks, comment[:MAX_COMMENT_LENGTH])
    return HttpResponseRedirect(conf.address("gradebook", column.course_id))


def _marks(text: str, maximum: Decimal) -> Decimal | None:
    if not text.strip():
        return None
    problem = f"The score must be a number from 0 to {maximum.normalize():f}, or empty."
    try:
        marks = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(problem) from error
    if not marks.is_finite() or not 0 <= marks <= maximum:
        raise ValueError(problem)
    return marks
