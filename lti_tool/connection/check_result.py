"""The result of one check of the connection, which is one line of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lti_tool.connection.remedies import Remedy, remedy_text
from lti_tool.models import Registration
from lti_tool.services.errors import DeliveryProblem, ServiceError


class State(StrEnum):
    """The state of what was checked."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    NOT_KNOWN = "not-known"

    @property
    def label(self) -> str:
        """Return the state in a word, because colour alone is not enough."""
        return {
            State.OK: _("OK"),
            State.WARNING: _("Warning"),
            State.PROBLEM: _("Problem"),
            State.NOT_KNOWN: _("Unknown"),
        }[self]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check; ``remedy`` says what to change, '' if nothing is to be changed."""

    title: str
    state: State
    sentence: str
    remedy: str = ""


def needs_action(
    title: str,
    sentence: str,
    remedy: Remedy,
    registration: Registration,
    state: State = State.PROBLEM,
) -> CheckResult:
    """Return a result that says what to change, in the words of the platform's product."""
    return CheckResult(title, state, sentence, remedy_text(remedy, registration))


def describe_failure(failure: ServiceError) -> str:
    """Return the sentence for a failed call, with the detail that an administrator can look up."""
    sentences = {
        DeliveryProblem.UNREACHABLE: _("The LMS does not answer (%(detail)s)."),
        DeliveryProblem.BUSY: _("The LMS is busy (%(detail)s)."),
        DeliveryProblem.SERVER_ERROR: _("The LMS reports an internal error (%(detail)s)."),
        DeliveryProblem.ANSWER_UNREADABLE: _("The LMS's answer cannot be read (%(detail)s)."),
        DeliveryProblem.TOKEN_REFUSED: _("The LMS gives us no access token (%(detail)s)."),
        DeliveryProblem.NOT_ALLOWED: _("The LMS does not allow this (%(detail)s)."),
    }
    sentence = sentences.get(failure.problem, _("The LMS refuses this (%(detail)s)."))
    return sentence % {"detail": failure.detail.strip()}


def formatted_time(at: datetime) -> str:
    """Return a time in the format of the other pages."""
    # Translators: a format of Django's 'date' filter, which writes the month in words.
    return date_format(timezone.localtime(at), _("j F Y, H:i (T)"))
