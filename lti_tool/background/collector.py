"""Python's collector of garbage, held back while the objects of a whole class are in use."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders: list[object] = []


@contextmanager
def collector_held() -> Iterator[None]:
    """Hold the collector back, in all threads, until the last of those who do so has ended.

    Of a million objects it walks through all again and again, as more are made, and every request
    of the process stands still for half a second each time. What nothing refers to any more is
    freed all the same; objects that refer to each other in a circle stay until then. It does not
    begin again where it was off before, as in a process that was started so.
    """
    holder = object()
    with _lock:
        if _holders or gc.isenabled():
            gc.disable()
            _holders.append(holder)
    try:
        yield
    finally:
        with _lock:
            if holder in _holders:
                _holders.remove(holder)
                if not _holders:
                    gc.enable()
