"""The filter ``{{ refusal.reason|meaning }}``, which explains a reason in the launch log."""

from __future__ import annotations

from django import template

from lti_tool.platforms.dynamic.errors import RegistrationProblem
from lti_tool.protocol.refusal import Reason
from lti_tool.views import refusals, registration_words

register = template.Library()


@register.filter
def meaning(reason: str) -> str:
    """Return a sentence for the reason, or '' for one that this version does not know.

    For a refused registration it also says what to do, because an administrator reads that.
    What to do about a launch is told to the person who launched.
    """
    if reason in set(Reason):
        return str(refusals.WORDS[Reason(reason)][0])
    if reason in set(RegistrationProblem):
        what, todo = registration_words.WORDS[RegistrationProblem(reason)]
        return f"{what}. {todo}"
    return ""
