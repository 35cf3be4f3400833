"""The views that add activities to a course by deep linking."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox.canvas.deep_linking import PLACEMENTS
from lti_tool.sandbox.deep_linking import selecting
from lti_tool.sandbox.models import Course, Flavour, Selection, SignIn, Ticket, ToolClient
from lti_tool.sandbox.platform import sessions
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import BadSignatureError
from lti_tool.sandbox.platform.tool_keys import NoKeyError
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.views import launching, responses
from lti_tool.sandbox.views.access import BUILDERS, enrolment_or_403, signed_in


@require_safe
@signed_in
def choose(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Show the page around the tool's own, like Moodle's 'Select content'."""
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course, BUILDERS)
    placement = PLACEMENTS.get(request.GET.get("placement", ""))
    context = {
        "course": course,
        "tool": _tool_or_404(request, course),
        "query": request.GET.urlencode(),
        "lacks_storage_frame": placement is not None and placement.lacks_storage_frame,
    }
    return responses.page(request, "select.html", context)


@require_safe
@signed_in
def launch(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Launch the tool for one or several activities.

    The teacher chooses how many in Moodle, the placement decides in Canvas.
    """
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course, BUILDERS)
    tool = _tool_or_404(request, course)
    typed = {}
    if course.flavour == Flavour.MOODLE:
        placement, multiple = "", "one" not in request.GET
    else:
        name, description = request.GET.get("name", ""), request.GET.get("description", "")
        typed = {"name": name.strip()[:255], "description": description.strip()}
        placement = request.GET.get("placement", "")
        if placement not in tool.placements or placement not in PLACEMENTS:
            raise Http404
        multiple = PLACEMENTS[placement].multiple
    selection = selecting.begin(
        session, course, tool, multiple=multiple, placement=placement, **typed
    )
    return launching.initiate(request, Ticket(sign_in=session, selection=selection))


@csrf_exempt
@require_POST
def selected(request: HttpRequest, number: int) -> HttpResponse:
    """Accept a deep linking response, at the deep_link_return_url.

    The tool's signature and `data` protect against forgery instead of a CSRF token.
    """
    if sessions.current(request) is None and "repost" not in request.POST:
        form = {name: [str(value) for value in values] for name, values in request.POST.lists()}
        return responses.repost(request, request.get_full_path(), form)
    return _accept(request, number)


@signed_in
def _accept(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course, BUILDERS)
    selection = Selection.objects.filter(
        key=request.GET.get("sesskey", ""),
        course=course,
        sign_in=session,
        tool=_tool_or_404(request, course),
    ).first()
    if selection is None:
        return responses.error(request, "This response was not requested here. Start again.")
    try:
        accepted, activities = selecting.accept(selection, request.POST.get("JWT", ""))
    except (BadSignatureError, NoKeyError, BadClaimError, BadFieldError) as error:
        return responses.error(request, f"The tool’s response is refused: {error}.")
    context = {"course": course, "response": accepted, "activities": activities}
    return responses.page(request, "selected.html", context)


def _tool_or_404(request: HttpRequest, course: Course) -> ToolClient:
    """Return the tool in the query's `id`, one that offers deep linking in this course."""
    return get_object_or_404(selecting.tools(course), pk=parse_number(request.GET.get("id")))
