"""The launch ids in `lti_message_hint`, each valid once, for one session, for two minutes."""

import json
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.sandbox.models import Activity, Column, Person, Selection, SignIn, Ticket
from lti_tool.sandbox.platform import terms
from lti_tool.sandbox.services import json_body

MAX_ID = 10**18


def for_activity(session: SignIn, activity: Activity, target: str) -> Ticket:
    return _issue(Ticket(sign_in=session, activity=activity, target=target))


def for_test_student(session: SignIn, activity: Activity, target: str, person: Person) -> Ticket:
    """Return a ticket for Canvas's Student View, in which a teacher is the test student."""
    return _issue(Ticket(sign_in=session, activity=activity, target=target, person=person))


def for_submission(session: SignIn, activity: Activity, target: str, url: str) -> Ticket:
    """Return a ticket for Canvas's SpeedGrader, which launches the address of a score."""
    return _issue(Ticket(sign_in=session, activity=activity, target=target, submission_url=url))


def for_selection(session: SignIn, selection: Selection, target: str) -> Ticket:
    return _issue(Ticket(sign_in=session, selection=selection, target=target))


def for_review(session: SignIn, column: Column, person: Person, target: str) -> Ticket:
    """Return a ticket for the review of a person's submission in a column's activity."""
    ticket = Ticket(sign_in=session, activity=column.activity, target=target)
    ticket.reviewed_column, ticket.reviewed_person = column, person
    return _issue(ticket)


def _issue(ticket: Ticket) -> Ticket:
    ticket.launch_id = f"ltilaunch{_cmid(ticket)}_{secrets.token_hex(12)}"
    ticket.created_at = timezone.now()
    ticket.save()
    return ticket


def hint(ticket: Ticket) -> str:
    """Return the `lti_message_hint`, which the tool has to send back unchanged."""
    members = {"cmid": _cmid(ticket), "launchid": ticket.launch_id}
    return json.dumps(members, separators=(",", ":"))


def _cmid(ticket: Ticket) -> int:
    return ticket.activity_id or 0


def take(session: SignIn, hint: str) -> Ticket | None:
    """Return the launch that a hint names and use it up; None if it is used or too old."""
    open_tickets = _open(session, hint)
    ticket = open_tickets.first()
    if ticket is None or not open_tickets.update(used_at=timezone.now()):
        return None
    return ticket


def _open(session: SignIn, hint: str) -> QuerySet[Ticket]:
    cmid, launch_id = _read(hint)
    oldest = timezone.now() - timedelta(seconds=terms.AUTH_REQUEST_SECONDS)
    tickets = Ticket.objects.filter(
        sign_in=session, launch_id=launch_id, used_at=None, created_at__gte=oldest
    )
    return tickets.filter(activity_id=cmid) if cmid else tickets.filter(activity=None)


def _read(hint: str) -> tuple[int, str]:
    """Return the two members of a hint; values that match no ticket if it is not ours."""
    try:
        members = json_body.read_object(hint)
    except json_body.BadJsonError:
        return 0, ""
    cmid, launch_id = members.get("cmid"), members.get("launchid")
    if type(cmid) is not int or abs(cmid) > MAX_ID or not isinstance(launch_id, str):
        return 0, ""
    return cmid, launch_id
