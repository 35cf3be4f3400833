"""Entries of the audit trail about a pupil's work: the attempt, and of marks the points alone."""

from __future__ import annotations

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind, Values
from lti_tool.models import AuditEntry
from worksheets.models import Attempt, Mark


def work_entry(
    kind: AuditKind,
    by: Actor,
    attempt: Attempt,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> AuditEntry:
    """Return an entry about an attempt, which is not saved yet."""
    return audit.entry(
        kind,
        by,
        link=attempt.assignment.link,
        person_id=attempt.user_id,
        subject=attempt.audit_subject,
        before=before,
        after=after,
    )


def mark_entry(attempt: Attempt, former: Mark | None, mark: Mark, by: Actor) -> AuditEntry:
    """Return what is recorded of a mark: its points; of its comment only that it is another."""
    before = {"points": former.points, "maximum": former.maximum} if former else {}
    after = {
        "item": mark.item,
        "points": mark.points,
        "maximum": mark.maximum,
        "comment": mark.comment != (former.comment if former else ""),
    }
    return work_entry(AuditKind.MARK, by, attempt, before=before, after=after)


def no_mark_entry(attempt: Attempt, former: Mark, by: Actor) -> AuditEntry:
    """Return what is recorded of a mark that is taken back."""
    before = {"points": former.points, "maximum": former.maximum}
    after = {"item": former.item, "comment": bool(former.comment)}
    return work_entry(AuditKind.MARK, by, attempt, before=before, after=after)
