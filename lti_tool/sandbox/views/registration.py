"""The endpoints at which a tool registers itself (LTI Dynamic Registration 1.0, 3.2 and 3.6)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox import faults
from lti_tool.sandbox.models import Flavour, RegistrationOffer
from lti_tool.sandbox.registration import offers, tool_configuration, tools
from lti_tool.sandbox.registration.members import BadRegistrationError
from lti_tool.sandbox.registration.openid_configuration import openid_configuration
from lti_tool.sandbox.services import json_body

View = Callable[[HttpRequest], HttpResponse]

MOODLE, CANVAS = Flavour.MOODLE, Flavour.CANVAS
STATUS = {MOODLE: 200, CANVAS: 201}


def _configuration(flavour: Flavour) -> View:
    """Return the view of the configuration; Canvas's requires a registration token."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if flavour == CANVAS and _offer(request, flavour) is None:
            return _unauthorised()
        body = openid_configuration(flavour)
        return faults.around("configuration", lambda: JsonResponse(body))

    return view


def _registration(flavour: Flavour) -> View:
    @csrf_exempt
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        return faults.around("register", lambda: _answer(request, flavour))

    return view


def _answer(request: HttpRequest, flavour: Flavour) -> HttpResponse:
    """Register the tool. A refused request does not use up the token."""
    offer = _offer(request, flavour)
    if offer is None:
        return _unauthorised()
    try:
        posted = _posted(request)
        tool = tools.register(offer, tool_configuration.parse(posted, flavour))
    except BadRegistrationError as error:
        body = {"error": error.error, "error_description": str(error)}
        return JsonResponse(body, status=400)
    return JsonResponse(tools.answer(tool, posted), status=STATUS[flavour])


def _posted(request: HttpRequest) -> json_body.JsonObject:
    if request.content_type != "application/json":
        raise BadRegistrationError("Content-Type must be application/json")
    try:
        return json_body.read_object(request.body)
    except json_body.BadJsonError as error:
        raise BadRegistrationError(f"the body is {error}") from error


def _offer(request: HttpRequest, flavour: Flavour) -> RegistrationOffer | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return offers.find(token.strip(), flavour) if kind.lower() == "bearer" else None


def _unauthorised() -> HttpResponse:
    reason = "a registration token is needed; this one is unknown, used up or too old"
    response = JsonResponse({"error": "invalid_token", "error_description": reason}, status=401)
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


configuration = _configuration(MOODLE)
canvas_configuration = _configuration(CANVAS)
register = _registration(MOODLE)
canvas_register = _registration(CANVAS)
