"""The threads that deliver scores, inside each web process or in a command's process.

One thread uses the database: it leases due scores and settles those that were sent, several in
a transaction. The other threads each send one score at a time, over connections that are kept.
So a platform that hangs holds up threads of its own queue, and no other platform.

They are started by ``lti_tool.wsgi``, not by the app registry: management commands and tests
must not deliver. All are daemon threads, because a thread that does not end would hold up a
graceful stop; ``stop`` ends the leases of what was not sent, and a score that is still held
after that is due again when its lease ends.
"""

from __future__ import annotations

import atexit
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    close_old_connections,
    connections,
)
from django.utils import timezone

from lti_tool.background.housekeeping import Housekeeper
from lti_tool.background.job_threads import JobThreads
from lti_tool.db.troubles import Trouble, is_away, trouble_of
from lti_tool.grades import outbox
from lti_tool.grades.outbox import Leased, Outcome
from lti_tool.grades.outbox.clocks import Clocks

logger = logging.getLogger(__name__)

MAX_SLEEP_SECONDS = 1.0  # after which scores are seen that another process reported
MIN_SLEEP_SECONDS = 0.2
BATCH_WINDOW = 0.005  # seconds to wait for further outcomes, to settle and lease several at once
STOP_SECONDS = 3.0  # for scores on their way, before the process ends
MAX_SILENCE_SECONDS = 60.0  # without a whole round; after that a deliverer is not healthy


class Deliverer:
    """A loop that leases, sends and settles, with up to ``threads`` scores on their way at once."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._to_send: SimpleQueue[Leased] = SimpleQueue()
        self._outcomes: SimpleQueue[Outcome | None] = SimpleQueue()  # None only wakes
        self._started = 0
        self._on_their_way: dict[int, Leased] = {}
        self._unsettled: list[Outcome] = []
        self._clocks = Clocks(self.wake)
        self._last_round = time.monotonic()
        self._trouble: Trouble | None = None  # with the database, as it was logged
        self._is_stopping = False
        self._stopped = threading.Event()

    def wake(self) -> None:
        """End the present wait, because there may be something to do."""
        self._outcomes.put(None)

    @property
    def is_healthy(self) -> bool:
        """Return whether a round has succeeded within the last minute."""
        return time.monotonic() - self._last_round < MAX_SILENCE_SECONDS

    def run(self, between: Callable[[], None] = lambda: None) -> None:
        """Deliver until ``stop`` or ``ask_to_stop`` is called.

        ``between`` is called after each round.
        """
        while not self._is_stopping:
            leased = self._round()
            self._run_periodic_jobs(between)
            if self._is_stopping:
                break
            # An outcome ends the wait, and so does ``wake``.
            self._wait(MIN_SLEEP_SECONDS if leased else self._sleep())
        self._stopped.set()

    def drain(self, seconds: float = math.inf) -> int:
        """Send all that is due now, and return how many scores were tried.

        After ``seconds`` it only waits for what is on its way then. While that lasts, scores of
        other platforms are still sent: one platform that hangs must not keep this process from
        them.
        """
        self._run_periodic_jobs(lambda: None)
        tried, end = 0, time.monotonic() + seconds
        late: set[int] | None = None  # what was on its way at the end
        while True:
            if late is None and time.monotonic() >= end:
                late = set(self._on_their_way)
            late = None if late is None else late & self._on_their_way.keys()
            tried += len(self._round(may_lease=late is None or bool(late)))
            if not self._on_their_way and not self._unsettled:
                return tried
            self._wait(MAX_SLEEP_SECONDS)

    def ask_to_stop(self) -> None:
        """Let ``run`` return after its round. It takes no lock, so a signal handler may call it."""
        self._is_stopping = True
        self.wake()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop leasing, wait for what is on its way, and release the rest.

        It waits up to ``seconds`` for ``run`` to return, and as long for the scores.
        """
        self.ask_to_stop()
        self._stopped.wait(seconds)
        end = time.monotonic() + seconds
        while self._on_their_way and time.monotonic() < end:
            self._wait(0.1)
            self._settle()
        outbox.release(self._on_their_way.values())

    def _round(self, *, may_lease: bool = True) -> list[Leased]:
        """Settle what was sent, lease what there is room for, and return what was leased.

        A database that cannot be reached is logged, and the next round tries again: no outcome
        is lost meanwhile.
        """
        try:
            close_old_connections()
            self._settle()
            room = self._threads - len(self._on_their_way)
            leased = outbox.lease(room) if may_lease else []
        except Exception as error:  # noqa: BLE001 - no error may end the delivery of all scores
            self._log(error)
            return []
        self._trouble = None
        for one in leased:
            self._on_their_way[one.row.pk] = one
            self._to_send.put(one)
        self._start_threads()
        self._last_round = time.monotonic()
        return leased

    def _log(self, error: Exception) -> None:
        """Log an error of a round; one that keeps the database from working once, as it begins."""
        if not is_away(error):
            logger.error("the deliverer failed; it tries again", exc_info=error)
            return
        trouble = trouble_of(error) or Trouble.BROKEN
        if trouble != self._trouble:
            logger.warning(
                "the deliverer cannot use the database; it tries again: reason=%s error=%s",
                trouble,
                error,
            )
        self._trouble = trouble

    def _run_periodic_jobs(self, between: Callable[[], None]) -> None:
        """Call what starts threads of its own; its failure is logged and ends nothing."""
        try:
            self._clocks.run_if_due()
            between()
        except Exception as error:
            # The next round says so.
            if not is_away(error):
                logger.exception("the periodic jobs could not be started")

    def _settle(self) -> None:
        """Settle what was sent, all of it in one transaction if that can be done."""
        if not self._unsettled:
            return
        try:
            outbox.settle(self._unsettled)
        except (DatabaseError, InterfaceError) as error:
            if is_away(error):
                raise
            self._settle_each()
        for sent in self._unsettled:
            self._on_their_way.pop(sent.leased.row.pk, None)
        self._unsettled = []

    def _settle_each(self) -> None:
        """Settle one by one: one score that cannot be written must not hold up the others.

        The lease of that score runs out.
        """
        for sent in self._unsettled:
            try:
                outbox.settle([sent])
            except DatabaseError as error:
                if is_away(error):  # and not this score wrong
                    raise
                logger.exception("a score could not be settled: delivery=%s", sent.leased.row.pk)

    def _wait(self, seconds: float) -> None:
        """Wait for the first outcome and a moment for further ones, to settle them together."""
        try:
            outcome = self._outcomes.get(timeout=seconds)
            end = time.monotonic() + BATCH_WINDOW
            while True:
                if outcome is not None:
                    self._unsettled.append(outcome)
                # Once all outcomes are here, there is nothing more to wait for.
                is_all = len(self._unsettled) >= len(self._on_their_way)
                left = 0 if is_all else max(end - time.monotonic(), 0)
                outcome = self._outcomes.get(timeout=left)
        except Empty:
            return

    def _sleep(self) -> float:
        """Return the seconds until the next score is due, within bounds."""
        if self._unsettled:
            return MIN_SLEEP_SECONDS
        try:
            due_at = outbox.next_due_at()
        except (DatabaseError, InterfaceError):
            return MAX_SLEEP_SECONDS
        if due_at is None or len(self._on_their_way) >= self._threads:
            return MAX_SLEEP_SECONDS
        seconds = (due_at - timezone.now()).total_seconds()
        return min(max(seconds, MIN_SLEEP_SECONDS), MAX_SLEEP_SECONDS)

    def _start_threads(self) -> None:
        while self._started < len(self._on_their_way):
            name = f"deliverer-{self._started + 1}"
            try:
                threading.Thread(target=self._send_loop, name=name, daemon=True).start()
            except RuntimeError:  # no room for another one: the next round tries again
                logger.exception("a thread could not be started: %s", name)
                return
            self._started += 1

    def _send_loop(self) -> None:
        while True:
            leased = self._to_send.get()
            try:
                self._outcomes.put(outbox.send(leased))
            except Exception as error:  # the error of one score must not end the thread
                logger.exception("a score could not be sent: delivery=%s", leased.row.pk)
                self._outcomes.put(outbox.our_fault(leased, error))
            finally:
                # Making a column or a token uses the database; the next use may be hours away.
                connections.close_all()


_deliverer: Deliverer | None = None
_job_threads: JobThreads | None = None


def wake() -> None:
    """Wake the deliverer of this process, if it has one: there is something to deliver."""
    if _deliverer is not None:
        _deliverer.wake()


def wake_jobs() -> None:
    """Wake the threads of this process that do jobs, if it has some: there may be one to do."""
    if _job_threads is not None:
        _job_threads.wake()


def is_healthy() -> bool:
    """Return whether this process delivers as it should; True if it is not asked to deliver."""
    return _deliverer is None or _deliverer.is_healthy


def start() -> None:
    """Deliver in this process, and in each worker forked from it, until it ends."""
    os.register_at_fork(after_in_child=_start)
    atexit.register(_stop)
    _start()


def _start() -> None:
    global _deliverer, _job_threads  # noqa: PLW0603
    deliverer = _deliverer = Deliverer(settings.LTI_DELIVERER_THREADS)
    housekeeper = Housekeeper()
    job_threads = _job_threads = JobThreads(settings.LTI_JOBS_AT_ONCE)

    def between() -> None:
        housekeeper.run_if_due()
        job_threads.run_if_due()

    threading.Thread(target=deliverer.run, args=(between,), name="deliverer", daemon=True).start()


def _stop() -> None:
    if _job_threads is not None:
        _job_threads.stop(STOP_SECONDS)
    if _deliverer is not None:
        _deliverer.stop()
