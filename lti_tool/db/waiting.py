"""The limits of waiting for the database: for each thread, and for all of a web process.

A statement may have to wait: for the lock of another writer, for a server that does not answer.
The backends wait in slices and ask here after each of them. A page gives up before a person does,
other work waits longer. Half of a web process's threads may wait as long as that. The others wait
only while waiting leads to something, so that threads are left for pages that need not wait and
for health checks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from django.conf import settings

from lti_tool.db.troubles import GaveUp

SLICE_SECONDS = 0.1
PAGE_SECONDS = 4.0  # with all that a page does beside, it answers within five
MIN_SECONDS = 0.2  # a statement may just be slow
# After so long without anybody who waited and got through, or saw others do so, waiting is in vain.
STUCK_SECONDS = 0.5
# So long it is believed that waiting is in vain, after somebody gave up.
GAVE_UP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Limit:
    seconds: float
    needs_place: bool


class _Thread(threading.local):
    limit: _Limit | None = None


class _Waiters:
    """The threads of this process that wait, and how that went lately."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.since: dict[Wait, float] = {}
        self.places: set[Wait] = set()
        self.got_on_at = 0.0  # somebody who waited got through, or saw that the lock changes hands
        self.gave_up_at = 0.0

    @property
    def is_full(self) -> bool:
        return len(self.places) >= max(settings.LTI_WEB_THREADS // 2, 1)

    @property
    def is_stuck(self) -> bool:
        """Return whether waiting is in vain now."""
        now = time.monotonic()
        if self.gave_up_at > self.got_on_at and now - self.gave_up_at < GAVE_UP_SECONDS:
            return True
        oldest = min(self.since.values(), default=now)
        return now - max(self.got_on_at, oldest) >= STUCK_SECONDS


_thread = _Thread()
_waiters = _Waiters()


@contextmanager
def as_page() -> Iterator[None]:
    """Let this thread wait as one that serves a page, until the end of the block."""
    with _limited(_Limit(PAGE_SECONDS, needs_place=True)):
        yield


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let no statement of this thread wait longer, until the end of the block."""
    with _limited(_Limit(seconds, needs_place=False)):
        yield


@contextmanager
def _limited(limit: _Limit) -> Iterator[None]:
    before, _thread.limit = _thread.limit, limit
    try:
        yield
    finally:
        _thread.limit = before


def seconds_to_wait() -> float | None:
    """Return how long a statement of this thread may wait; None if there is no limit."""
    return _thread.limit.seconds if _thread.limit else None


def refuse_if_in_vain() -> None:
    """Raise GaveUp before a statement that would have to wait as the others wait in vain."""
    if _thread.limit is None or not _thread.limit.needs_place:
        return
    with _waiters.lock:
        if _waiters.is_full and _waiters.is_stuck:
            raise GaveUp("others wait for the database in vain")


class Wait:
    """A wait of this thread for one statement: a block, in which ``go_on`` is called each slice.

    ``otherwise`` is how many seconds it may take where the thread has no limit.
    """

    def __init__(self, otherwise: float | None = None) -> None:
        limit = _thread.limit
        self._is_over = False  # it has taken as long as it may
        self._most = limit.seconds if limit else otherwise
        self._needs_place = bool(limit and limit.needs_place)
        self._began = time.monotonic()

    def __enter__(self) -> Wait:
        if self._needs_place:
            with _waiters.lock:
                _waiters.since[self] = self._began
        return self

    def go_on(self) -> None:
        """Return if the wait may go on. Raise GaveUp if it is too long, or in vain."""
        waited = time.monotonic() - self._began
        if self._most is not None and waited >= self._most:
            self._is_over = True
            raise GaveUp(f"the database did not answer within {waited:.1f} seconds")
        if not self._needs_place:
            return
        with _waiters.lock:
            if self in _waiters.places:
                return
            if not _waiters.is_full:
                _waiters.places.add(self)
            elif waited >= MIN_SECONDS and _waiters.is_stuck:
                raise GaveUp("others wait for the database in vain")

    def note_progress(self) -> None:
        """Note that others get through, perhaps of another process: the database is only busy."""
        with _waiters.lock:
            _waiters.got_on_at = time.monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if not self._needs_place:
            return
        now = time.monotonic()
        with _waiters.lock:
            _waiters.since.pop(self, None)
            _waiters.places.discard(self)
            # Who was refused a place proves nothing: one refusal would bring the next.
            if self._is_over:
                _waiters.gave_up_at = now
            elif kind is None and now - self._began >= SLICE_SECONDS:
                _waiters.got_on_at = now
