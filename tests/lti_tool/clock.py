"""A clock for tests about seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Takes the place of ``timezone.now``; stands still in the middle of a second."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC).replace(microsecond=400_000)

    def __call__(self) -> datetime:
        return self.time

    def go_on(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
