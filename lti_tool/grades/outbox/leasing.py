"""Functions that lease scores which may be sent now, fairly and with a limit for each platform.

The process that leases locks the platform's queue for that moment, so the number of scores on
their way is counted over all processes. On PostgreSQL a queue that another process has locked
is skipped; SQLite has one writer at a time.
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

from lti_tool.db.prepared import update_rows, update_where
from lti_tool.grades.outbox import due, locking, platform_queues
from lti_tool.models import Delivery, PlatformQueue

LEASE = timedelta(seconds=settings.LTI_LEASE_SECONDS)
_MAX_TRIED = 20  # scores remembered of one cell


@dataclass(slots=True)
class Leased:
    """A score that this process may send until its lease ends.

    ``row`` comes with its line item, link, registration and user; ``roles`` and ``status`` are
    the person's in the course. ``ends`` is in seconds of the monotonic clock. ``tried_before``
    and ``sent_before_at`` are the row's ``tried`` and ``last_timestamp`` from before this
    lease. ``is_posted`` is set just before the score is posted: until then the cell cannot have
    it.
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
        """Return whether no mark of ours has ever been sent to the cell."""
        return self.row.sent_given is None and not self.tried_before

    @property
    def has_expired(self) -> bool:
        """Return whether the lease has ended, so that another process may hold the row by now."""
        return time.monotonic() > self.ends


def lease(free: int) -> list[Leased]:
    """Lease up to ``free`` scores, of each platform in turn what it may get now.

    No platform gets more than half of what is left: several that hang at once would otherwise
    occupy every thread.
    """
    taken: list[Leased] = []
    for queue in due.queues_with_work():
        left = free - len(taken)
        if left <= 0:
            break
        taken += _lease_in(queue, (left + 1) // 2)
    return taken


def release(leased: Iterable[Leased]) -> None:
    """End the leases of scores that this process will not send."""
    for one in leased:
        one.ends = 0.0  # a thread that still has it must not send it
        mine = Delivery.objects.filter(pk=one.row.pk, leased_by=one.row.leased_by)
        mine.update(leased_by="", leased_until=None, **never_posted(one))


def never_posted(leased: Leased) -> dict[str, object]:
    """Return the columns that undo what the lease wrote for a score which was never posted.

    Otherwise a grade that somebody gave before our first one would be taken for ours.
    """
    return {} if leased.is_posted else {"tried": leased.tried_before}


def _lease_in(pk: int, free: int) -> list[Leased]:
    """Lease up to ``free`` scores of one queue.

    Time and value of each score are written before it is sent: after a crash the next try must
    carry a later second, or the LMS answers 409, and must recognise the score as ours.
    """
    now, ends = timezone.now(), time.monotonic() + LEASE.total_seconds()
    with transaction.atomic():
        queue = due.lock_queue(pk, now)
        if queue is None:
            return []
        stamp = due.second(now + timedelta(seconds=queue.clock_ahead))
        max_busy = platform_queues.concurrency(queue)
        rows, busy = due.rows_due(queue, now, stamp, max_busy)
        owner, until = secrets.token_hex(8), now + LEASE
        leased = []
        for row in rows[: max(min(max_busy - busy, free), 0)]:
            row.registration = queue.registration
            one = Leased(
                row,
                queue,
                roles=vars(row)["member_roles"],
                status=vars(row)["member_status"] or "",
                ends=ends,
                tried_before=row.tried,
                sent_before_at=row.last_timestamp,
            )
            row.leased_by, row.leased_until, row.last_timestamp = owner, until, stamp
            row.tried = _with_this_score(row)
            leased.append(one)
        in_order = sorted((one.row for one in leased), key=locking.position)
        update_rows(in_order, "leased_by", "leased_until", "last_timestamp", "tried")
        update_where(PlatformQueue, {"served_at": now}, pk=pk)
    return leased


def _with_this_score(row: Delivery) -> list[list[object]]:
    """Return ``tried`` with this score: it may be in the cell from now on, answer or not."""
    if row.score_given is None:
        return list(row.tried)
    this = [str(row.score_given), str(row.score_maximum), row.revision]
    return [*(one for one in row.tried if one != this), this][-_MAX_TRIED:]
