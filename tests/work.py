"""How much work a call is, counted: the same on a busy machine as on an idle one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any
from unittest.mock import patch


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python run in the call, after one that fills the caches.

    What a single line leaves to C, such as a search in a long text, counts as one:
    that is timed by ``make bench``, and a test that reads the longest text has to end. Tokens that
    are kept of short texts would make those look like less work than they are: none is kept.
    """
    with patch("worksheets.markup.markdown._MAX_LENGTH", 0):
        return _lines_run(work)


def _lines_run(work: Callable[[], object]) -> int:
    work()
    count = 0

    def step(_frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
