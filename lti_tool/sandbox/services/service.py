"""The common part of all services: authorisation, scopes, media types and refusals.

LTI-AGS 2.0 and LTI-NRPS 2.0 with the bearer tokens of RFC 6750. A service is a table of methods,
whose handlers are functions of a `Call`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox import faults
from lti_tool.sandbox.models import Activity, Course, Flavour, ToolClient
from lti_tool.sandbox.platform import tokens
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
    typed_address: bool = True
    flavour: Flavour = Flavour.MOODLE


Routes = Mapping[str, Route]
View = Callable[..., HttpResponse]


def service(target: str, routes: Routes) -> View:
    """Return the view of one service address; `target` names its faults."""

    @csrf_exempt
    def view(
        request: HttpRequest, course: int, number: int = 0, type_id: int | None = None
    ) -> HttpResponse:
        place = (course, number, type_id)
        return faults.respond(target, partial(_answer, request, routes, place))

    return view


def _answer(
    request: HttpRequest, routes: Routes, place: tuple[int, int, int | None]
) -> HttpResponse:
    try:
        route = routes.get(request.method or "")
        if route is None:
            return _wrong_method(routes)
        return route.handler(_admit(request, route, place))
    except RefusalError as refusal:
        return refused(refusal)


def refused(refusal: RefusalError) -> HttpResponse:
    response = JsonResponse({"status": refusal.status, "reason": refusal.reason})
    response.status_code = refusal.status
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


def _wrong_method(routes: Routes) -> HttpResponse:
    response = refused(RefusalError(405, "This method is not allowed here."))
    response["Allow"] = ", ".join(routes)
    return response


def _admit(request: HttpRequest, route: Route, place: tuple[int, int, int | None]) -> Call:
    course_id, number, type_id = place
    if not request.headers.get("User-Agent"):
        raise RefusalError(403, "Say who you are: the User-Agent header is missing.")
    tool = _authorise(request, route)
    _check_media_types(request, route)
    if route.flavour == Flavour.MOODLE:
        _check_type_id(_type_id(request) if route.typed_address else type_id, tool)
    return Call(request, tool, _course(course_id, tool), number)


def _authorise(request: HttpRequest, route: Route) -> ToolClient:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(given.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise RefusalError(401, "A valid access token is needed.")
    if not set(route.scopes) & set(token.scopes):
        raise RefusalError(403, f"The token lacks the scope {route.scopes[0]}.")
    if token.tool.flavour != route.flavour:
        raise RefusalError(403, "The token is for services of another kind.")
    return token.tool


def _check_type_id(type_id: int | None, tool: ToolClient) -> None:
    if type_id != tool.pk:
        raise RefusalError(403, "type_id is missing or another tool's.")


def _check_media_types(request: HttpRequest, route: Route) -> None:
    """Raise RefusalError unless the media types are exactly the service's own.

    Wildcards and parameters are refused; `Accept` may be absent.
    """
    accept = request.headers.get("Accept", "")
    if route.accept and accept and accept != route.accept:
        raise RefusalError(406, f"Accept must be {route.accept}.")
    if route.content_type and request.headers.get("Content-Type") != route.content_type:
        raise RefusalError(415, f"Content-Type must be {route.content_type}.")


def _type_id(request: HttpRequest) -> int | None:
    given = request.GET.get("type_id", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None


def _course(course_id: int, tool: ToolClient) -> Course:
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise RefusalError(404, "There is no such course.")
    if not Activity.objects.filter(course=course, tool=tool).exists():
        raise RefusalError(403, "The tool is not used in this course.")
    return course
