"""The start of every kind of launch."""

from django.http import HttpRequest, HttpResponse

from lti_tool.sandbox.models import Ticket
from lti_tool.sandbox.platform import tickets
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.views import responses


def initiate(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Save the ticket and return the form that initiates login (Security Framework 1.0, 5.1.1.1).

    The form is sent by POST, as in Moodle. The request's `target` says whether the tool is opened
    in a window; otherwise it is opened in a frame.
    """
    tool = ticket.tool
    if not tool.is_active:
        return responses.error(
            request, "The tool has not been activated by the administrator.", 409
        )
    window = request.GET.get("target") == "window"
    ticket.target = Ticket.Target.WINDOW if window else Ticket.Target.IFRAME
    tickets.issue(ticket)
    platform = get_platform(tool.flavour)
    fields = {
        "iss": platform.issuer,
        "target_link_uri": ticket.target_link_uri,
        "login_hint": platform.subject(ticket.launched_person),
        "lti_message_hint": tickets.message_hint(ticket),
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }
    if platform.storage_frame:
        fields["lti_storage_target"] = platform.storage_frame
    return responses.post_form(request, tool.login_url, fields, "Opening the activity")
