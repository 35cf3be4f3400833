"""The lines for the platform's keys and its clock."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.adapter.message import LEEWAY
from lti_tool.adapter.platform_keys import read_keys
from lti_tool.connection.line import (
    CheckResult,
    State,
    describe_failure,
    formatted_time,
    needs_action,
    not_known,
    ok,
)
from lti_tool.connection.remedies import Remedy
from lti_tool.models import PlatformKeySet, Registration
from lti_tool.services.errors import ServiceError
from lti_tool.services.http import HttpReply

CLOCK_WARNING = 30  # seconds


def keys_and_clock(registration: Registration) -> list[CheckResult]:
    """Ask for the platform's keys and return both lines: the answer has the platform's time too."""
    try:
        reply = read_keys(registration)
    except ServiceError as error:
        clock = not_known(_clock_title(), _("Not seen, for the keys' address does not answer."))
        return [_not_read(registration, error), clock]
    return [_read(registration), _clock(registration, reply)]


def _read(registration: Registration) -> CheckResult:
    title = _keys_title()
    count = len(PlatformKeySet.objects.get(registration=registration).document["keys"])
    if not count:
        sentence = _("Their address answers, but lists no RSA key: every launch is refused.")
        return needs_action(title, sentence, Remedy.KEY_ADDRESS, registration)
    sentence = ngettext("Read just now: %(count)s key.", "Read just now: %(count)s keys.", count)
    return ok(title, sentence % {"count": count})


def _not_read(registration: Registration, failure: ServiceError) -> CheckResult:
    """Return the line for keys that cannot be read now.

    Launches go on with the keys that were read before, if any were.
    """
    held = PlatformKeySet.objects.filter(
        registration=registration, source=registration.jwks_url
    ).first()
    if held is None or not held.document.get("keys"):
        sentence = _("They cannot be read, so every launch is refused. %(why)s")
        return needs_action(
            _keys_title(),
            sentence % {"why": describe_failure(failure)},
            Remedy.KEY_ADDRESS,
            registration,
        )
    sentence = _(
        "They cannot be read at present. %(why)s Launches go on with those of %(at)s, until the"
        " LMS signs with a new one."
    ) % {"why": describe_failure(failure), "at": formatted_time(held.read_at or held.tried_at)}
    return needs_action(_keys_title(), sentence, Remedy.KEY_ADDRESS, registration, State.WARNING)


def _clock(registration: Registration, reply: HttpReply) -> CheckResult:
    seconds = _ahead(reply)
    if seconds is None:
        return not_known(_clock_title(), _("The LMS's answer does not tell its time."))
    if abs(seconds) < CLOCK_WARNING:
        return ok(_clock_title(), _("Both clocks agree to less than half a minute."))
    sentence = (
        _("The LMS's clock is %(seconds)s seconds ahead of ours.")
        if seconds > 0
        else _("The LMS's clock is %(seconds)s seconds behind ours.")
    ) % {"seconds": abs(seconds)}
    if abs(seconds) < LEEWAY:
        effect = _("From %(limit)s seconds on, launches and grades may be refused.")
        state = State.WARNING
    else:
        effect = _("More than %(limit)s seconds: launches and grades may be refused.")
        state = State.PROBLEM
    sentence = f"{sentence} {effect % {'limit': LEEWAY}}"
    return needs_action(_clock_title(), sentence, Remedy.CLOCK, registration, state)


def _ahead(reply: HttpReply) -> int | None:
    """Return the whole seconds that the platform's clock is ahead (RFC 9110 section 6.6.1).

    None if its answer has no date.
    """
    try:
        told = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    age = reply.headers.get("age", "")  # how long a cache has had it
    old = int(age) if age.isascii() and age.isdecimal() and len(age) < 7 else 0
    return round((told - timezone.now()).total_seconds()) + old


def _keys_title() -> str:
    return _("Keys of the LMS")


def _clock_title() -> str:
    return _("Clocks")
