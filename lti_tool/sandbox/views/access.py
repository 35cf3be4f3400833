"""Decorators that admit only members of a course to a view, or only its teachers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lti_tool.sandbox.models import Activity, Course, Enrolment, Person, Role, SignIn
from lti_tool.sandbox.platform import sign_in
from lti_tool.sandbox.views import answers


@dataclass(frozen=True)
class Visit:
    """A signed-in person in a course that they belong to."""

    session: SignIn
    enrolment: Enrolment


CourseView = Callable[[HttpRequest, Visit, Course], HttpResponse]
Place = TypeVar("Place", Course, Activity)
ActivityView = Callable[[HttpRequest, Visit, Activity], HttpResponse]


def visit(request: HttpRequest, course: Course) -> Visit | HttpResponse:
    """Return the visit, or the page that says why the visitor is not admitted."""
    session = sign_in.current(request)
    if session is None:
        return answers.sign_in_first(request)
    enrolment = enrolment_of(session.person, course)
    if enrolment is None:
        return answers.error(request, "You do not belong to this course.", 403)
    return Visit(session, enrolment)


def enrolment_of(person: Person, course: Course) -> Enrolment | None:
    members = Enrolment.objects.select_related("person")
    return members.filter(course=course, person=person).first()


def in_course(view: CourseView) -> Callable[[HttpRequest, int], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, number: int) -> HttpResponse:
        course = get_object_or_404(Course, pk=number)
        visited = visit(request, course)
        return view(request, visited, course) if isinstance(visited, Visit) else visited

    return guarded


def taught_by_visitor(
    view: Callable[[HttpRequest, Visit, Place], HttpResponse],
) -> Callable[[HttpRequest, Visit, Place], HttpResponse]:
    """Decorate a view to admit only the course's editing teachers."""

    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, place: Place) -> HttpResponse:
        if visit.enrolment.role != Role.TEACHER:
            return answers.error(request, "Only a teacher of the course may do this.", 403)
        return view(request, visit, place)

    return guarded


def in_activity(view: ActivityView) -> Callable[[HttpRequest, int], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, number: int) -> HttpResponse:
        activity = get_object_or_404(Activity.objects.select_related("course", "tool"), pk=number)
        visited = visit(request, activity.course)
        return view(request, visited, activity) if isinstance(visited, Visit) else visited

    return guarded
