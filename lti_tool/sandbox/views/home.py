"""The home page, where one click signs in as anyone."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox.models import Course, Enrolment, Person, Role
from lti_tool.sandbox.platform import sessions
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.views import responses


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the courses with their members, each person in the first of their courses only."""
    groups: list[dict[str, object]] = []
    shown: set[int] = set()
    for course in Course.objects.all():
        enrolments = Enrolment.objects.filter(course=course).exclude(role=Role.TEST_STUDENT)
        members = [one for one in enrolments.select_related("person") if one.person_id not in shown]
        shown |= {member.person_id for member in members}
        staff = [member for member in members if member.teaches]
        pupils = [member for member in members if not member.teaches]
        groups.append({"course": course, "staff": staff, "pupils": pupils})
    context = {
        "groups": groups,
        "administrators": Person.objects.filter(is_administrator=True),
        "next": _own_address(request.GET.get("next", "")),
    }
    return responses.page(request, "home.html", context)


@csrf_exempt
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the chosen person.

    No CSRF check is needed: anyone may sign in as anyone.
    """
    number = parse_number(request.POST.get("person"))
    if number is None:
        return responses.error(request, "Choose who you are.")
    person = get_object_or_404(Person, pk=number)
    course = person.course_set.first()
    if person.is_administrator:
        first_page = conf.address("tools")
    elif course is not None:
        first_page = conf.address("course", course.pk)
    else:
        first_page = conf.address("home")
    response = HttpResponseRedirect(_own_address(request.POST.get("next", "")) or first_page)
    sessions.begin(request, response, person)
    return response


def _own_address(address: str) -> str:
    """Return the address to open after signing in if it is ours, else ''."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe and address.startswith("/") else ""


@csrf_exempt
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(conf.address("home"))
    sessions.end(request, response)
    return response
