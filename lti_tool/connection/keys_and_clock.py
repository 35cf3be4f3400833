"""The lines for the platform's keys and its clock."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.adapter.message import LEEWAY
from lti_tool.adapter.platform_keys import read_keys
from lti_tool.connection.check_result import (
    CheckResult,
    State,
    describe_failure,
    formatted_time,
    needs_action,
)
from lti_tool.connection.remedies import Remedy
from lti_tool.models import PlatformKeySet, Registration
from lti_tool.protocol.values import whole_number
from lti_tool.services.errors import ServiceError
from lti_tool.services.http import HttpReply
from lti_tool.services.verdicts import http_date

CLOCK_WARNING = 30  # seconds


def keys_and_clock(registration: Registration) -> list[CheckResult]:
    """Ask for the platform's keys and return both lines: the answer has the platform's time too."""
    try:
        reply = read_keys(registration)
    except ServiceError as error:
        sentence = _("Not checked, because the LMS's keys could not be read.")
        return [_not_read(registration, error), CheckResult(_("Clocks"), State.NOT_KNOWN, sentence)]
    return [_read(registration), _clock(registration, reply)]


def _read(registration: Registration) -> CheckResult:
    title = _("Keys of the LMS")
    count = len(PlatformKeySet.objects.get(registration=registration).document["keys"])
    if not count:
        sentence = _("The keyset address answers but lists no RSA key, so every launch is refused.")
        return needs_action(title, sentence, Remedy.KEY_ADDRESS, registration)
    sentence = ngettext("Read just now: %(count)s key.", "Read just now: %(count)s keys.", count)
    return CheckResult(title, State.OK, sentence % {"count": count})


def _not_read(registration: Registration, failure: ServiceError) -> CheckResult:
    """Return the line for keys that cannot be read now.

    Launches go on with the keys that were read before, if any were.
    """
    title = _("Keys of the LMS")
    stored = PlatformKeySet.objects.filter(
        registration=registration, source=registration.jwks_url
    ).first()
    if stored is None or not stored.document.get("keys"):
        sentence = _("The keys cannot be read, so every launch is refused. %(why)s")
        return needs_action(
            title,
            sentence % {"why": describe_failure(failure)},
            Remedy.KEY_ADDRESS,
            registration,
        )
    sentence = _(
        "The keys cannot be read at the moment. %(why)s Launches still work with the keys read on"
        " %(at)s, until the LMS signs with a new one."
    ) % {"why": describe_failure(failure), "at": formatted_time(stored.read_at or stored.tried_at)}
    return needs_action(title, sentence, Remedy.KEY_ADDRESS, registration, State.WARNING)


def _clock(registration: Registration, reply: HttpReply) -> CheckResult:
    """Return the line for the platform's clock, by the date of its answer (RFC 9110, 6.6.1)."""
    title = _("Clocks")
    there = http_date(reply.headers.get("date", ""))
    if there is None:
        return CheckResult(title, State.NOT_KNOWN, _("The LMS's answer does not include its time."))
    # Age (RFC 9111 section 5.1): how long a cache has had the answer.
    age = whole_number(reply.headers.get("age", ""), max_digits=6) or 0
    seconds = round(there + age - timezone.now().timestamp())
    if abs(seconds) < CLOCK_WARNING:
        return CheckResult(title, State.OK, _("The two clocks differ by less than half a minute."))
    sentence = (
        _("The LMS's clock is %(seconds)s seconds ahead of ours.")
        if seconds > 0
        else _("The LMS's clock is %(seconds)s seconds behind ours.")
    ) % {"seconds": abs(seconds)}
    if abs(seconds) < LEEWAY:
        effect = _(
            "If the difference reaches %(limit)s seconds, launches and grades may be refused."
        )
        state = State.WARNING
    else:
        effect = _(
            "The difference is %(limit)s seconds or more, so launches and grades may be refused."
        )
        state = State.PROBLEM
    sentence = f"{sentence} {effect % {'limit': LEEWAY}}"
    return needs_action(title, sentence, Remedy.CLOCK, registration, state)
