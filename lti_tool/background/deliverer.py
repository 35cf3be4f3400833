"""The threads that deliver scores: inside each web process, or wherever a command runs them.

One thread owns the database: it leases what is due and settles what was sent, several rows
in a transaction. The others own the wire: each sends one score at a time, over connections
that are kept. So a platform that hangs holds up threads of its own queue, and nobody else.

Started by ``lti_tool.wsgi``, not by the app registry: management commands and tests must
not deliver. All are daemons, because a thread that does not end holds up a graceful stop;
``stop`` gives back what was leased, and what even then is left is due when its lease ends.
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
    OperationalError,
    close_old_connections,
    connections,
)
from django.utils import timezone

from lti_tool.background.housekeeping import Housekeeper
from lti_tool.grades import outbox
from lti_tool.grades.outbox import Leased, Sent
from lti_tool.grades.outbox.clocks import Clocks

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 1.0  # seconds: how soon scores are seen that another process reported
SHORTEST_SLEEP = 0.2
GATHERING = 0.005  # seconds: to settle and lease by twos or eights, and not one by one
STOP_SECONDS = 3.0  # for scores on their way, before the process ends
LONGEST_SILENCE = 60.0  # seconds without a whole round, after which a deliverer is not well


class Deliverer:
    """Leases, sends and settles, with up to ``threads`` scores on their way at once."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._to_send: SimpleQueue[Leased] = SimpleQueue()
        self._news: SimpleQueue[Sent | None] = SimpleQueue()  # None only wakes
        self._started = 0
        self._on_their_way: dict[int, Leased] = {}
        self._unsettled: list[Sent] = []
        self._clocks = Clocks(self.wake)
        self._last_round = time.monotonic()
        self._is_stopping = False
        self._stopped = threading.Event()

    def wake(self) -> None:
        """There may be something to do: do not wait for the next look."""
        self._news.put(None)

    @property
    def is_well(self) -> bool:
        """Its thread lives, and a round went through within the last minute."""
        return time.monotonic() - self._last_round < LONGEST_SILENCE

    def run(self, between: Callable[[], None] = lambda: None) -> None:
        """Until ``stop`` or ``ask_to_stop``; ``between`` is called now and then."""
        while not self._is_stopping:
            leased = self._round()
            self._look_around(between)
            if self._is_stopping:
                break
            # What is on its way ends the wait; so does whoever reports a score.
            self._wait(SHORTEST_SLEEP if leased else self._sleep())
        self._stopped.set()

    def drain(self, seconds: float = math.inf) -> int:
        """Send all that is due now, and return. Gives how many were tried.

        After so many seconds what is on its way is waited for; and as long as that lasts,
        other platforms are served: one that hangs must not keep this process from them.
        """
        self._look_around(lambda: None)
        tried, end = 0, time.monotonic() + seconds
        late: set[int] | None = None  # what was on its way at the end
        while True:
            if late is None and time.monotonic() >= end:
                late = set(self._on_their_way)
            late = None if late is None else late & self._on_their_way.keys()
            tried += len(self._round(is_taking=late is None or bool(late)))
            if not self._on_their_way and not self._unsettled:
                return tried
            self._wait(LONGEST_SLEEP)

    def ask_to_stop(self) -> None:
        """Lets ``run`` return after its round. Takes no lock: a signal's handler may call it."""
        self._is_stopping = True
        self.wake()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Lease no more, wait for what is on its way, give back the rest."""
        self.ask_to_stop()
        self._stopped.wait(seconds)
        end = time.monotonic() + seconds
        while self._on_their_way and time.monotonic() < end:
            self._wait(0.1)
            self._settle()
        outbox.release(self._on_their_way.values())

    def _round(self, *, is_taking: bool = True) -> list[Leased]:
        """Settle what was sent, then lease what there is room for. Gives what was leased.

        A database that is away is logged, and the next round tries again: nothing that
        was sent is forgotten meanwhile.
        """
        try:
            close_old_connections()
            self._settle()
            room = self._threads - len(self._on_their_way)
            leased = outbox.lease(room) if is_taking else []
        except (OperationalError, InterfaceError) as problem:
            logger.warning("the deliverer cannot reach the database; it tries again: %s", problem)
            return []
        except Exception:  # whatever it is, it must not end the delivery of all scores
            logger.exception("the deliverer stumbled; it tries again")
            return []
        for one in leased:
            self._on_their_way[one.row.pk] = one
            self._to_send.put(one)
        self._start_threads()
        self._last_round = time.monotonic()
        return leased

    def _look_around(self, between: Callable[[], None]) -> None:
        """What starts threads of its own may fail, and must not end the delivery."""
        try:
            self._clocks.look()
            between()
        except Exception:
            logger.exception("the deliverer could not look after the clocks or the house")

    def _settle(self) -> None:
        if not self._unsettled:
            return
        try:
            outbox.settle(self._unsettled)
        except (OperationalError, InterfaceError):
            raise
        except DatabaseError:
            self._settle_each()
        for sent in self._unsettled:
            self._on_their_way.pop(sent.leased.row.pk, None)
        self._unsettled = []

    def _settle_each(self) -> None:
        """One of them cannot be written: it must not hold up the others. Its lease runs out."""
        for sent in self._unsettled:
            try:
                outbox.settle([sent])
            except OperationalError:  # the database is away, and not this score wrong
                raise
            except DatabaseError:
                logger.exception("a score could not be settled: delivery=%s", sent.leased.row.pk)

    def _wait(self, seconds: float) -> None:
        """For the first news, and a moment for what else comes: it is settled together."""
        try:
            news = self._news.get(timeout=seconds)
            end = time.monotonic() + GATHERING
            while True:
                if news is not None:
                    self._unsettled.append(news)
                # Once all are back nothing more can come but to wake us, which we are.
                is_all = len(self._unsettled) >= len(self._on_their_way)
                news = self._news.get(timeout=0 if is_all else max(end - time.monotonic(), 0))
        except Empty:
            return

    def _sleep(self) -> float:
        """Until the next score is due, within bounds."""
        if self._unsettled:
            return SHORTEST_SLEEP
        try:
            due_at = outbox.next_due_at()
        except (DatabaseError, InterfaceError):
            return LONGEST_SLEEP
        if due_at is None or len(self._on_their_way) >= self._threads:
            return LONGEST_SLEEP
        seconds = (due_at - timezone.now()).total_seconds()
        return min(max(seconds, SHORTEST_SLEEP), LONGEST_SLEEP)

    def _start_threads(self) -> None:
        while self._started < len(self._on_their_way):
            name = f"deliverer-{self._started + 1}"
            try:
                threading.Thread(target=self._send_for_ever, name=name, daemon=True).start()
            except RuntimeError:  # no room for another one: the next round tries again
                logger.exception("a thread could not be started: %s", name)
                return
            self._started += 1

    def _send_for_ever(self) -> None:
        while True:
            leased = self._to_send.get()
            try:
                self._news.put(outbox.send(leased))
            except Exception as problem:  # a score must not take its thread with it
                logger.exception("a score could not be sent: delivery=%s", leased.row.pk)
                self._news.put(outbox.not_sent(leased, problem))
            finally:
                # Making a column or asking for a token needed it; the next may be hours away.
                connections.close_all()


_of_this_process: Deliverer | None = None


def wake() -> None:
    """There is something to deliver: the process that delivers looks at once."""
    if _of_this_process is not None:
        _of_this_process.wake()


def is_well() -> bool:
    """What this process was asked to deliver, it does. True where others deliver."""
    return _of_this_process is None or _of_this_process.is_well


def start() -> None:
    """Deliver in this process, and in each worker forked from it, until it ends."""
    os.register_at_fork(after_in_child=_start)
    atexit.register(_stop)
    _start()


def _start() -> None:
    global _of_this_process  # noqa: PLW0603
    _of_this_process = Deliverer(settings.LTI_DELIVERER_THREADS)
    target, housekeeper = _of_this_process.run, Housekeeper()
    threading.Thread(target=target, args=(housekeeper.look,), name="deliverer", daemon=True).start()


def _stop() -> None:
    if _of_this_process is not None:
        _of_this_process.stop()
