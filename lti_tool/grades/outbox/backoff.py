"""The delay after a failed try. Pure."""

from __future__ import annotations

import random

FIRST_DELAY = 2.0  # seconds
MAX_DELAY = 30 * 60.0


def delay(failures: int, asked: float | None = None) -> float:
    """Return the seconds until the next try, after ``failures`` failures before this one.

    They double up to half an hour, and are spread so that rows that failed together are not
    tried together. ``asked`` are the seconds that the platform asked us to wait: the delay is
    at least that, but never more than half an hour.
    """
    max_seconds: float = min(FIRST_DELAY * 2 ** min(failures, 12), MAX_DELAY)
    return max(max_seconds * random.uniform(0.5, 1.0), min(asked or 0.0, MAX_DELAY))  # noqa: S311
