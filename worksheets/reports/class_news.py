"""Short texts by which a page tells what has changed in a class since it was made. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import Count, Max

from lti_tool.models import AuditEntry, Membership, StoredLaunch
from worksheets.gradebook import ScoreStatus
from worksheets.models import Assignment, EnteredMark
from worksheets.reports.class_overview import AttemptSummary, Row


def class_version(assignment: Assignment) -> str:
    """Return a short text that changes with what the overview shows of the pupils' work.

    Whatever a teacher does is in the audit trail; the delivery of scores is followed by itself.
    It takes four SQL statements that read no mark and no answer.
    """
    attempts = assignment.attempts.aggregate(
        Count("pk"), Max("pk"), Count("submitted_at"), Max("submitted_at"), Max("reopened_at")
    )
    members = Membership.objects.filter(context=assignment.link.context_id)
    entries = AuditEntry.objects.filter(link=assignment.link_id)
    parts = (
        assignment.edition_id,
        sorted(attempts.items()),
        # The count too: of two transactions the one with the lower number may commit last.
        sorted(entries.aggregate(Count("pk"), Max("pk")).items()),
        sorted(members.aggregate(Count("pk"), Max("updated_at")).items()),
        StoredLaunch.objects.filter(link=assignment.link_id).count(),
    )
    return _digest(parts, 16)


def row_digest(row: Row) -> str:
    """Return a short text that changes with what a list shows of a pupil."""
    works = [_shown(work) for work in row.works]
    own = (row.user.display_name, row.status, row.standing, list(row.gaps), _scores(row.statuses))
    dates = row.dates and (row.dates.pk, row.dates.given_at)
    return _digest((*own, works, _entered(row.entered), dates), 8)


def _shown(work: AttemptSummary) -> tuple[object, ...]:
    attempt = work.attempt
    return (
        *(attempt.pk, work.standing, attempt.submitted_at, attempt.edition_id, work.tally),
        *(work.counts, work.waits_for_mark, list(work.listed), work.late),
        [one.pk for one in work.partners],
    )


def _scores(statuses: Sequence[ScoreStatus]) -> list[tuple[object, ...]]:
    return [(one.progress, one.problem, one.given) for one in statuses]


def _entered(row: EnteredMark | None) -> tuple[object, ...]:
    return (row.outcome, row.points, row.counts, row.is_released) if row else ()


def _digest(parts: object, length: int) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:length]
