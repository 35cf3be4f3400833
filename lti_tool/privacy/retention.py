"""What the platform's side may forget once the retention period is over.

Traces of people end: launches, refusals, memberships, people. Courses, links and columns
stay, for they name nobody and a course may be copied from one of years ago. Whether somebody's
work is still here only the package knows that keeps the work: it narrows these rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet
from django.utils import timezone

from lti_tool.grades.outbox.locking import locked, locked_in_order
from lti_tool.launches.log import KEPT_FOR
from lti_tool.models import AccessToken, Delivery, Membership, RefusedLaunch, StoredLaunch, User

CHUNK = 500  # rows a transaction: others write in between, and SQLite's parameters suffice


def retention_ends() -> datetime:
    """What was last touched before this moment is forgotten."""
    return timezone.now() - timedelta(days=settings.LTI_RETENTION_DAYS)


def old_launches(before: datetime) -> QuerySet[StoredLaunch]:
    """Accepted launches; their pages have closed long ago."""
    return StoredLaunch.objects.filter(created_at__lt=before)


def closed_launches() -> QuerySet[StoredLaunch]:
    """Launches whose pages have closed, and that still hold what those pages needed."""
    over = timezone.now() - timedelta(hours=settings.LTI_ACTIVITY_HOURS)
    return StoredLaunch.objects.filter(created_at__lt=over).exclude(browser="")


def blank_in_chunks(launches: QuerySet[StoredLaunch]) -> int:
    """Keep who opened what and when, and nothing of the browser or the way back. Gives how many.

    ``deep_linking`` still says that it was one.
    """
    blanked = 0
    launches = launches.order_by()
    while keys := list(launches.values_list("pk", flat=True)[:CHUNK]):
        some = StoredLaunch.objects.filter(pk__in=keys)
        some.exclude(deep_linking=None).update(deep_linking={}, picked=None)
        blanked += some.update(browser="", frame_ancestor="", return_url="", locale="")
    return blanked


def old_refusals(before: datetime) -> QuerySet[RefusedLaunch]:
    """Refused launches, which are kept for 90 days at most, whatever the period."""
    return RefusedLaunch.objects.filter(created_at__lt=max(before, timezone.now() - KEPT_FOR))


def old_deliveries(before: datetime) -> QuerySet[Delivery]:
    """Scores that neither changed nor arrived since then, arrived or not."""
    return Delivery.objects.filter(updated_at__lt=before).exclude(delivered_at__gte=before)


def old_memberships(before: datetime) -> QuerySet[Membership]:
    """Of people who neither launched since then nor stand in a roster that was read since."""
    launched = StoredLaunch.objects.filter(membership=OuterRef("pk"), created_at__gte=before)
    listed = Q(context__roster_read_at__gte=before) & ~Q(status=Membership.Status.GONE)
    return Membership.objects.filter(~Exists(launched), updated_at__lt=before).exclude(listed)


def ended_tokens() -> QuerySet[AccessToken]:
    """Access tokens that no platform takes any more, whatever the period."""
    return AccessToken.objects.filter(expires_at__lt=timezone.now())


def unnamed_people() -> QuerySet[User]:
    """People whom no row of any table names any more."""
    people = User.objects.all()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            rows = relation.related_model._base_manager
            people = people.filter(~Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return people


def delete_in_chunks(rows: QuerySet[Any]) -> int:
    """Delete these rows, each few hundred in a transaction of their own. Gives how many.

    What stopped being old since it was read is left alone.
    """
    deleted = 0
    rows = rows.order_by()
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            rows.filter(pk__in=hold(rows.filter(pk__in=keys))).delete()
        deleted += len(keys)
    return deleted


def hold(rows: QuerySet[Any]) -> list[Any]:
    """Lock rows that are about to be deleted, in the order in which everybody locks them: a bare
    ``delete()`` has none. Gives the keys of those that still match; call it in a transaction."""
    return locked_in_order(rows) if rows.model is Delivery else locked(rows, "pk")
