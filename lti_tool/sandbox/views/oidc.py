"""The authorisation endpoint (Security Framework 1.0, 5.1.1.2 and 5.1.1.3) and the key set."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox import auth_request, conf, faults, keys, sign_in, tickets
from lti_tool.sandbox.auth_request import AuthFault, AuthRequest
from lti_tool.sandbox.claims import launch_claims
from lti_tool.sandbox.models import SignIn, Ticket, ToolClient
from lti_tool.sandbox.views import answers
from lti_tool.sandbox.views.access import enrolment_of

USED_UP = "lti_message_hint is none of this session's, was used before, or is too old"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest) -> HttpResponse:
    """Answer with an id_token; with an error where the tool may be told; else with a page."""
    asked = auth_request.parse(_parameters(request))
    tool = ToolClient.objects.filter(client_id=asked.client_id).first()
    if tool is None:
        return answers.error(request, "client_id names no tool that is registered here.")
    if asked.redirect_uri not in tool.redirect_uris:
        return answers.error(request, "redirect_uri is not registered for this tool.")
    session = sign_in.current(request)
    if session is None and "repost" not in request.POST:
        return _repost(request)
    outcome = _judge(asked, tool, session)
    answer = _error(outcome) if isinstance(outcome, AuthFault) else {"id_token": outcome}
    if asked.state is not None:
        answer["state"] = asked.state
    return answers.post_form(request, asked.redirect_uri, answer, "Opening the activity")


def _parameters(request: HttpRequest) -> dict[str, list[str]]:
    query = request.POST if request.method == "POST" else request.GET
    return {name: [str(value) for value in values] for name, values in query.lists()}


def _repost(request: HttpRequest) -> HttpResponse:
    """Moodle's way when its cookie is missing: the request came from another site, which kept
    the cookie back; posted again by a page of ours it brings the cookie along.
    """
    values = {name: found[0] for name, found in _parameters(request).items() if found}
    action = conf.address("auth")
    return answers.post_form(request, action, {**values, "repost": "1"}, "One moment")


def _judge(asked: AuthRequest, tool: ToolClient, session: SignIn | None) -> str | AuthFault:
    """An id_token, or why there is none. The hint is used up either way."""
    if session is None:
        return AuthFault("login_required", "nobody is signed in at the platform")
    ticket = tickets.take(session, asked.lti_message_hint)
    if asked.fault is not None:
        return asked.fault
    if ticket is None:
        return AuthFault("invalid_request", USED_UP)
    if ticket.activity.tool_id != tool.pk:
        return AuthFault("unauthorized_client", "the launch is another tool's")
    if asked.login_hint != str(session.person_id):
        return AuthFault("access_denied", "login_hint is not who is signed in")
    return _id_token(ticket, session, asked.nonce)


def _id_token(ticket: Ticket, session: SignIn, nonce: str) -> str | AuthFault:
    enrolment = enrolment_of(session, ticket.activity.course)
    if enrolment is None:
        return AuthFault("access_denied", "who is signed in has left the course")
    return keys.sign(launch_claims(ticket, enrolment, nonce, keys.now()))


def _error(fault: AuthFault) -> dict[str, str]:
    return {"error": fault.error, "error_description": fault.description}


@require_safe
def jwks(_request: HttpRequest) -> HttpResponse:
    return faults.around("jwks", lambda: JsonResponse(keys.jwk_set()))
