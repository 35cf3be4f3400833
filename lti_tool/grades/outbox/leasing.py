"""Taking scores that may be sent now: fair between platforms, bounded for each.

Whoever leases holds the platform's queue for that moment, so the number of scores on their
way to it is counted over all processes. On PostgreSQL a queue that somebody else holds is
passed over; on SQLite there is one writer at a time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lti_tool.db.prepared import change, change_each
from lti_tool.grades.outbox import due, locking, platform_queues
from lti_tool.models import Delivery, PlatformQueue

LEASE = timedelta(seconds=settings.LTI_LEASE_SECONDS)
_MOST_TRIED = 20


@dataclass(slots=True)
class Leased:
    """A score that is ours to send for a while.

    ``row`` comes with its line item, link, registration and user; ``roles`` and ``status``
    are the person's in the course. ``ends`` is on the monotonic clock. What the row said of
    earlier tries stands in ``tried_before`` and ``sent_before_at``. ``is_posted`` is set just
    before the score goes out: until then the cell cannot have it.
    """

    row: Delivery
    queue: PlatformQueue
    roles: list[str] | None
    status: str
    ends: float
    tried_before: list[list[object]]
    sent_before_at: datetime | None
    is_posted: bool = False

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
    for queue in due.queues_with_work():
        left = free - len(taken)
        if left <= 0:
            break
        taken += _lease_in(queue, (left + 1) // 2)
    return taken


def release(leased: Iterable[Leased]) -> None:
    """Give back what will not be sent by us."""
    for one in leased:
        one.ends = 0.0  # a thread that still has it sends it no more
        mine = Delivery.objects.filter(pk=one.row.pk, leased_by=one.row.leased_by)
        mine.update(leased_by="", leased_until=None, **never_posted(one))


def never_posted(leased: Leased) -> dict[str, object]:
    """The columns that take back what the lease said of a score which never went out.

    Else a grade that somebody gave before our first one would pass for ours.
    """
    return {} if leased.is_posted else {"tried": leased.tried_before}


def _lease_in(pk: int, free: int) -> list[Leased]:
    """The time of a score and its value are written before it is sent: after a crash the
    next try must carry a later second, or the LMS answers 409, and must know its own."""
    now, ends = timezone.now(), time.monotonic() + LEASE.total_seconds()
    with transaction.atomic():
        queue = due.lock_queue(pk, now)
        if queue is None:
            return []
        stamp = due.second(now + timedelta(seconds=queue.clock_ahead))
        most = platform_queues.concurrency(queue)
        rows, busy = due.rows_due(queue, now, stamp, most)
        owner, until = secrets.token_hex(8), now + LEASE
        leased = [_leased(row, queue, ends) for row in rows[: max(min(most - busy, free), 0)]]
        taken = [one.row for one in leased]
        for row in taken:
            row.leased_by, row.leased_until, row.last_timestamp = owner, until, stamp
            row.tried = _with_this_one(row)
        taken.sort(key=locking.position)
        change_each(taken, "leased_by", "leased_until", "last_timestamp", "tried")
        change(PlatformQueue, {"served_at": now}, pk=pk)
    return leased


def _leased(row: Delivery, queue: PlatformQueue, ends: float) -> Leased:
    row.registration = queue.registration
    return Leased(
        row,
        queue,
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
