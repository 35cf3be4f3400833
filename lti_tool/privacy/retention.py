"""Queries for the rows that may be deleted once the retention period is over, and their deletion.

Rows about people end: launches, refusals, memberships, people. Courses, links and columns stay:
they name nobody, and a course may be copied from one of years ago. Only the package that keeps
people's work knows whether there still is some: it narrows these queries.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet
from django.utils import timezone

from lti_tool.grades.outbox.locking import locked, locked_in_order
from lti_tool.launches.log import KEPT_FOR
from lti_tool.models import (
    AccessToken,
    AuditEntry,
    Delivery,
    Job,
    Membership,
    PagePass,
    RefusedLaunch,
    StoredLaunch,
    User,
)

CHUNK = 500  # rows a transaction, so that others can write in between; SQLite limits parameters


def retention_ends() -> datetime:
    """Return the moment before which rows must have been last changed to be deleted."""
    return timezone.now() - timedelta(days=settings.LTI_RETENTION_DAYS)


def old_launches(before: datetime) -> QuerySet[StoredLaunch]:
    """Return accepted launches from before that moment."""
    return StoredLaunch.objects.filter(created_at__lt=before)


def closed_launches() -> QuerySet[StoredLaunch]:
    """Return launches whose pages have closed and that still hold what those pages needed."""
    closed_at = timezone.now() - timedelta(hours=settings.LTI_ACTIVITY_HOURS)
    return StoredLaunch.objects.filter(created_at__lt=closed_at).exclude(browser="")


def anonymise_in_chunks(launches: QuerySet[StoredLaunch]) -> int:
    """Erase what launches hold of the browser and the way back, and return how many were changed.

    Who opened what and when stays. ``deep_linking`` becomes {}, which still tells that it was
    one.
    """
    changed = 0
    launches = launches.order_by()
    while keys := list(launches.values_list("pk", flat=True)[:CHUNK]):
        some = StoredLaunch.objects.filter(pk__in=keys)
        some.exclude(deep_linking=None).update(deep_linking={}, picked=None)
        PagePass.objects.filter(launch__in=keys).delete()
        changed += some.update(
            browser="",
            frame_ancestor="",
            return_url="",
            locale="",
            page_secret="",
            storage_frame="",
            renewed_at=None,
        )
    return changed


def old_refusals(before: datetime) -> QuerySet[RefusedLaunch]:
    """Return refused launches from before that moment, and all that are older than 90 days."""
    return RefusedLaunch.objects.filter(created_at__lt=max(before, timezone.now() - KEPT_FOR))


def old_deliveries(before: datetime) -> QuerySet[Delivery]:
    """Return scores that neither changed nor arrived since then, whether delivered or not."""
    return Delivery.objects.filter(updated_at__lt=before).exclude(delivered_at__gte=before)


def old_memberships(before: datetime) -> QuerySet[Membership]:
    """Return memberships of people who have not launched, nor been in a roster, since then."""
    launched = StoredLaunch.objects.filter(membership=OuterRef("pk"), created_at__gte=before)
    listed = Q(context__roster_read_at__gte=before) & ~Q(status=Membership.Status.GONE)
    return Membership.objects.filter(~Exists(launched), updated_at__lt=before).exclude(listed)


def old_audit_entries(before: datetime) -> QuerySet[AuditEntry]:
    """Return entries of the audit trail from before that moment."""
    return AuditEntry.for_privacy.filter(at__lt=before)


def old_jobs() -> QuerySet[Job]:
    """Return jobs that are older than LTI_JOB_DAYS, whatever the retention period."""
    days = timedelta(days=settings.LTI_JOB_DAYS)
    return Job.objects.filter(created_at__lt=timezone.now() - days)


def expired_tokens() -> QuerySet[AccessToken]:
    """Return access tokens that have expired, whatever the retention period."""
    return AccessToken.objects.filter(expires_at__lt=timezone.now())


def old_sign_ins() -> QuerySet[Any]:
    """Return failed attempts to sign in to the admin that keep nobody out any more."""
    yesterday = timezone.now() - timedelta(days=1)
    rows: QuerySet[Any] = AccessAttempt.objects.filter(attempt_time__lt=yesterday)
    return rows


def orphaned_people() -> QuerySet[User]:
    """Return people to whom no row of any table refers."""
    people = User.objects.all()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            rows = relation.related_model._base_manager
            people = people.filter(~Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return people


def delete_in_chunks(rows: QuerySet[Any]) -> int:
    """Delete these rows, some hundred in each transaction, and return how many that are.

    Rows that no longer match when their turn comes are left alone.
    """
    deleted = 0
    rows = rows.order_by()
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            rows.filter(pk__in=lock_rows(rows.filter(pk__in=keys))).delete()
        deleted += len(keys)
    return deleted


def lock_rows(rows: QuerySet[Any]) -> list[Any]:
    """Lock rows that are about to be deleted, and return the keys of those that still match.

    They are locked in the usual order (``outbox.locking``), which a bare ``delete()`` does not
    keep. Call it in a transaction.
    """
    return locked_in_order(rows) if rows.model is Delivery else locked(rows, "pk")
