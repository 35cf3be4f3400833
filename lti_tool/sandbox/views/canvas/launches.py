"""Launches that only Canvas's teachers have: Student View and SpeedGrader."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_tool.sandbox.models import Activity, Course, Enrolment, Flavour, Grade, Person, Role
from lti_tool.sandbox.platform import tickets
from lti_tool.sandbox.views import answers, launching
from lti_tool.sandbox.views.access import Visit, in_activity, visit


def _taught(
    request: HttpRequest, course: Course, show: Callable[[Visit], HttpResponse]
) -> HttpResponse:
    """Return the response of `show`, for the staff of a course with Canvas's flavour only."""
    if course.flavour != Flavour.CANVAS:
        raise Http404
    visited = visit(request, course)
    if isinstance(visited, HttpResponse):
        return visited
    if not visited.enrolment.teaches:
        return answers.error(request, "Only a teacher of the course may do this.", 403)
    return show(visited)


def _test_student(course: Course) -> Person:
    students = Enrolment.objects.filter(course=course, role=Role.TEST_STUDENT)
    return get_object_or_404(students.select_related("person")).person


@require_safe
@in_activity
def student_view(request: HttpRequest, _visit: Visit, activity: Activity) -> HttpResponse:
    context = {"course": activity.course, "activity": activity}
    return _taught(
        request, activity.course, lambda _: answers.page(request, "student_view.html", context)
    )


@require_safe
@in_activity
def launch_student_view(request: HttpRequest, _visit: Visit, activity: Activity) -> HttpResponse:
    def launch(visited: Visit) -> HttpResponse:
        student = _test_student(activity.course)
        target = launching.target(request)
        ticket = tickets.for_test_student(visited.session, activity, target, student)
        return launching.initiate(request, ticket)

    return _taught(request, activity.course, launch)


SubmissionView = Callable[[HttpRequest, Visit, Grade, Activity], HttpResponse]


def _submission(view: SubmissionView) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """Decorate a view to get a grade that came with an address to launch, and its activity."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, person: int) -> HttpResponse:
        grades = Grade.objects.select_related("column__course", "column__activity", "person")
        grade = get_object_or_404(grades, column=number, person=person)
        activity = grade.column.activity
        if activity is None or not grade.submission_url:
            raise Http404
        return _taught(
            request, grade.column.course, lambda visited: view(request, visited, grade, activity)
        )

    return guarded


@require_safe
@_submission
def speed_grader(
    request: HttpRequest, _visit: Visit, grade: Grade, activity: Activity
) -> HttpResponse:
    context = {"course": activity.course, "activity": activity, "grade": grade}
    return answers.page(request, "speed_grader.html", context)


@require_safe
@_submission
def launch_submission(
    request: HttpRequest, visit: Visit, grade: Grade, activity: Activity
) -> HttpResponse:
    target = launching.target(request)
    ticket = tickets.for_submission(visit.session, activity, target, grade.submission_url)
    return launching.initiate(request, ticket)
