"""The lines that come from our own rows: launches, refusals, deployments."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.connection.check_result import CheckResult, State, formatted_time, needs_action
from lti_tool.connection.remedies import Remedy, remedy_text
from lti_tool.launches.log import LoggedLaunch
from lti_tool.models import RefusedLaunch, Registration
from lti_tool.protocol.refusal import Reason

MAX_NOTES = 10  # that one line lists


def switched_off(registration: Registration) -> list[CheckResult]:
    """Return a line if the registration is switched off, because then nothing can work."""
    if registration.is_active:
        return []
    sentence = _("This registration is switched off here, so launches and grades are refused.")
    return [needs_action(_("Registration"), sentence, Remedy.SWITCH, registration)]


def launches_line(registration: Registration, launches: Sequence[LoggedLaunch]) -> CheckResult:
    """Return the line for accepted launches, given newest first."""
    title = _("Launches")
    if not launches:
        sentence = _("Nobody has opened an activity from this LMS yet.")
        return needs_action(title, sentence, Remedy.FIRST_LAUNCH, registration, State.NOT_KNOWN)
    return CheckResult(
        title,
        State.OK,
        _("The last launch was accepted on %(at)s.") % {"at": formatted_time(launches[0].at)},
    )


def notes_line(launches: Sequence[LoggedLaunch]) -> list[CheckResult]:
    """Return a line if optional claims of the last launches could not be read."""
    notes = dict.fromkeys(note for launch in launches for note in launch.notes.split("; ") if note)
    if not notes:
        return []
    sentence = _(
        "In the last launches we could not read some values, which count as absent: %(notes)s."
    ) % {"notes": "; ".join([*notes][:MAX_NOTES])}
    remedy = _("If something is missing in an activity, report this to the maker of the LMS.")
    return [CheckResult(_("Values in launches"), State.WARNING, sentence, remedy)]


# Refusals that a setting causes. For others the administrator's page says what they mean.
_REMEDIES: dict[str, Remedy] = {
    Reason.KEY_UNKNOWN: Remedy.KEY_ADDRESS,
    Reason.KEYS_UNREACHABLE: Remedy.KEY_ADDRESS,
    Reason.SIGNATURE_INVALID: Remedy.KEY_ADDRESS,
    Reason.TIMES_INVALID: Remedy.CLOCK,
    Reason.AUDIENCE_INVALID: Remedy.CLIENT_ID,
    Reason.UNKNOWN_DEPLOYMENT: Remedy.ADD_DEPLOYMENT,
    Reason.DEPLOYMENT_WAITING: Remedy.DEPLOYMENT,
    Reason.REGISTRATION_INACTIVE: Remedy.SWITCH,
}


def remedy_of(reason: str, registration: Registration) -> str:
    """Return what to change in the LMS or here after such a refusal; '' if nothing is to be."""
    remedy = _REMEDIES.get(reason)
    return remedy_text(remedy, registration) if remedy else ""


def refusals_line(
    registration: Registration,
    launches: Sequence[LoggedLaunch],
    refusals: Sequence[RefusedLaunch],
) -> CheckResult:
    """Return the line for refused launches: a warning if none was accepted after the last one."""
    title = _("Refused launches")
    if not refusals:
        return CheckResult(title, State.OK, _("No refused launch is on record."))
    last = refusals[0]
    sentence = _("The last refusal was on %(at)s: %(reason)s, reference %(reference)s.") % {
        "at": formatted_time(last.created_at),
        "reason": last.reason,
        "reference": last.reference,
    }
    if launches and launches[0].at > last.created_at:
        since = _("Launches have been accepted since.")
        return CheckResult(title, State.OK, f"{sentence} {since}")
    remedy = _REMEDIES.get(last.reason)
    if remedy is None:
        return CheckResult(title, State.WARNING, sentence)
    return needs_action(title, sentence, remedy, registration, State.WARNING)


def deployments_line(registration: Registration) -> CheckResult:
    """Return the line for deployments: a warning if one waits for an approval."""
    title = _("Deployments")
    rows = list(registration.deployments.order_by("pk"))
    waiting = [row.deployment_id for row in rows if not row.is_approved]
    if waiting:
        sentence = ngettext(
            "%(count)s deployment waits for approval: %(ids)s.",
            "%(count)s deployments wait for approval: %(ids)s.",
            len(waiting),
        ) % {"count": len(waiting), "ids": ", ".join(waiting[:5])}
        return needs_action(title, sentence, Remedy.DEPLOYMENT, registration, State.WARNING)
    if not rows:
        return CheckResult(
            title, State.NOT_KNOWN, _("No deployment is known yet. The first launch may name one.")
        )
    known = ", ".join(row.deployment_id for row in rows[:5])
    sentence = ngettext(
        "This deployment ID is known: %(ids)s.",
        "These deployment IDs are known: %(ids)s.",
        len(rows),
    )
    return CheckResult(title, State.OK, sentence % {"ids": known})
