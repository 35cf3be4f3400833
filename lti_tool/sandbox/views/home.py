"""The home page, where one click signs in as anyone."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox.models import Course, Enrolment, Person, Role
from lti_tool.sandbox.platform import sign_in
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.views import answers


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": _groups(),
        "administrators": Person.objects.filter(is_administrator=True),
        "next": _next(request.GET),
    }
    return answers.page(request, "home.html", context)


def _groups() -> list[dict[str, object]]:
    """Return the courses with their members, each person in the first course only."""
    groups: list[dict[str, object]] = []
    shown: set[int] = set()
    for course in Course.objects.all():
        found = Enrolment.objects.filter(course=course).exclude(role=Role.TEST_STUDENT)
        members = [one for one in found.select_related("person") if one.person_id not in shown]
        shown |= {member.person_id for member in members}
        groups.append(_group(course, members))
    return groups


def _group(course: Course, members: list[Enrolment]) -> dict[str, object]:
    return {
        "course": course,
        "staff": [member for member in members if member.teaches],
        "pupils": [member for member in members if not member.teaches],
    }


def _next(query: object) -> str:
    """Return the address to open after signing in if it is ours, else ''."""
    wanted = query.get("next", "") if hasattr(query, "get") else ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith("/") else ""


@csrf_exempt
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Sign in as the chosen person.

    No CSRF check is needed: anyone may sign in as anyone.
    """
    number = request.POST.get("person", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return answers.error(request, "Choose who you are.")
    person = get_object_or_404(Person, pk=int(number))
    response = HttpResponseRedirect(_next(request.POST) or _first_page(person))
    sign_in.begin(request, response, person)
    return response


def _first_page(person: Person) -> str:
    if person.is_administrator:
        return conf.address("tools")
    course = person.course_set.first()
    return conf.address("course", course.pk) if course else conf.address("home")


@csrf_exempt
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(conf.address("home"))
    sign_in.end(request, response)
    return response
