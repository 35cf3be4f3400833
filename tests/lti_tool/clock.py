"""Clocks for tests about seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Takes the place of ``timezone.now``; stands still in the middle of a second."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC).replace(microsecond=400_000)

    def __call__(self) -> datetime:
        return self.time

    def go_on(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Stopwatch:
    """Takes the place of ``time.monotonic``; stands still at the beginning of a minute.

    What is counted or remembered by the minute would else depend on when a test begins.
    """

    def __init__(self) -> None:
        self.time = (time.monotonic() // 60 + 1) * 60

    def __call__(self) -> float:
        return self.time

    def go_on(self, seconds: float) -> None:
        self.time += seconds
