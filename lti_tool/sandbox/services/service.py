"""The common part of all services: authorisation, scopes, media types and refusals.

LTI-AGS 2.0 and LTI-NRPS 2.0 with the bearer tokens of RFC 6750. A service is a table of methods,
whose handlers are functions of a `Call`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.faults import inject_faults
from lti_tool.sandbox.models import Activity, Course, Flavour, ToolClient
from lti_tool.sandbox.platform import tokens
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.services import json_body


class RefusalError(Exception):
    """The refusal of a call, with a 4xx status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Call:
    """An authorised request: by a known tool, in a course that uses it."""

    request: HttpRequest
    tool: ToolClient
    course: Course
    number: int

    def json(self) -> json_body.JsonObject:
        """Return the body. Raise RefusalError (400) if it is no JSON object."""
        try:
            return json_body.read_object(self.request.body)
        except json_body.BadJsonError as error:
            raise RefusalError(400, f"The body is {error}.") from error


@dataclass(frozen=True)
class Route:
    """A method of a service: its handler, and the scopes and media types it requires."""

    handler: Callable[[Call], HttpResponse]
    scopes: tuple[Scope, ...]
    accept: MediaType | None = None
    content_type: MediaType | None = None
    flavour: Flavour = Flavour.MOODLE


# Canvas's own words, by which a tool tells one refusal from another.
REMOVED = "Access Token not linked to a Tool associated with this Context"
CONCLUDED = "This course has concluded. AGS requests will no longer be accepted for this course."
# The services that Canvas closes with the course (`gradebook_services.rb`).
GRADE_SERVICES = ("line_items", "results", "scores")

Routes = Mapping[str, Route]
View = Callable[..., HttpResponse]


def service(target: str, routes: Routes) -> View:
    """Return the view of one service address; `target` names its faults."""
    flavour = next(iter(routes.values())).flavour

    @csrf_exempt
    @inject_faults(target)
    def view(
        request: HttpRequest, course: int, number: int = 0, type_id: int | None = None
    ) -> HttpResponse:
        try:
            route = routes.get(request.method or "")
            if route is None:
                response = _refused(RefusalError(405, "This method is not allowed here."), flavour)
                response["Allow"] = ", ".join(routes)
                return response
            tool = _authorise(request, route, type_id)
            called = _course(course, tool, target)
            return route.handler(Call(request, tool, called, number))
        except RefusalError as error:
            return _refused(error, flavour)

    return view


def _authorise(request: HttpRequest, route: Route, type_id: int | None) -> ToolClient:
    """Return the calling tool. Raise RefusalError unless headers and address are as they must be.

    Media types are exactly the service's own: wildcards and parameters are refused; `Accept` may be
    absent. As in Moodle, the address names the tool by `type_id`, in its path or its query.
    """
    if not request.headers.get("User-Agent"):
        raise RefusalError(403, "The User-Agent header is missing.")
    token = tokens.find(tokens.bearer_token(request))
    if token is None:
        raise RefusalError(401, "A valid access token is needed.")
    if not set(route.scopes) & set(token.scopes):
        raise RefusalError(403, f"The token lacks the scope {route.scopes[0]}.")
    if token.tool.flavour != route.flavour:
        raise RefusalError(403, "The token is for services of another kind.")
    if route.flavour == Flavour.CANVAS and not token.tool.is_active:
        raise RefusalError(401, REMOVED)
    accept = request.headers.get("Accept", "")
    if route.accept and accept and accept != route.accept:
        raise RefusalError(406, f"Accept must be {route.accept}.")
    if route.content_type and request.headers.get("Content-Type") != route.content_type:
        raise RefusalError(415, f"Content-Type must be {route.content_type}.")
    if type_id is None:
        type_id = parse_number(request.GET.get("type_id"))
    if route.flavour == Flavour.MOODLE and type_id != token.tool_id:
        raise RefusalError(403, "type_id is missing or another tool's.")
    return token.tool


def _course(number: int, tool: ToolClient, target: str) -> Course:
    """Return the course in the address.

    Raise RefusalError if the tool is not used in it, or it has ended with this service.
    """
    course = Course.objects.filter(pk=number).first()
    if course is None:
        raise RefusalError(404, "There is no such course.")
    if not Activity.objects.filter(course=course, tool=tool).exists():
        raise RefusalError(403, "The tool is not used in this course.")
    if course.is_concluded and target in GRADE_SERVICES:
        raise RefusalError(422, CONCLUDED)
    return course


def _refused(error: RefusalError, flavour: Flavour) -> HttpResponse:
    body: json_body.JsonObject = {"status": error.status, "reason": error.reason}
    if flavour == Flavour.CANVAS:
        kind = HTTPStatus(error.status).name.lower()
        body = {"errors": {"type": kind, "message": error.reason}}
    response = JsonResponse(body, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response
