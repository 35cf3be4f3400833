"""The launch id in `lti_message_hint`: one session's, for two minutes, for one use."""

import json
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.sandbox import json_body, terms
from lti_tool.sandbox.models import Activity, SignIn, Ticket

LARGEST_ID = 10**18


def issue(session: SignIn, activity: Activity, target: str) -> str:
    """Begin a launch; the answer is the hint that has to come back unchanged."""
    launch_id = f"ltilaunch{activity.pk}_{secrets.token_hex(12)}"
    Ticket.objects.create(
        launch_id=launch_id,
        sign_in=session,
        activity=activity,
        target=target,
        created_at=timezone.now(),
    )
    return json.dumps({"cmid": activity.pk, "launchid": launch_id}, separators=(",", ":"))


def take(session: SignIn, hint: str) -> Ticket | None:
    """The launch that a hint names, the first time it comes and in time; else None."""
    open_tickets = _open(session, hint)
    ticket = open_tickets.select_related("activity__course", "activity__tool").first()
    if ticket is None or not open_tickets.update(used_at=timezone.now()):
        return None
    return ticket


def _open(session: SignIn, hint: str) -> QuerySet[Ticket]:
    cmid, launch_id = _read(hint)
    oldest = timezone.now() - timedelta(seconds=terms.AUTH_REQUEST_SECONDS)
    return Ticket.objects.filter(
        sign_in=session,
        launch_id=launch_id,
        activity_id=cmid,
        used_at=None,
        created_at__gte=oldest,
    )


def _read(hint: str) -> tuple[int, str]:
    """The two members of a hint; what matches nothing if it is none of ours."""
    try:
        members = json_body.read_object(hint)
    except json_body.BadJsonError:
        return 0, ""
    cmid, launch_id = members.get("cmid"), members.get("launchid")
    if type(cmid) is not int or abs(cmid) > LARGEST_ID or not isinstance(launch_id, str):
        return 0, ""
    return cmid, launch_id
