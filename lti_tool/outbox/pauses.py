"""How long to wait after a failure: growing, spread and capped. Pure."""

from __future__ import annotations

import random

FIRST_PAUSE = 2.0  # seconds
LONGEST_PAUSE = 30 * 60.0


def pause(failures: int, asked: float | None = None) -> float:
    """Seconds until the next try after so many failures before this one.

    Doubles up to half an hour, and is spread so that rows do not march in step.
    ``asked`` is what the platform wants us to wait at least.
    """
    longest: float = min(FIRST_PAUSE * 2 ** min(failures, 12), LONGEST_PAUSE)
    return max(longest * random.uniform(0.5, 1.0), min(asked or 0.0, LONGEST_PAUSE))  # noqa: S311
