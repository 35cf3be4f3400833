"""The deletion of pupils' work some time after it was last touched; worksheets stay.

A worksheet, its editions and its pictures are a teacher's work and not a trace of a pupil:
they are deleted with their author or by their author.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import TOOL, Actor, AuditKind
from lti_tool.models import Delivery, Membership
from lti_tool.privacy import retention
from lti_tool.privacy.retention import delete_in_chunks
from worksheets.models import (
    Attempt,
    CopyRequest,
    Draft,
    EnteredMark,
    FeedbackPoint,
    IncomingFile,
    KeyCorrection,
    Mark,
    Partner,
    PupilDates,
    ReviewStep,
    Revision,
    RubricChange,
)

logger = logging.getLogger(__name__)


def forget_old() -> Mapping[str, int]:
    """Do what ``forget`` does, once a day: LTI_HOUSEKEEPING in the settings names this function."""
    return forget(by=TOOL)


def forget(*, by: Actor) -> Mapping[str, int]:
    """Delete what is older than the retention period; return how many rows of each kind.

    Launches lose what their pages needed as soon as those have closed. It may be stopped anywhere
    and run again: each transaction takes some hundred rows. What is recorded at the end is what
    this run has deleted.
    """
    forgotten = {name: delete_in_chunks(rows) for name, rows in _old(retention.retention_ends())}
    blanked = retention.anonymise_in_chunks(retention.closed_launches())
    counts = " ".join(f"{name}={n}" for name, n in forgotten.items())
    logger.info("forgotten: %s; of %s launches what their pages needed", counts, blanked)
    if deleted := {name: n for name, n in forgotten.items() if n and name != "tokens"}:
        with transaction.atomic():
            after = {"what": "old rows", "days": settings.LTI_RETENTION_DAYS, **deleted}
            audit.record(AuditKind.ERASURE, by, after=after)
    return forgotten


def old_rows() -> Mapping[str, int]:
    """Return how many rows ``forget_old`` would delete, without what its deletions set free."""
    return {name: rows.count() for name, rows in _old(retention.retention_ends())}


def _old(before: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """Return the old rows in the order of deletion: work, what was kept for it, then people."""
    return [
        ("jobs", retention.old_jobs()),
        ("drafts", Draft.objects.filter(saved_at__lt=before)),
        ("review steps", ReviewStep.objects.filter(made_at__lt=before)),
        ("uploaded files", _incoming_files()),
        ("revisions", Revision.objects.filter(saved_at__lt=before)),
        ("copy requests", CopyRequest.objects.filter(asked_at__lt=before)),
        ("rubric changes", RubricChange.objects.filter(made_at__lt=before)),
        ("key corrections", KeyCorrection.objects.filter(made_at__lt=before)),
        ("feedback points", FeedbackPoint.objects.filter(changed_at__lt=before)),
        ("attempts", _attempts(before)),
        ("dates of pupils", _pupil_dates(before)),
        ("entered marks", _entered_marks(before)),
        ("scores", _deliveries(before)),
        ("launches", retention.old_launches(before)),
        ("refusals", retention.old_refusals(before)),
        ("memberships", _memberships(before)),
        ("audit entries", retention.old_audit_entries(before)),
        ("tokens", retention.expired_tokens()),
        ("sign-ins", retention.old_sign_ins()),
        ("people", retention.orphaned_people()),
    ]


def _incoming_files() -> QuerySet[IncomingFile]:
    """Return files of worksheets that nobody has taken in for as long as jobs are kept."""
    days = timedelta(days=settings.LTI_JOB_DAYS)
    return IncomingFile.objects.filter(read_at__lt=timezone.now() - days)


def _attempts(before: datetime) -> QuerySet[Attempt]:
    """Return attempts that nobody has touched since, if the pupil's others there are old, too.

    Saving, submitting, marking, releasing and reopening touch an attempt. Of one pupil at one
    assignment all go together, because which one counts must not change, and shared ones as long
    as there are others of a partner: they count among these.
    """
    recent = Q(marked_at__gte=before) | Q(released_at__gte=before)
    marked = Mark.objects.filter(recent, attempt=OuterRef("pk"))
    touched = Attempt.objects.filter(
        Q(saved_at__gte=before)
        | Q(submitted_at__gte=before)
        | Q(released_at__gte=before)
        | Q(reopened_at__gte=before)
        | Exists(marked)
    )
    there = touched.filter(assignment=OuterRef("assignment"))
    own = there.filter(user=OuterRef("user"))
    # Shared work stays with a partner's own, and a pupil's own with what others share.
    of_partner = there.filter(
        user__in=Partner.objects.filter(attempt=OuterRef(OuterRef("pk"))).values("user")
    )
    shared = there.filter(partners__user=OuterRef("user"))
    return Attempt.objects.filter(~Exists(own) & ~Exists(of_partner) & ~Exists(shared))


def _pupil_dates(before: datetime) -> QuerySet[PupilDates]:
    """Return old dates of pupils whose work is not kept, and which are all past as long."""
    there = Attempt.objects.filter(assignment=OuterRef("assignment"))
    rows = PupilDates.objects.filter(~_has_work(there), given_at__lt=before)
    for name in ("opens_at", "due_at", "closes_at"):
        rows = rows.exclude(**{f"{name}__gte": before})
    return rows


def _entered_marks(before: datetime) -> QuerySet[EnteredMark]:
    """Return old entries of pupils whose work there is not kept either."""
    old = EnteredMark.objects.filter(
        Q(released_at__isnull=True) | Q(released_at__lt=before), entered_at__lt=before
    )
    return old.filter(~_has_work(Attempt.objects.filter(assignment=OuterRef("assignment"))))


def _deliveries(before: datetime) -> QuerySet[Delivery]:
    """Return old deliveries whose attempt, or entered mark, is not kept."""
    there = {"assignment__link": OuterRef("line_item__link")}
    entered = EnteredMark.objects.filter(user=OuterRef("user"), **there)
    return retention.old_deliveries(before).filter(
        ~_has_work(Attempt.objects.filter(**there)), ~Exists(entered)
    )


def _memberships(before: datetime) -> QuerySet[Membership]:
    """Return old memberships without work in the course: a late mark needs their cell."""
    there = {"assignment__link__context": OuterRef("context")}
    entered = EnteredMark.objects.filter(user=OuterRef("user"), **there)
    return retention.old_memberships(before).filter(
        ~_has_work(Attempt.objects.filter(**there)), ~Exists(entered)
    )


def _has_work(there: QuerySet[Attempt]) -> Exists:
    """Return whether the person of a row has work among these attempts, their own or shared."""
    shared = Q(partners__user=OuterRef("user"), partners__number__isnull=False)
    return Exists(there.filter(Q(user=OuterRef("user")) | shared))
