"""Admission to a view: for people who are signed in, and for members of a course by their role."""

from collections.abc import Callable, Container
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lti_tool.sandbox.models import Course, Enrolment, Role, SignIn
from lti_tool.sandbox.platform import sessions
from lti_tool.sandbox.server import conf

Params = ParamSpec("Params")

TEACHER = frozenset({Role.TEACHER})
STAFF = frozenset({Role.TEACHER, Role.ASSISTANT})
# Who may add activities to a course.
BUILDERS = frozenset({Role.TEACHER, Role.DESIGNER, Role.ACCOUNT_ADMINISTRATOR})


def signed_in(
    view: Callable[Concatenate[HttpRequest, SignIn, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Decorate a view to get the visitor's session; without one, redirect to sign in."""

    @wraps(view)
    def wrapper(
        request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
    ) -> HttpResponse:
        session = sessions.current(request)
        if session is None:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{conf.address('home')}?{query}")
        return view(request, session, *args, **kwargs)

    return wrapper


def enrolment_or_403(
    session: SignIn, course: Course, roles: Container[str] = frozenset(Role)
) -> Enrolment:
    """Return the visitor's enrolment in a course.

    Raise PermissionDenied without one, or if its role is none of `roles`.
    """
    enrolment = course.enrolment_of(session.person)
    if enrolment is None:
        raise PermissionDenied("You do not belong to this course.")
    if enrolment.role not in roles:
        raise PermissionDenied("Only a teacher of the course may do this.")
    return enrolment
