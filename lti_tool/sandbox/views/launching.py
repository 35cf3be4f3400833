"""The start of every kind of launch."""

from django.http import HttpRequest, HttpResponse

from lti_tool.sandbox.models import Ticket
from lti_tool.sandbox.platform import platform_storage, tickets
from lti_tool.sandbox.platform.platforms import platform
from lti_tool.sandbox.views import answers


def target(request: HttpRequest) -> str:
    """Return the document target that the request asks for, by default a frame."""
    window = request.GET.get("target") == "window"
    return Ticket.Target.WINDOW if window else Ticket.Target.IFRAME


def initiate(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Return the form that initiates login (Security Framework 1.0, 5.1.1.1).

    It is sent by POST, as in Moodle.
    """
    if not ticket.tool.is_active:
        return answers.error(request, "The tool has yet to be activated by the administrator.", 409)
    own = platform(ticket.tool.flavour)
    fields = {
        "iss": own.issuer,
        "target_link_uri": ticket.target_link_uri,
        "login_hint": own.subject(ticket.launched),
        "lti_message_hint": tickets.hint(ticket),
        "client_id": ticket.tool.client_id,
        "lti_deployment_id": ticket.tool.deployment_id,
        **platform_storage.offer(ticket.tool.flavour),
    }
    return answers.post_form(request, ticket.tool.login_url, fields, "Opening the activity")
