"""The authorisation endpoint (Security Framework 1.0, 5.1.1.2 and 5.1.1.3) and the JWK set."""

import re
import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox.canvas import claims as canvas_claims
from lti_tool.sandbox.faults import inject_faults
from lti_tool.sandbox.models import Flavour, SignIn, ToolClient
from lti_tool.sandbox.platform import auth_request, claims, keys, sessions, tickets
from lti_tool.sandbox.platform.auth_request import AuthError, AuthRequest
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.views import responses

CLAIMS = {
    Flavour.MOODLE: claims.launch_claims,
    Flavour.CANVAS: canvas_claims.launch_claims,
}
BAD_HINT = "lti_message_hint is none of this session's, was used before, or is too old"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    """Send an id_token or an error to the tool, or show an error page.

    Without a known client_id and a registered redirect_uri nothing is sent to the tool.
    """
    query = request.POST if request.method == "POST" else request.GET
    parameters = {name: [str(value) for value in values] for name, values in query.lists()}
    auth, platform = auth_request.parse(parameters), get_platform(flavour)
    tool = ToolClient.objects.filter(client_id=auth.client_id, flavour=flavour).first()
    if tool is None:
        return responses.error(request, "client_id names no tool that is registered here.")
    if auth.redirect_uri not in tool.redirect_uris:
        return responses.error(request, "redirect_uri is not registered for this tool.")
    session = sessions.current(request)
    if session is None and "repost" not in request.POST:
        return responses.repost(request, platform.auth_url, parameters)
    accepted = re.match(r"[a-z]+", request.headers.get("Accept-Language", ""), re.IGNORECASE)
    language = accepted[0].lower() if accepted else "en"
    result = _id_token(auth, tool, session, language)
    if isinstance(result, AuthError):
        fields = {"error": result.code, "error_description": result.description}
    else:
        fields = {"id_token": result}
    if auth.state is not None:
        fields["state"] = auth.state
    if platform.storage_frame:
        fields["lti_storage_target"] = platform.storage_frame
    return responses.post_form(request, auth.redirect_uri, fields, "Opening the activity")


def _id_token(
    auth: AuthRequest, tool: ToolClient, session: SignIn | None, language: str
) -> str | AuthError:
    """Return an id_token, or the error that prevents it. The hint is used up either way."""
    if session is None:
        return AuthError("login_required", "nobody is signed in at the platform")
    ticket = tickets.redeem(session, auth.lti_message_hint)
    if auth.error is not None:
        return auth.error
    if ticket is None:
        return AuthError("invalid_request", BAD_HINT)
    if ticket.tool != tool:
        return AuthError("unauthorized_client", "the launch is another tool's")
    person = ticket.launched_person
    if auth.login_hint != get_platform(tool.flavour).subject(person):
        return AuthError("access_denied", "login_hint is not who is signed in")
    enrolment = ticket.course.enrolment_of(person)
    if enrolment is None:
        return AuthError("access_denied", "who is signed in has left the course")
    launch_claims = CLAIMS[Flavour(tool.flavour)]
    token = launch_claims(ticket, enrolment, auth.nonce, int(time.time()), language)
    return keys.sign(token, tool.flavour)


@require_safe
@inject_faults("jwks")
def jwks(_request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    return JsonResponse(keys.jwk_set(flavour))
