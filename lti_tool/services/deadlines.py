"""Ending what takes too long, from outside: a byte now and then resets any time-out.

One thread of the process watches all calls; a timer for each would cost more than the call.
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


class _Watch:
    def __init__(self) -> None:
        self._deadlines: list[_Deadline] = []
        self._numbers = itertools.count()
        self._earlier = threading.Condition()
        self._is_running = False

    def add(self, seconds: float, stop: Callable[[], None]) -> _Deadline:
        """Call ``stop`` then, unless it is taken away before."""
        added = _Deadline(time.monotonic() + seconds, next(self._numbers), stop)
        with self._earlier:
            heapq.heappush(self._deadlines, added)
            if self._deadlines[0] is added:
                self._earlier.notify()
            if not self._is_running:
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
                self._is_running = True
        return added

    def take_away(self, deadline: _Deadline) -> None:
        """It was over in time; from now on nothing is done to what the next call may have."""
        with self._earlier:
            deadline.stop = None  # and what it holds is free

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
            """It has ended, and been closed, in this very moment."""
        except Exception:  # one call must not take the time limits of all others with it
            logger.exception("a call could not be ended")


_watch = _Watch()


def _watch_anew() -> None:
    global _watch  # noqa: PLW0603
    _watch = _Watch()


# A fork has none of the threads.
os.register_at_fork(after_in_child=_watch_anew)


@contextmanager
def cut_off(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop``, in another thread, if the block takes longer than so many seconds.

    ``stop`` must not block. It may raise OSError, ValueError or RuntimeError where there is
    nothing to stop any more; anything else is logged.
    """
    watch = _watch
    deadline = watch.add(seconds, stop)
    try:
        yield
    finally:
        watch.take_away(deadline)
