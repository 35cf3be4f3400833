"""The authorisation endpoint (Security Framework 1.0, 5.1.1.2 and 5.1.1.3) and the JWK set."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox import faults
from lti_tool.sandbox.canvas import claims as canvas_claims
from lti_tool.sandbox.models import Flavour, SignIn, Ticket, ToolClient
from lti_tool.sandbox.platform import auth_request, claims, keys, platform_storage, sign_in, tickets
from lti_tool.sandbox.platform.auth_request import AuthFault, AuthRequest
from lti_tool.sandbox.platform.platforms import platform
from lti_tool.sandbox.views import answers
from lti_tool.sandbox.views.access import enrolment_of

CLAIMS = {
    Flavour.MOODLE: claims.launch_claims,
    Flavour.CANVAS: canvas_claims.launch_claims,
}
USED_UP = "lti_message_hint is none of this session's, was used before, or is too old"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    """Send an id_token or an error to the tool, or show a page if the tool must not be told.

    Without a known client_id and a registered redirect_uri nothing is sent to the tool.
    """
    asked, own = auth_request.parse(_parameters(request)), platform(flavour)
    tool = ToolClient.objects.filter(client_id=asked.client_id, flavour=flavour).first()
    if tool is None:
        return answers.error(request, "client_id names no tool that is registered here.")
    if asked.redirect_uri not in tool.redirect_uris:
        return answers.error(request, "redirect_uri is not registered for this tool.")
    session = sign_in.current(request)
    if session is None and "repost" not in request.POST:
        return answers.repost(request, own.auth_url, _parameters(request))
    outcome = _judge(asked, tool, session, _language(request))
    answer = _error(outcome) if isinstance(outcome, AuthFault) else {"id_token": outcome}
    if asked.state is not None:
        answer["state"] = asked.state
    answer |= platform_storage.offer(tool.flavour)
    return answers.post_form(request, asked.redirect_uri, answer, "Opening the activity")


def _parameters(request: HttpRequest) -> dict[str, list[str]]:
    query = request.POST if request.method == "POST" else request.GET
    return {name: [str(value) for value in values] for name, values in query.lists()}


def _language(request: HttpRequest) -> str:
    """Return the first language of Accept-Language, or 'en'."""
    first = re.match(r"[a-z]+", request.headers.get("Accept-Language", ""), re.IGNORECASE)
    return first[0].lower() if first else "en"


def _judge(
    asked: AuthRequest, tool: ToolClient, session: SignIn | None, language: str
) -> str | AuthFault:
    """Return an id_token, or the fault that prevents it. The hint is used up either way."""
    if session is None:
        return AuthFault("login_required", "nobody is signed in at the platform")
    ticket = tickets.take(session, asked.lti_message_hint)
    if asked.fault is not None:
        return asked.fault
    if ticket is None:
        return AuthFault("invalid_request", USED_UP)
    if ticket.tool != tool:
        return AuthFault("unauthorized_client", "the launch is another tool's")
    if asked.login_hint != platform(tool.flavour).subject(ticket.launched):
        return AuthFault("access_denied", "login_hint is not who is signed in")
    return _id_token(ticket, asked.nonce, language)


def _id_token(ticket: Ticket, nonce: str, language: str) -> str | AuthFault:
    enrolment = enrolment_of(ticket.launched, ticket.course)
    if enrolment is None:
        return AuthFault("access_denied", "who is signed in has left the course")
    say = CLAIMS[Flavour(ticket.tool.flavour)]
    told = say(ticket, enrolment, nonce, keys.now(), language)
    return keys.sign(told, ticket.tool.flavour)


def _error(fault: AuthFault) -> dict[str, str]:
    return {"error": fault.error, "error_description": fault.description}


@require_safe
def jwks(_request: HttpRequest, flavour: str = Flavour.MOODLE) -> HttpResponse:
    return faults.respond("jwks", lambda: JsonResponse(keys.jwk_set(flavour)))
