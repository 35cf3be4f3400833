"""Functions that lease scores which may be sent now, with a limit for each platform.

The platform's queue is locked while its rows are leased, so the limit holds over all processes.
On PostgreSQL a queue that another process has locked is skipped; SQLite has one writer at a
time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lti_tool.db.prepared import update_rows, update_where
from lti_tool.grades.outbox import due, locking, platform_queues
from lti_tool.models import Delivery, PlatformQueue

LEASE = timedelta(seconds=settings.LTI_LEASE_SECONDS)
_MAX_TRIED = 20  # entries kept in ``Delivery.tried``


class Look(Enum):
    """The outcome of reading results, of the last time that a try did so.

    FAILED: the platform answered with something else. UNANSWERED: it may have been away. GIVEN_UP:
    looks have failed so often that the score goes without one.
    """

    SEEN = auto()
    FAILED = auto()
    UNANSWERED = auto()
    GIVEN_UP = auto()


@dataclass(slots=True)
class Leased:
    """A score that this process may send until its lease expires.

    ``row`` comes with its line item, link, registration and user. ``roles`` and ``status`` are
    those of the user's membership in the course; ``roles`` is None if there is no membership.
    ``ends`` is a time of ``time.monotonic()``. ``tried_before`` and ``sent_before_at`` are the
    row's ``tried`` and ``last_timestamp`` from before this lease. ``is_posted`` is set just
    before the score is posted. ``was_counted`` tells whether Canvas took it as a new submission;
    None if it was not posted as one. ``look`` is None before results are read, and
    ``column_maximum`` before one of them has told the maximum of the column.
    """

    row: Delivery
    queue: PlatformQueue
    roles: list[str] | None
    status: str
    ends: float
    tried_before: list[list[object]]
    sent_before_at: datetime | None
    is_posted: bool = False
    was_counted: bool | None = None
    look: Look | None = None
    column_maximum: Decimal | None = None

    @property
    def is_first(self) -> bool:
        """Return whether this tool has never sent a mark to the cell."""
        has_tried_mark = any(entry[0] is not None for entry in self.tried_before)
        return self.row.sent_given is None and not has_tried_mark

    @property
    def was_lost(self) -> bool:
        """Return whether this hand-in was sent before, and nobody knows whether it arrived."""
        handed_in = hand_in_of(self.row)
        return any(entry[3:] == [handed_in] for entry in self.tried_before)

    @property
    def has_expired(self) -> bool:
        """Return whether the lease has expired, so that another process may have leased the row."""
        return time.monotonic() > self.ends


def lease(limit: int) -> list[Leased]:
    """Lease up to ``limit`` scores, from the queue first that was not served for longest.

    Each queue gets at most half of the number that is left, so that platforms which do not
    answer cannot occupy all threads of the deliverer.
    """
    leased: list[Leased] = []
    for queue in due.queues_with_work():
        left = limit - len(leased)
        if left <= 0:
            break
        leased += _lease_from_queue(queue, (left + 1) // 2)
    return leased


def _lease_from_queue(pk: int, limit: int) -> list[Leased]:
    """Lease up to ``limit`` scores of one queue.

    Timestamp and value of each score are saved before it is sent. If the process crashes, the
    next try has to use a later timestamp, or the LMS answers 409, and has to recognise the
    value in the cell as a score of this tool.
    """
    now, ends = timezone.now(), time.monotonic() + LEASE.total_seconds()
    with transaction.atomic():
        queue = due.lock_queue(pk, now)
        if queue is None:
            return []
        timestamp = due.truncate_to_second(now + timedelta(seconds=queue.clock_ahead))
        concurrency = platform_queues.concurrency(queue)
        rows, in_progress = due.rows_due(queue, now, timestamp, concurrency)
        owner, until = secrets.token_hex(8), now + LEASE
        leased = []
        for row in rows[: max(min(concurrency - in_progress, limit), 0)]:
            row.registration = queue.registration
            leased.append(
                Leased(
                    row,
                    queue,
                    roles=vars(row)["member_roles"],
                    status=vars(row)["member_status"] or "",
                    ends=ends,
                    tried_before=row.tried,
                    sent_before_at=row.last_timestamp,
                )
            )
            row.leased_by, row.leased_until, row.last_timestamp = owner, until, timestamp
            row.tried = _tried_with_current_score(row)
        in_order = sorted((item.row for item in leased), key=locking.position)
        update_rows(in_order, "leased_by", "leased_until", "last_timestamp", "tried")
        update_where(PlatformQueue, {"served_at": now}, pk=pk)
    return leased


def hand_in_of(row: Delivery) -> str | None:
    """Return when the work was handed in that the score is for, as in ``Delivery.tried``."""
    return row.submitted_at.isoformat() if row.submitted_at else None


def _tried_with_current_score(row: Delivery) -> list[list[object]]:
    """Return the row's ``tried`` with the score that is about to be sent as the last entry."""
    given = None if row.score_given is None else str(row.score_given)
    current = [given, str(row.score_maximum), row.revision, hand_in_of(row)]
    return [*(entry for entry in row.tried if entry != current), current][-_MAX_TRIED:]


def release(leased: Iterable[Leased]) -> None:
    """End the leases of scores that this process will not send."""
    for item in leased:
        item.ends = 0.0  # a thread that is about to send it finds it expired
        rows = Delivery.objects.filter(pk=item.row.pk, leased_by=item.row.leased_by)
        rows.update(leased_by="", leased_until=None, **tried_unless_posted(item))


def tried_unless_posted(leased: Leased) -> dict[str, object]:
    """Return the value that ``tried`` had before the lease, as {"tried": …}; {} once posted.

    Otherwise a grade that a teacher gave in the LMS could be mistaken for a score that this
    tool has tried to send.
    """
    return {} if leased.is_posted else {"tried": leased.tried_before}
