"""Taking scores that may be sent now: fair between platforms, bounded for each.

Whoever leases holds the platform's lane for that moment, so the number of scores on their
way to it is counted over all processes. On PostgreSQL a lane that somebody else holds is
passed over; on SQLite there is one writer at a time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from lti_tool.models import Delivery, Lane, Membership
from lti_tool.outbox import lanes
from lti_tool.prepared import Given, Prepared, change, change_each

LEASE = timedelta(seconds=settings.LTI_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Leased:
    """A score that is ours to send for a while.

    ``row`` comes with its line item, link, registration and user; ``roles`` and ``status``
    are the person's in the course. ``ends`` is on the monotonic clock. What the row said of
    earlier tries stands in ``tried_before`` and ``sent_before_at``.
    """

    row: Delivery
    lane: Lane
    roles: list[str] | None
    status: str
    ends: float
    tried_before: list[list[object]]
    sent_before_at: datetime | None

    @property
    def is_first(self) -> bool:
        """Whether the cell has never been sent a mark of ours."""
        return self.row.sent_given is None and not self.tried_before

    @property
    def is_over(self) -> bool:
        """Whether somebody else may hold the row by now: this process was stopped for long."""
        return time.monotonic() > self.ends


def lease(free: int) -> list[Leased]:
    """Take up to ``free`` scores, of each platform in turn what it may get now.

    No platform gets more than half of what is left: several that hang at once would
    otherwise hold every thread.
    """
    taken: list[Leased] = []
    for lane in _lanes_with_work():
        left = free - len(taken)
        if left <= 0:
            break
        taken += _lease_in(lane, (left + 1) // 2)
    return taken


def has_work() -> bool:
    """Whether some platform may get a score at this moment."""
    return bool(_lanes_with_work())


_MOST_TRIED = 20
PATIENCE = timedelta(seconds=5)


def release(leased: Iterable[Leased]) -> None:
    """Give back what will not be sent by us."""
    for one in leased:
        mine = Delivery.objects.filter(pk=one.row.pk, leased_by=one.row.leased_by)
        mine.update(leased_by="", leased_until=None)


def next_due_at() -> datetime | None:
    """When the next score may be sent (perhaps in the past), or None if none waits."""
    now = timezone.now()
    first = _free(now, Delivery.objects.filter(state=Delivery.State.DUE)).order_by("next_try_at")
    of_lane = first.filter(registration=OuterRef("registration"))
    rows = Lane.objects.annotate(due_at=Subquery(of_lane.values("next_try_at")[:1]))
    waits = rows.exclude(due_at=None).values_list("due_at", "closed_until")
    return min((max(due, closed or due) for due, closed in waits), default=None)


def lanes_held_back() -> list[Lane]:
    """Open lanes with a score that would go now, but for the second of the last one.

    A re-mark waits a second for the next one, as it should; who waits longer waits for a
    clock that was set back, ours or the platform's.
    """
    now = timezone.now()
    rows = _free(now, Delivery.objects.filter(registration=OuterRef("registration")))
    rows = rows.filter(state=Delivery.State.DUE, next_try_at__lte=now, last_timestamp__gt=now)
    latest = rows.order_by("-last_timestamp").values("last_timestamp")[:1]
    found = Lane.objects.filter(_is_open(now), registration__is_active=True)
    found = found.select_related("registration").annotate(latest=Subquery(latest))
    waiting = found.exclude(latest=None)
    return [lane for lane in waiting if _is_far(vars(lane)["latest"], lane, now)]


def _is_far(moment: datetime, lane: Lane, now: datetime) -> bool:
    return moment > now + timedelta(seconds=lane.clock_ahead) + PATIENCE


def second(moment: datetime) -> datetime:
    """Whole seconds, rounded down: LMSs compare no finer, and never in the future."""
    return moment.replace(microsecond=0)


def _lanes_with_work() -> list[int]:
    """Open lanes with something due and room; who was served longest ago comes first.

    A look that takes no lock: one that is taken for nothing keeps a pupil waiting.
    """
    now = timezone.now()
    lanes_open = _OPEN_WITH_WORK.all(now=now, this_second=second(now))
    return [lane.pk for lane in lanes_open if lanes.width(lane) > (vars(lane)["busy"] or 0)]


def _is_open(now: object) -> Q:
    return Q(closed_until__isnull=True) | Q(closed_until__lte=now)


def _free(now: object, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))


def _is_before(moment: object) -> Q:
    return Q(last_timestamp__isnull=True) | Q(last_timestamp__lt=moment)


def _open_with_work() -> QuerySet[Lane]:
    now = Given("now", DateTimeField())
    rows = Delivery.objects.filter(registration=OuterRef("registration"))
    waiting = _free(now, rows).filter(state=Delivery.State.DUE, next_try_at__lte=now)
    is_later = _is_before(Given("this_second", DateTimeField()))
    # Elsewhere the platform's clock decides which second is over: seen under the lock.
    has_work = Exists(waiting.filter(is_later)) | (~Q(clock_ahead=0) & Exists(waiting))
    lanes_open = Lane.objects.filter(_is_open(now), has_work).select_related("registration")
    return lanes_open.annotate(busy=_busy(rows, now)).order_by("served_at")


def _busy(rows: QuerySet[Delivery], now: Given) -> Subquery:
    """How many scores of a lane are on their way."""
    leased = rows.filter(leased_until__gte=now).order_by().values("registration")
    return Subquery(leased.annotate(n=Count("pk")).values("n"))


def _lease_in(pk: int, free: int) -> list[Leased]:
    """The time of a score and its value are written before it is sent: after a crash the
    next try must carry a later second, or the LMS answers 409, and must know its own."""
    now, ends = timezone.now(), time.monotonic() + LEASE.total_seconds()
    with transaction.atomic():
        lane = _held(pk, now)
        if lane is None:
            return []
        stamp, width = second(now + timedelta(seconds=lane.clock_ahead)), lanes.width(lane)
        found = _DUE[bool(lane.failures)].all(lane=pk, now=now, stamp=stamp, limit=width)
        busy = (vars(found[0])["busy"] or 0) if found else 0
        owner, until = secrets.token_hex(8), now + LEASE
        leased = [_leased(row, lane, ends) for row in found[: max(min(width - busy, free), 0)]]
        taken = [one.row for one in leased]
        for row in taken:
            row.leased_by, row.leased_until, row.last_timestamp = owner, until, stamp
            row.tried = _with_this_one(row)
        change_each(taken, "leased_by", "leased_until", "last_timestamp", "tried")
        change(Lane, {"served_at": now}, pk=pk)
    return leased


def _held(pk: int, now: datetime) -> Lane | None:
    """The lane, locked until the end of the transaction; None if it is not for us now."""
    return _OPEN.first(pk=pk, now=now)


def _open() -> QuerySet[Lane]:
    rows = Lane.objects.filter(_is_open(Given("now", DateTimeField())), pk=Given("pk"))
    rows = rows.select_related("registration")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _due(*order: str) -> QuerySet[Delivery]:
    """Rows that may be sent now: free, and in a later second than their last score."""
    now = Given("now", DateTimeField())
    of_lane = Delivery.objects.filter(registration=Given("lane"))
    rows = _free(now, of_lane).filter(
        _is_before(Given("stamp", DateTimeField())),
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
            busy=_busy(of_lane, now),
        )
    )


_OPEN_WITH_WORK = Prepared(_open_with_work)
_OPEN = Prepared(_open)
# To a platform that is not well goes what has failed least: it tells more of the platform.
_DUE = {
    False: Prepared(lambda: _due("next_try_at", "pk")),
    True: Prepared(lambda: _due("tries", "next_try_at", "pk")),
}


def _leased(row: Delivery, lane: Lane, ends: float) -> Leased:
    row.registration = lane.registration
    return Leased(
        row,
        lane,
        roles=vars(row)["member_roles"],
        status=vars(row)["member_status"] or "",
        ends=ends,
        tried_before=row.tried,
        sent_before_at=row.last_timestamp,
    )


def _with_this_one(row: Delivery) -> list[list[object]]:
    """What may stand in the cell from now on, whether or not its answer reaches us."""
    if row.score_given is None:
        return list(row.tried)
    this = [str(row.score_given), str(row.score_maximum), row.revision]
    return [*(one for one in row.tried if one != this), this][-_MOST_TRIED:]
