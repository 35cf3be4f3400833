"""The placing of an edition at a link, and the rules under which it opens. Writes only."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from lti_tool.models import Context, ResourceLink
from worksheets.authoring.worksheets import InUse
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models import (
    Assignment,
    Edition,
    Feedback,
    NewAttempt,
    PendingAssignment,
    Policy,
    Sending,
)


@dataclass(frozen=True, slots=True)
class AssignmentRules:
    """The rules that a class's teacher decides; the defaults are those of the forms."""

    feedback: str = Feedback.CORRECTNESS
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    sending: str = Sending.GAPS_FIRST
    attempt_limit: int = 1
    counting: str = CountingRule.BEST
    new_attempt: str = NewAttempt.RIGHT

    @classmethod
    def of(cls, policy: Policy) -> AssignmentRules:
        """Return the rules that a row has."""
        return cls(**{rule.name: getattr(policy, rule.name) for rule in fields(cls)})

    def apply(self, policy: Policy) -> None:
        """Write the rules onto a row, which the caller saves."""
        for rule in fields(self):
            setattr(policy, rule.name, getattr(self, rule.name))


def assign(link: ResourceLink, edition: Edition, rules: AssignmentRules) -> Assignment:
    """Let this link open that edition, or change the rules of the one that it opens.

    Pupils who have begun keep the edition that they began. Raise InUse for another
    worksheet where pupils have begun with this one.
    """
    with transaction.atomic():
        # The link, too: of two first placements at once one makes the row, the other finds it.
        ResourceLink.objects.select_for_update(no_key=True).get(pk=link.pk)
        assignment = Assignment.objects.select_for_update(no_key=True).filter(link=link).first()
        if assignment is None:
            assignment = Assignment(link=link)
        elif (
            assignment.edition.worksheet_id != edition.worksheet_id and assignment.attempts.exists()
        ):
            raise InUse
        assignment.edition = edition
        rules.apply(assignment)
        assignment.save()
    return assignment


def assign_pending(context: Context, edition: Edition, rules: AssignmentRules) -> PendingAssignment:
    """Save what a link that the LMS is about to make shall open.

    Each choice is a row of its own: a link keeps what was chosen for it, whatever is
    chosen for others.
    """
    pending = PendingAssignment(context=context, edition=edition)
    rules.apply(pending)
    pending.save()
    return pending
