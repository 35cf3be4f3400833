"""How long to wait after a failure: growing, spread and capped. Pure."""

from __future__ import annotations

import random

FIRST_DELAY = 2.0  # seconds
MAX_DELAY = 30 * 60.0


def delay(failures: int, asked: float | None = None) -> float:
    """Return the seconds until the next try after so many failures before this one.

    They double up to half an hour, and are spread so that rows do not march in step.
    ``asked`` is what the platform wants us to wait at least.
    """
    longest: float = min(FIRST_DELAY * 2 ** min(failures, 12), MAX_DELAY)
    return max(longest * random.uniform(0.5, 1.0), min(asked or 0.0, MAX_DELAY))  # noqa: S311
