"""Pupils' work is forgotten some time after it was last touched; teachers' worksheets stay.

A worksheet, its editions and its pictures are a teacher's work and not a trace of anybody: they
end with their author or by the author's hand.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lti_tool.models import Delivery, Membership
from lti_tool.privacy import retention
from lti_tool.privacy.retention import delete_in_chunks
from worksheets.models import Attempt, Mark

logger = logging.getLogger(__name__)


def forget_old() -> Mapping[str, int]:
    """Delete whatever the retention period is over for. Gives how many rows of each kind.

    Launches lose what their pages needed as soon as those have closed.
    Named in the settings under LTI_HOUSEKEEPING. It may be stopped anywhere and run again.
    """
    forgotten = {name: delete_in_chunks(rows) for name, rows in _old(retention.retention_ends())}
    blanked = retention.blank_in_chunks(retention.closed_launches())
    counts = " ".join(f"{name}={n}" for name, n in forgotten.items())
    logger.info("forgotten: %s; of %s launches what their pages needed", counts, blanked)
    return forgotten


def old_rows() -> Mapping[str, int]:
    """How many rows ``forget_old`` would delete, before what becomes free by that itself."""
    return {name: rows.count() for name, rows in _old(retention.retention_ends())}


def _old(before: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """In this order: with the work goes what was kept for its sake, and people at last."""
    return [
        ("attempts", _attempts(before)),
        ("scores", _deliveries(before)),
        ("launches", retention.old_launches(before)),
        ("refusals", retention.old_refusals(before)),
        ("memberships", _memberships(before)),
        ("tokens", retention.ended_tokens()),
        ("people", retention.unnamed_people()),
    ]


def _attempts(before: datetime) -> QuerySet[Attempt]:
    """Neither written, submitted, marked nor released since then, nor any other of the same
    pupil there: which one counts must not change by that."""
    marked = Mark.objects.filter(attempt=OuterRef("pk"), marked_at__gte=before)
    touched = Attempt.objects.filter(
        Q(saved_at__gte=before)
        | Q(submitted_at__gte=before)
        | Q(released_at__gte=before)
        | Exists(marked)
    )
    own = touched.filter(assignment=OuterRef("assignment"), user=OuterRef("user"))
    return Attempt.objects.filter(~Exists(own))


def _deliveries(before: datetime) -> QuerySet[Delivery]:
    """A receipt stays as long as its attempt."""
    attempt = Attempt.objects.filter(
        user=OuterRef("user"), assignment__link=OuterRef("line_item__link")
    )
    return retention.old_deliveries(before).filter(~Exists(attempt))


def _memberships(before: datetime) -> QuerySet[Membership]:
    """Whoever has work in a course is still of it: a late mark needs their cell."""
    attempt = Attempt.objects.filter(
        user=OuterRef("user"), assignment__link__context=OuterRef("context")
    )
    return retention.old_memberships(before).filter(~Exists(attempt))
