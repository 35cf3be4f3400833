"""The views that add activities to a course by deep linking."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox.canvas.deep_linking import PLACEMENTS
from lti_tool.sandbox.deep_linking import selecting
from lti_tool.sandbox.models import Course, Flavour, Selection, ToolClient
from lti_tool.sandbox.platform import sign_in, tickets
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import BadSignatureError
from lti_tool.sandbox.platform.tool_keys import NoKeyError
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.views import answers, launching
from lti_tool.sandbox.views.access import Visit, in_course, taught_by_visitor

ONE = "one"


@require_safe
@in_course
@taught_by_visitor
def choose(request: HttpRequest, _visit: Visit, course: Course) -> HttpResponse:
    """Show the page around the tool's own, like Moodle's 'Select content'."""
    context = {"course": course, "tool": _tool(request, course), "query": request.GET.urlencode()}
    return answers.page(request, "select.html", context)


@require_safe
@in_course
@taught_by_visitor
def launch(request: HttpRequest, visit: Visit, course: Course) -> HttpResponse:
    selection = _begin(request, visit, course)
    ticket = tickets.for_selection(visit.session, selection, launching.target(request))
    return launching.initiate(request, ticket)


def _begin(request: HttpRequest, visit: Visit, course: Course) -> Selection:
    """Return a new deep linking request for one or several activities.

    The teacher chooses how many in Moodle, the placement decides in Canvas.
    """
    tool = _tool(request, course)
    if course.flavour == Flavour.MOODLE:
        several = ONE not in request.GET
        return selecting.begin(visit.session, course, tool, multiple=several)
    name = request.GET.get("placement", "")
    if name not in tool.placements or name not in PLACEMENTS:
        raise Http404
    several = PLACEMENTS[name].several
    return selecting.begin(visit.session, course, tool, multiple=several, placement=name)


def _tool(request: HttpRequest, course: Course) -> ToolClient:
    number = request.GET.get("id", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    return get_object_or_404(selecting.tools(course), pk=int(number))


@csrf_exempt
@require_POST
def selected(request: HttpRequest, number: int) -> HttpResponse:
    """Accept a deep linking response, at the deep_link_return_url.

    The tool's signature and `data` protect against forgery instead of a CSRF token.
    """
    if sign_in.current(request) is None and "repost" not in request.POST:
        form = {name: [str(value) for value in values] for name, values in request.POST.lists()}
        return answers.repost(request, request.get_full_path(), form)
    return _take(request, number)


@in_course
@taught_by_visitor
def _take(request: HttpRequest, visit: Visit, course: Course) -> HttpResponse:
    selection = _asked(request, visit, course)
    if selection is None:
        return answers.error(request, "Nobody asked for this answer here: begin again.", 400)
    try:
        answer, activities = selecting.take(selection, request.POST.get("JWT", ""))
    except (BadSignatureError, NoKeyError, BadClaimError, BadFieldError) as error:
        return answers.error(request, f"The tool’s answer is refused: {error}.", 400)
    context = {"course": course, "answer": answer, "activities": activities}
    return answers.page(request, "selected.html", context)


def _asked(request: HttpRequest, visit: Visit, course: Course) -> Selection | None:
    """Return the deep linking request in the address, or None if it is not this session's."""
    return Selection.objects.filter(
        key=request.GET.get("sesskey", ""),
        course=course,
        sign_in=visit.session,
        tool=_tool(request, course),
    ).first()
