"""Queries for the scores that are due, by the platform's queue; only ``lock_queue`` locks.

The queries that a deliverer runs again and again are prepared, see ``lti_tool.db.prepared``.
Their annotations (``busy``) are read with ``vars()``, because mypy does not know them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from lti_tool.db.prepared import Param, Prepared
from lti_tool.grades.outbox import platform_queues
from lti_tool.models import Delivery, Membership, PlatformQueue

# A last timestamp up to this far in the future does not mean that a clock was set back: the
# second score of a cell has to wait for the next second.
CLOCK_TOLERANCE = timedelta(seconds=5)


def has_work() -> bool:
    """Return whether a score may be sent to any platform now."""
    return bool(queues_with_work())


def queues_with_work() -> list[int]:
    """Return the primary keys of queues from which a score may be sent, longest unserved first.

    They are not paused, have a due score, and have fewer scores in progress than the platform
    gets at once. No lock is taken, because a pupil's submission would have to wait for it.
    """
    now = timezone.now()
    queues = _UNPAUSED_WITH_WORK.all(now=now, this_second=truncate_to_second(now))
    return [
        queue.pk
        for queue in queues
        if platform_queues.concurrency(queue) > (vars(queue)["busy"] or 0)
    ]


def lock_queue(pk: int, now: datetime) -> PlatformQueue | None:
    """Return the queue, locked until the end of the transaction.

    Return None if it is paused or (on PostgreSQL) locked by another process.
    """
    return _UNPAUSED.first(pk=pk, now=now)


def rows_due(
    queue: PlatformQueue, now: datetime, timestamp: datetime, max_rows: int
) -> tuple[list[Delivery], int]:
    """Return up to ``max_rows`` rows of a queue that may be sent now, and the number in progress.

    ``timestamp`` is the one that the scores would be sent with: rows whose last score has the
    same or a later one are left out. The rows come with line item, link, deployment and user,
    and are annotated with the person's ``member_roles`` and ``member_status`` in the course. The
    number in progress (leased rows of this queue) is not counted, and 0, if no row is due.
    """
    query = _DUE_ROWS_AFTER_PAUSE if queue.consecutive_pauses else _DUE_ROWS
    rows = query.all(queue=queue.pk, now=now, timestamp=timestamp, limit=max_rows)
    return rows, (vars(rows[0])["busy"] or 0) if rows else 0


def next_due_at() -> datetime | None:
    """Return the time, perhaps past, at which the next score may be sent; None if none is due."""
    now = timezone.now()
    due_rows = _not_leased(now, Delivery.objects.filter(state=Delivery.State.DUE))
    first_of_queue = due_rows.filter(registration=OuterRef("registration")).order_by("next_try_at")
    queues = PlatformQueue.objects.annotate(
        due_at=Subquery(first_of_queue.values("next_try_at")[:1])
    )
    times = queues.exclude(due_at=None).values_list("due_at", "paused_until")
    return min(
        (max(due_at, paused_until or due_at) for due_at, paused_until in times), default=None
    )


def queues_waiting_for_clock() -> list[PlatformQueue]:
    """Return queues with a due score whose cell was last sent a score with a future timestamp.

    Such a score cannot be sent, because an LMS takes only scores later than its last one.
    The timestamp is in the future because a clock was set back, ours or the platform's. Paused
    queues and those of inactive registrations are left out.
    """
    now = timezone.now()
    rows = _not_leased(now, Delivery.objects.filter(registration=OuterRef("registration")))
    rows = rows.filter(state=Delivery.State.DUE, next_try_at__lte=now, last_timestamp__gt=now)
    latest = rows.order_by("-last_timestamp").values("last_timestamp")[:1]
    queues = PlatformQueue.objects.filter(_not_paused(now), registration__is_active=True)
    queues = queues.select_related("registration").annotate(latest=Subquery(latest))
    return [
        queue
        for queue in queues.exclude(latest=None)
        if vars(queue)["latest"] > now + timedelta(seconds=queue.clock_ahead) + CLOCK_TOLERANCE
    ]


def truncate_to_second(moment: datetime) -> datetime:
    """Return the moment rounded down to whole seconds.

    LMSs compare timestamps of scores by the second. It is not rounded up, because a timestamp
    in the future would block later scores on Moodle.
    """
    return moment.replace(microsecond=0)


def _not_paused(now: object) -> Q:
    return Q(paused_until__isnull=True) | Q(paused_until__lte=now)


def _not_leased(now: object, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))


def _last_sent_before(moment: object) -> Q:
    return Q(last_timestamp__isnull=True) | Q(last_timestamp__lt=moment)


def _count_leased(rows: QuerySet[Delivery], now: Param) -> Subquery:
    """Return a subquery that counts the leased scores of a queue."""
    leased = rows.filter(leased_until__gte=now).order_by().values("registration")
    return Subquery(leased.annotate(n=Count("pk")).values("n"))


def _unpaused_with_work() -> QuerySet[PlatformQueue]:
    now = Param("now", DateTimeField())
    rows = Delivery.objects.filter(registration=OuterRef("registration"))
    waiting = _not_leased(now, rows).filter(state=Delivery.State.DUE, next_try_at__lte=now)
    is_later = _last_sent_before(Param("this_second", DateTimeField()))
    # If the clocks differ, timestamps are by the platform's clock. ``rows_due`` compares them.
    has_due_row = Exists(waiting.filter(is_later)) | (~Q(clock_ahead=0) & Exists(waiting))
    queues = PlatformQueue.objects.filter(_not_paused(now), has_due_row)
    queues = queues.select_related("registration").annotate(busy=_count_leased(rows, now))
    return queues.order_by("served_at")


def _unpaused() -> QuerySet[PlatformQueue]:
    rows = PlatformQueue.objects.filter(_not_paused(Param("now", DateTimeField())), pk=Param("pk"))
    rows = rows.select_related("registration")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _due_rows(*order: str) -> QuerySet[Delivery]:
    """Return the rows that may be sent now: not leased, and last sent with an earlier timestamp."""
    now = Param("now", DateTimeField())
    of_queue = Delivery.objects.filter(registration=Param("queue"))
    rows = _not_leased(now, of_queue).filter(
        _last_sent_before(Param("timestamp", DateTimeField())),
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
            busy=_count_leased(of_queue, now),
        )
    )


_UNPAUSED_WITH_WORK = Prepared(_unpaused_with_work)
_UNPAUSED = Prepared(_unpaused)
_DUE_ROWS = Prepared(lambda: _due_rows("next_try_at", "pk"))
# After a pause, scores that failed less often come first: whether they arrive depends more on
# the platform than on the score itself.
_DUE_ROWS_AFTER_PAUSE = Prepared(lambda: _due_rows("tries", "next_try_at", "pk"))
