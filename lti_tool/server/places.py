"""Places that are held while something is waited for or worked on, counted in this process.

Whoever finds none is told so at once: to wait for one would hold up others, too.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class NoPlace(Exception):
    """The error for something that would have to wait for others. Nothing was begun.

    ``is_for_same``: others of the same name hold places.
    """

    def __init__(self, *, is_for_same: bool) -> None:
        super().__init__("all places are taken")
        self.is_for_same = is_for_same


class Places:
    """Places, each of which is held by a name."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, name: str, *, for_one: int, in_all: int | None = None) -> Iterator[None]:
        """Hold a place. Raise NoPlace if the name has as many already, or all have together."""
        with self._lock:
            is_full = in_all is not None and self._taken.total() >= in_all
            if is_full or self._taken[name] >= for_one:
                raise NoPlace(is_for_same=self._taken[name] > 0)
            self._taken[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[name] -= 1
                if not self._taken[name]:
                    del self._taken[name]
