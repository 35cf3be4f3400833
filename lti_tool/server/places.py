"""Places that are held while something is waited for or worked on, counted in this process.

Whoever finds none is told so at once: to wait for one would hold up others, too.
"""

from __future__ import annotations

import threading
import time
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
        self._taken: dict[str, list[float]] = {}  # since when
        self._lock = threading.Lock()

    @contextmanager
    def hold(
        self, name: str, *, for_one: int, in_all: int | None = None, patience: float = 0
    ) -> Iterator[None]:
        """Hold a place. Raise NoPlace if the name has as many already, or all have together.

        With ``patience`` a name may have more until it holds one for longer, in seconds.
        """
        began = time.monotonic()
        with self._lock:
            taken = self._taken.get(name, [])
            is_many = len(taken) >= for_one and began - taken[0] >= patience
            if is_many or (in_all is not None and self._count() >= in_all):
                raise NoPlace(is_for_same=bool(taken))
            self._taken[name] = taken
            taken.append(began)
        try:
            yield
        finally:
            with self._lock:
                taken.remove(began)
                if not taken:
                    self._taken.pop(name, None)

    def _count(self) -> int:
        return sum(map(len, self._taken.values()))
