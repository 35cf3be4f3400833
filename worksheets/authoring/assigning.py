"""The placing of an edition at a link, and the rules under which it opens. Writes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry, Context, ResourceLink
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
from worksheets.models.worksheet import worksheet_subject

DATES = ("opens_at", "due_at", "closes_at")  # among the rules


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
    may_work_together: bool = False
    due_at: datetime | None = None
    late_deduction: int = 0
    late_per_day: bool = False
    assistants_release: bool = False
    assistants_correct: bool = False

    @classmethod
    def of(cls, policy: Policy) -> AssignmentRules:
        """Return the rules that a row has."""
        return cls(**{rule.name: getattr(policy, rule.name) for rule in fields(cls)})

    def apply(self, policy: Policy) -> None:
        """Write the rules onto a row, which the caller saves."""
        for rule in fields(self):
            setattr(policy, rule.name, getattr(self, rule.name))


def assign(
    link: ResourceLink,
    edition: Edition,
    rules: AssignmentRules,
    *,
    by: Actor,
    effects: Mapping[str, int] | None = None,
) -> Assignment:
    """Let this link open that edition, or change the rules of the one that it opens.

    Pupils who have begun keep the edition that they began. ``by`` is who does it, and ``effects``
    are recorded with it: how much work is marked again, and how many marks change. Raise InUse for
    another worksheet where pupils have begun with this one.
    """
    with transaction.atomic():
        # The link, too: of two first placements at once one makes the row, the other finds it.
        ResourceLink.objects.select_for_update(no_key=True).get(pk=link.pk)
        assignment = Assignment.objects.select_for_update(no_key=True).filter(link=link).first()
        if assignment is None:
            assignment, former = Assignment(link=link), None
        elif (
            assignment.edition.worksheet_id != edition.worksheet_id and assignment.attempts.exists()
        ):
            raise InUse
        else:
            former = Assignment(edition=assignment.edition)
            AssignmentRules.of(assignment).apply(former)
        assignment.edition, assignment.link = edition, link
        rules.apply(assignment)
        assignment.save()
        audit.record_all(_entries(assignment, former, by, effects or {}))
    return assignment


def assignment_entry(
    assignment: Assignment, former: Edition | None, by: Actor, effects: Mapping[str, object]
) -> AuditEntry:
    """Return what is recorded where an activity opens another edition, or marks by it again.

    Where it opened none before, the rules are recorded as well.
    """
    edition = assignment.edition
    rules = {} if former else asdict(AssignmentRules.of(assignment))
    return audit.entry(
        AuditKind.EDITION,
        by,
        link=assignment.link,
        subject=worksheet_subject(edition.worksheet_id),
        before={"title": former.title, "number": former.number} if former else {},
        after={"title": edition.title, "number": edition.number, **effects, **rules},
    )


def _entries(
    assignment: Assignment, former: Assignment | None, by: Actor, effects: Mapping[str, int]
) -> list[AuditEntry]:
    """Return what is recorded of an assignment: another edition, and each rule that changed."""
    if former is None:
        return [assignment_entry(assignment, None, by, effects)]
    entries = []
    if former.edition != assignment.edition or any(effects.values()):
        entries.append(assignment_entry(assignment, former.edition, by, effects))
    names = [
        rule.name
        for rule in fields(AssignmentRules)
        if getattr(former, rule.name) != getattr(assignment, rule.name)
    ]
    if names:
        entries.append(
            audit.entry(
                AuditKind.RULES,
                by,
                link=assignment.link,
                before={name: getattr(former, name) for name in names},
                after={name: getattr(assignment, name) for name in names},
            )
        )
    return entries


def assign_pending(
    context: Context, edition: Edition, rules: AssignmentRules, *, by: Actor
) -> PendingAssignment:
    """Save what a link that the LMS is about to make shall open; ``by`` is who chooses it.

    Each choice is a row of its own: a link keeps what was chosen for it, whatever is
    chosen for others.
    """
    pending = PendingAssignment(context=context, edition=edition)
    rules.apply(pending)
    with transaction.atomic():
        pending.save()
        audit.record(
            AuditKind.EDITION,
            by,
            context=context,
            subject=pending.audit_subject,
            after={"title": edition.title, "number": edition.number, **asdict(rules)},
        )
    return pending
