"""Deadlines for whole calls, enforced from another thread.

A socket's time-out is not enough: each byte that arrives restarts it. One thread of the
process watches all calls; a timer for each would cost more than the call.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class _Deadline:
    at: float  # on the monotonic clock
    number: int
    stop: Callable[[], None] | None = field(compare=False)  # None once it is over


class _Watchdog:
    def __init__(self) -> None:
        self._deadlines: list[_Deadline] = []
        self._numbers = itertools.count()
        self._earlier = threading.Condition()
        self._is_running = False

    def add(self, seconds: float, stop: Callable[[], None]) -> _Deadline:
        """Call ``stop`` after so many seconds, unless the deadline is cancelled before."""
        added = _Deadline(time.monotonic() + seconds, next(self._numbers), stop)
        with self._earlier:
            heapq.heappush(self._deadlines, added)
            if self._deadlines[0] is added:
                self._earlier.notify()
            if not self._is_running:
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
                self._is_running = True
        return added

    def cancel(self, deadline: _Deadline) -> None:
        """Cancel a deadline. On return ``stop`` is neither running nor called any more.

        The next call may use the same connection, which must not be stopped for the last one.
        """
        with self._earlier:
            deadline.stop = None  # also releases what it refers to

    def _run(self) -> None:
        with self._earlier:
            while True:
                wait = self._deadlines[0].at - time.monotonic() if self._deadlines else None
                if wait is not None and wait <= 0:
                    self._stop(heapq.heappop(self._deadlines))
                else:
                    self._earlier.wait(wait)

    def _stop(self, deadline: _Deadline) -> None:
        if deadline.stop is None:
            return
        try:
            deadline.stop()
        except (OSError, ValueError, RuntimeError):
            pass  # the call has ended and been closed at the same moment
        except Exception:  # one failing stop must not end the thread that watches all calls
            logger.exception("a call could not be ended")


_watchdog = _Watchdog()


def _start_again_in_child() -> None:
    global _watchdog  # noqa: PLW0603
    _watchdog = _Watchdog()


# A forked process has none of its parent's threads.
os.register_at_fork(after_in_child=_start_again_in_child)


@contextmanager
def cut_off(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop``, in another thread, if the block takes longer than so many seconds.

    ``stop`` must not block. It may raise OSError, ValueError or RuntimeError where there is
    nothing to stop any more; anything else is logged.
    """
    watchdog = _watchdog
    deadline = watchdog.add(seconds, stop)
    try:
        yield
    finally:
        watchdog.cancel(deadline)
