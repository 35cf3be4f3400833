"""The endpoints at which a tool registers itself (LTI Dynamic Registration 1.0, 3.2 and 3.6)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lti_tool.sandbox.faults import inject_faults
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.platform.tokens import bearer_token
from lti_tool.sandbox.registration import registration_tokens, tool_configuration, tools
from lti_tool.sandbox.registration.metadata import BadRegistrationError
from lti_tool.sandbox.registration.openid_configuration import openid_configuration
from lti_tool.sandbox.services import json_body


@require_safe
@inject_faults("configuration")
def configuration(request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    """Return the platform's configuration; Canvas's requires a registration token."""
    token = registration_tokens.find(bearer_token(request), flavour)
    if flavour == Flavour.CANVAS and token is None:
        return _unauthorised()
    return JsonResponse(openid_configuration(flavour))


@csrf_exempt
@require_POST
@inject_faults("register")
def register(request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    """Register a tool. A refused request does not use up the token."""
    token = registration_tokens.find(bearer_token(request), flavour)
    if token is None:
        return _unauthorised()
    if request.content_type != "application/json":
        return _refused("invalid_client_metadata", "Content-Type must be application/json", 400)
    try:
        body = json_body.read_object(request.body)
        tool = tools.register(token, tool_configuration.parse(body, flavour))
    except json_body.BadJsonError as error:
        return _refused("invalid_client_metadata", f"the body is {error}", 400)
    except BadRegistrationError as error:
        return _refused(error.error, str(error), 400)
    status = 201 if flavour == Flavour.CANVAS else 200
    return JsonResponse(tools.registration_response(tool, body), status=status)


def _unauthorised() -> HttpResponse:
    reason = "a registration token is needed; this one is unknown, used up or too old"
    response = _refused("invalid_token", reason, 401)
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


def _refused(error: str, description: str, status: int) -> HttpResponse:
    body = {"error": error, "error_description": description}
    return JsonResponse(body, status=status)
