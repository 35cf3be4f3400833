"""Functions that correct times after a clock was set back: ours or that of a platform.

A score has to have a later timestamp than the last score of its cell. If our clock was set
back, that timestamp is in the future, and no score can be sent until it is past by the
platform's clock. The difference of the clocks is read from each response to a score; while no
score can be sent, it is read from another response.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from lti_tool.adapter.connector import clock_ahead
from lti_tool.grades.outbox import platform_queues
from lti_tool.grades.outbox.backoff import MAX_DELAY
from lti_tool.grades.outbox.due import queues_waiting_for_clock
from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, PlatformQueue
from lti_tool.services import http
from lti_tool.services.errors import ServiceError

logger = logging.getLogger(__name__)

FIRST_CHECK, CHECK_INTERVAL = 10.0, 60.0  # seconds
REQUEST_SECONDS = 5.0
TOLERANCE = timedelta(minutes=1)  # for processes on machines whose clocks differ a little


class Clocks:
    """A timer that checks times and clocks once a minute, in a thread of its own.

    ``wake`` is called if scores may have become due.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._next_check_at = time.monotonic() + FIRST_CHECK

    def run_if_due(self) -> None:
        """Start the thread if it is time for it; a deliverer calls this in each round."""
        if time.monotonic() < self._next_check_at:
            return
        self._next_check_at = time.monotonic() + CHECK_INTERVAL
        threading.Thread(target=self._check, name="clocks", daemon=True).start()

    def _check(self) -> None:
        try:
            if reset_future_times() + read_clocks():
                self._wake()
        except DatabaseError as error:
            logger.warning("the clocks could not be checked, database error: %s", error)
        finally:
            # The connection of this thread: Django closes those of requests only.
            connection.close()


def reset_future_times() -> int:
    """Reset times further in the future than any delay, lease or pause lasts. Return how many.

    They were saved before our clock was set back. Without this their rows would wait until the
    clock has caught up.
    """
    now = timezone.now()
    limit = now + timedelta(seconds=MAX_DELAY) + TOLERANCE
    postponed = Delivery.objects.filter(state=Delivery.State.DUE, next_try_at__gt=limit)
    leased = Delivery.objects.filter(leased_until__gt=now + LEASE + TOLERANCE)
    paused = PlatformQueue.objects.filter(paused_until__gt=limit)
    return (
        update_in_order(postponed, next_try_at=now)
        + update_in_order(leased, leased_by="", leased_until=None)
        # Each queue in a transaction of its own, so that only one is locked at a time.
        + sum(paused.filter(pk=queue.pk).update(paused_until=None) for queue in paused)
    )


def read_clocks() -> int:
    """Save the clock difference of platforms whose scores wait for it. Return how many answered."""
    answered = 0
    for queue in queues_waiting_for_clock():
        ahead = _read_clock_ahead(queue)
        if ahead is not None:
            platform_queues.note_clock(queue, ahead)
            answered += 1
    return answered


def _read_clock_ahead(queue: PlatformQueue) -> int | None:
    """Return how many seconds the platform's clock is ahead of ours, None if it does not answer.

    The time is in the response's Date header (RFC 9110 section 6.6.1). A GET to the token
    endpoint needs no authentication: its response is an error, but has that header.
    """
    try:
        reply = http.call("GET", queue.registration.auth_token_url, seconds=REQUEST_SECONDS)
    except ServiceError as error:
        logger.warning("a clock could not be read: registration=%s %s", queue.pk, error)
        return None
    return clock_ahead(reply)
