"""Queries for what is due at which platform; only ``lock_queue`` takes a lock.

The queries that a deliverer asks again and again are prepared, see ``lti_tool.db.prepared``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from lti_tool.db.prepared import Param, Prepared
from lti_tool.grades.outbox import platform_queues
from lti_tool.models import Delivery, Membership, PlatformQueue

# A smaller difference may be the second that a cell has to wait, and not a clock's.
CLOCK_TOLERANCE = timedelta(seconds=5)


def has_work() -> bool:
    """Return whether some platform may be sent a score now."""
    return bool(queues_with_work())


def queues_with_work() -> list[int]:
    """Return the keys of queues with something due and room for it, least recently served first.

    Paused queues are left out. It takes no lock: one that is taken for nothing keeps a pupil
    waiting.
    """
    now = timezone.now()
    queues_open = _OPEN_WITH_WORK.all(now=now, this_second=second(now))
    return [
        queue.pk
        for queue in queues_open
        if platform_queues.concurrency(queue) > (vars(queue)["busy"] or 0)
    ]


def lock_queue(pk: int, now: datetime) -> PlatformQueue | None:
    """Return the queue, locked until the end of the transaction.

    Return None if it is paused or (on PostgreSQL) locked by another process.
    """
    return _OPEN.first(pk=pk, now=now)


def rows_due(
    queue: PlatformQueue, now: datetime, stamp: datetime, max_rows: int
) -> tuple[list[Delivery], int]:
    """Return the first rows of a queue that may be sent now, and how many are on their way.

    ``stamp`` is the time that the scores would carry; ``max_rows`` bounds the rows. A row carries
    its line item, link, deployment and user, and the person's ``member_roles`` and
    ``member_status`` in the course. The number on their way is 0 if no row is due: it is not
    counted then.
    """
    rows = _DUE[bool(queue.consecutive_pauses)].all(
        queue=queue.pk, now=now, stamp=stamp, limit=max_rows
    )
    return rows, (vars(rows[0])["busy"] or 0) if rows else 0


def next_due_at() -> datetime | None:
    """Return the time at which the next score may be sent (perhaps past), or None if none waits."""
    now = timezone.now()
    first = _free(now, Delivery.objects.filter(state=Delivery.State.DUE)).order_by("next_try_at")
    of_queue = first.filter(registration=OuterRef("registration"))
    rows = PlatformQueue.objects.annotate(due_at=Subquery(of_queue.values("next_try_at")[:1]))
    waits = rows.exclude(due_at=None).values_list("due_at", "paused_until")
    return min((max(due, closed or due) for due, closed in waits), default=None)


def queues_held_back() -> list[PlatformQueue]:
    """Return open queues with a score that waits only because its last one has a later time.

    A re-mark waits for the next second, as it should; a score that waits longer than that waits
    because a clock was set back, ours or the platform's.
    """
    now = timezone.now()
    rows = _free(now, Delivery.objects.filter(registration=OuterRef("registration")))
    rows = rows.filter(state=Delivery.State.DUE, next_try_at__lte=now, last_timestamp__gt=now)
    latest = rows.order_by("-last_timestamp").values("last_timestamp")[:1]
    found = PlatformQueue.objects.filter(_is_open(now), registration__is_active=True)
    found = found.select_related("registration").annotate(latest=Subquery(latest))
    waiting = found.exclude(latest=None)
    return [
        queue
        for queue in waiting
        if vars(queue)["latest"] > now + timedelta(seconds=queue.clock_ahead) + CLOCK_TOLERANCE
    ]


def second(moment: datetime) -> datetime:
    """Return the moment rounded down to whole seconds.

    LMSs compare no finer, and a time in the future would block later scores on Moodle.
    """
    return moment.replace(microsecond=0)


def _is_open(now: object) -> Q:
    return Q(paused_until__isnull=True) | Q(paused_until__lte=now)


def _free(now: object, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))


def _is_before(moment: object) -> Q:
    return Q(last_timestamp__isnull=True) | Q(last_timestamp__lt=moment)


def _busy(rows: QuerySet[Delivery], now: Param) -> Subquery:
    """Return a subquery that counts the scores of a queue that are on their way."""
    leased = rows.filter(leased_until__gte=now).order_by().values("registration")
    return Subquery(leased.annotate(n=Count("pk")).values("n"))


def _open_with_work() -> QuerySet[PlatformQueue]:
    now = Param("now", DateTimeField())
    rows = Delivery.objects.filter(registration=OuterRef("registration"))
    waiting = _free(now, rows).filter(state=Delivery.State.DUE, next_try_at__lte=now)
    is_later = _is_before(Param("this_second", DateTimeField()))
    # If clocks differ, the platform's decides which second is over: checked under the lock.
    has_work = Exists(waiting.filter(is_later)) | (~Q(clock_ahead=0) & Exists(waiting))
    queues_open = PlatformQueue.objects.filter(_is_open(now), has_work).select_related(
        "registration"
    )
    return queues_open.annotate(busy=_busy(rows, now)).order_by("served_at")


def _open() -> QuerySet[PlatformQueue]:
    rows = PlatformQueue.objects.filter(_is_open(Param("now", DateTimeField())), pk=Param("pk"))
    rows = rows.select_related("registration")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _due(*order: str) -> QuerySet[Delivery]:
    """Return the rows that may be sent now: not leased, and last sent in an earlier second."""
    now = Param("now", DateTimeField())
    of_queue = Delivery.objects.filter(registration=Param("queue"))
    rows = _free(now, of_queue).filter(
        _is_before(Param("stamp", DateTimeField())),
        state=Delivery.State.DUE,
        next_try_at__lte=now,
    )
    member = Membership.objects.filter(
        user=OuterRef("user"), context=OuterRef("line_item__link__context")
    )
    return (
        rows.order_by(*order)
        .select_related("line_item__link__deployment", "user")
        .annotate(
            member_roles=Subquery(member.values("roles")[:1]),
            member_status=Subquery(member.values("status")[:1]),
            busy=_busy(of_queue, now),
        )
    )


_OPEN_WITH_WORK = Prepared(_open_with_work)
_OPEN = Prepared(_open)
# After a pause the score that failed least goes first: its result says more of the platform.
_DUE = {
    False: Prepared(lambda: _due("next_try_at", "pk")),
    True: Prepared(lambda: _due("tries", "next_try_at", "pk")),
}
