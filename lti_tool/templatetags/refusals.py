"""``{{ refusal.reason|meaning }}``: what a logged reason means."""

from __future__ import annotations

from django import template

from lti_tool.platforms.dynamic.errors import Fault
from lti_tool.protocol.refusal import Reason
from lti_tool.views.refusals import WORDS
from lti_tool.views.registration_words import FAULTS

register = template.Library()


@register.filter
def meaning(reason: str) -> str:
    """In a sentence; '' for a reason of another version. Only a registration's page speaks to
    an administrator: what to do about a launch is told to the person who launched."""
    if reason in set(Reason):
        return str(WORDS[Reason(reason)][0])
    if reason in set(Fault):
        what, todo = FAULTS[Fault(reason)]
        return f"{what}. {todo}"
    return ""
