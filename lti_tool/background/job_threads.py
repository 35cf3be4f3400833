"""The threads that do jobs inside each web process, beside those that deliver scores."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error as DatabaseError
from django.db import connection

from lti_tool.background import jobs
from lti_tool.db.troubles import is_away

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # after which jobs are seen that another process made, left, or is too full for


class JobThreads:
    """Up to ``most`` threads; each does jobs until none is left, and ends."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._wakes = 0
        self._look_at = time.monotonic()
        self._is_stopping = False

    def wake(self) -> None:
        """Start a thread if there is room for one: there may be something to do."""
        with self._lock:
            self._wakes += 1
            if self._is_stopping or len(self._threads) >= self._most:
                return
            thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no room for another one: the next look tries again
                logger.exception("a thread could not be started: jobs")
                return
            self._threads.add(thread)

    def run_if_due(self) -> None:
        """Wake if a job waits; cheap enough for every round of a deliverer."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        if jobs.has_work():
            self.wake()

    def stop(self, seconds: float) -> None:
        """Let other processes take up what is being done here; wait for the threads."""
        with self._lock:
            self._is_stopping = True
            threads = list(self._threads)
        end = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(end - time.monotonic(), 0))

    def _run(self) -> None:
        try:
            while not self._has_ended(self._do_all()):
                pass
        except DatabaseError as error:
            trace = None if is_away(error) else error
            logger.warning("the jobs wait for the database: %s", error, exc_info=trace)
        finally:
            connection.close()  # this thread's own; Django closes only those of requests
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _do_all(self) -> int:
        """Do jobs until none is left. Return how often ``wake`` had been called before."""
        wakes = self._wakes
        while not self._is_stopping and (row := jobs.lease()) is not None:
            jobs.run(row, lambda: self._is_stopping)
        return wakes

    def _has_ended(self, wakes: int) -> bool:
        """Take this thread off the list unless a job may have come since the last look."""
        with self._lock:
            if self._is_stopping or wakes == self._wakes:
                self._threads.discard(threading.current_thread())
                return True
        return False
