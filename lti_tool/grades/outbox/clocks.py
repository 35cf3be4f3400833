"""Functions that ask a platform for the time if its scores wait for nothing else.

A score must have a later time than the last one of its cell. If our clock was set back, that
one lies in the future, and only the platform's own clock tells whether it does so there too.
Every answer to a score tells that time; while no score can be sent, we have to ask for it.
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
from lti_tool.grades.outbox.due import queues_held_back
from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, PlatformQueue
from lti_tool.services import http
from lti_tool.services.errors import ServiceError

logger = logging.getLogger(__name__)

FIRST_LOOK, NEXT_LOOK = 10.0, 60.0  # seconds
ASKING_SECONDS = 5.0
TOLERANCE = timedelta(minutes=1)  # clocks of several machines are never quite alike


class Clocks:
    """A timer that asks for the time now and then, in a thread of its own."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._look_at = time.monotonic() + FIRST_LOOK

    def run_if_due(self) -> None:
        """Start the thread if it is time for it; cheap enough for every round of a deliverer."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + NEXT_LOOK
        threading.Thread(target=self._ask, name="clocks", daemon=True).start()

    def _ask(self) -> None:
        try:
            if mend_times() + read_clocks():
                self._wake()
        except DatabaseError as error:
            logger.warning("asking for the time has to wait for the database: %s", error)
        finally:
            connection.close()  # this thread's own; Django closes only those of requests


def mend_times() -> int:
    """Make due what waits longer than the longest delay, and return how many rows were changed.

    Such times come of a clock that was set back. Nothing else would look at the rows before the
    clock has caught up.
    """
    now = timezone.now()
    beyond = now + timedelta(seconds=MAX_DELAY) + TOLERANCE
    late = Delivery.objects.filter(state=Delivery.State.DUE, next_try_at__gt=beyond)
    held = Delivery.objects.filter(leased_until__gt=now + LEASE + TOLERANCE)
    closed = PlatformQueue.objects.filter(paused_until__gt=beyond)
    return (
        update_in_order(late, next_try_at=now)
        + update_in_order(held, leased_by="", leased_until=None)
        # Each queue in a transaction of its own.
        + sum(closed.filter(pk=queue.pk).update(paused_until=None) for queue in closed)
    )


def read_clocks() -> int:
    """Note the clocks of the platforms whose scores wait for them. Return how many answered."""
    told = 0
    for queue in queues_held_back():
        ahead = _clock_of(queue)
        if ahead is not None:
            platform_queues.note_clock(queue, ahead)
            told += 1
    return told


def _clock_of(queue: PlatformQueue) -> int | None:
    """Return the seconds that the platform's clock is ahead, or None if it does not answer.

    Any answer has a date (RFC 9110 section 6.6.1): this one is a refusal, and costs nothing.
    """
    try:
        reply = http.call("GET", queue.registration.auth_token_url, seconds=ASKING_SECONDS)
    except ServiceError as error:
        logger.warning("a platform does not tell the time: registration=%s %s", queue.pk, error)
        return None
    return clock_ahead(reply)
