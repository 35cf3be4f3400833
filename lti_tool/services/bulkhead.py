"""Places for calls that a person waits for, so that an LMS which hangs stops nobody else's pages.

A thread that waits for an LMS serves no page meanwhile. Of the threads of a web process at most a
quarter may wait so, and for one platform few of these: who finds no place is told so at once, and
asks again. Deliverers and other work beside the pages have threads of their own and take no place.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

MAX_FOR_ONE = 2  # places for one platform, in each process


class NoPlace(Exception):
    """The error for a call that would have to wait for others. Nothing was asked of anybody.

    ``is_for_same``: the platform's own places are taken, by calls to this one.
    """

    def __init__(self, *, is_for_same: bool) -> None:
        super().__init__("all places are taken")
        self.is_for_same = is_for_same


_taken: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def place_for(platform: str) -> Iterator[None]:
    """Hold a place for a platform, by any name that stands for it. Raise NoPlace if none is free.

    The block may call the platform several times, and must not ask for another place.
    """
    in_all = max(settings.LTI_WEB_THREADS // 4, 1)
    # One platform must not take them all, where there are several.
    for_one = min(MAX_FOR_ONE, max(in_all // 2, 1))
    with _lock:
        if _taken.total() >= in_all or _taken[platform] >= for_one:
            raise NoPlace(is_for_same=_taken[platform] > 0)
        _taken[platform] += 1
    try:
        yield
    finally:
        with _lock:
            _taken[platform] -= 1
            if not _taken[platform]:
                del _taken[platform]
