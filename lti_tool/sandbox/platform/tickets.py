"""The launch ids in `lti_message_hint`, each valid once, for one session, for two minutes."""

import json
import secrets
from datetime import timedelta

from django.utils import timezone

from lti_tool.sandbox.models import SignIn, Ticket
from lti_tool.sandbox.services import json_body

MAX_AGE = timedelta(minutes=2)
MAX_ID = 10**18


def issue(ticket: Ticket) -> None:
    """Save a new ticket under a random launch id; as in Moodle, the activity's id is part of it."""
    ticket.launch_id = f"ltilaunch{ticket.activity_id or 0}_{secrets.token_hex(12)}"
    ticket.created_at = timezone.now()
    ticket.save()


def message_hint(ticket: Ticket) -> str:
    """Return the `lti_message_hint`, which the tool has to send back unchanged."""
    members = {"cmid": ticket.activity_id or 0, "launchid": ticket.launch_id}
    return json.dumps(members, separators=(",", ":"))


def redeem(session: SignIn, hint: str) -> Ticket | None:
    """Return the launch that a hint names and use it up.

    Return None if it is unknown, used, too old or of another session.
    """
    try:
        members = json_body.read_object(hint)
    except json_body.BadJsonError:
        return None
    cmid, launch_id = members.get("cmid"), members.get("launchid")
    if type(cmid) is not int or abs(cmid) > MAX_ID or not isinstance(launch_id, str):
        return None
    unused = Ticket.objects.filter(
        sign_in=session,
        activity=cmid or None,
        launch_id=launch_id,
        used_at=None,
        created_at__gte=timezone.now() - MAX_AGE,
    )
    ticket = unused.first()
    return ticket if unused.update(used_at=timezone.now()) else None
