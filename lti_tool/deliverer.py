"""The thread inside a web process that delivers scores.

Started by ``lti_tool.wsgi``, not by the app registry: management commands and tests
must not deliver. A daemon, because a thread that does not end holds up a graceful stop;
what it leaves undone is due again when its lease runs out.
"""

from __future__ import annotations

import logging
import os
import threading

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from lti_tool import outbox
from lti_tool.housekeeping import Housekeeper

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 2.0  # seconds: how soon scores are seen that another process reported
SHORTEST_SLEEP = 0.2

_wake = threading.Event()


def wake() -> None:
    """There is something to deliver: do not wait for the next look."""
    _wake.set()


def start() -> None:
    """Start the thread in this process, and again in each worker forked from it."""
    os.register_at_fork(after_in_child=_start_thread)
    _start_thread()


def _start_thread() -> None:
    threading.Thread(target=run_forever, name="deliverer", daemon=True).start()


def run_forever() -> None:
    """Deliver whatever becomes due, until the process ends; once a day, keep house."""
    housekeeper = Housekeeper()
    while True:
        _wake.wait(_sleep())
        _wake.clear()
        deliver_once()
        housekeeper.look()


def deliver_once() -> None:
    """One round. A database that is away is logged, and the next round tries again."""
    try:
        close_old_connections()
        outbox.deliver_due()
    except DatabaseError:
        logger.exception("the deliverer cannot reach the database; it tries again")


def _sleep() -> float:
    """Until the next score is due, within bounds."""
    try:
        due_at = outbox.next_due_at()
    except DatabaseError:
        return LONGEST_SLEEP
    if due_at is None:
        return LONGEST_SLEEP
    seconds = (due_at - timezone.now()).total_seconds()
    return min(max(seconds, SHORTEST_SLEEP), LONGEST_SLEEP)
