"""When our key pairs sign, stay published and end. Pure.

Platforms keep a copy of what they read at /lti/jwks.json. So a new key is published for
a while before it signs, and the one before for as long after it signed last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class KeySchedule:
    """``lifetime`` None: no key is ever too old. Times of making are given newest first."""

    lifetime: timedelta | None
    overlap: timedelta

    def is_due(self, made: Sequence[datetime], now: datetime) -> bool:
        """Whether the next key is to be made: the first one, or the newest is too old."""
        if not made:
            return True
        return self.lifetime is not None and made[0] + self.lifetime <= now

    def signing(self, made: Sequence[datetime], now: datetime) -> int:
        """Which of them signs: the newest that was published for long enough, or else the
        oldest, which platforms are likeliest to know."""
        for number, moment in enumerate(made):
            if moment + self.overlap <= now:
                return number
        return len(made) - 1

    def is_over(self, successor: datetime, now: datetime) -> bool:
        """Whether a key is needed no more, for that much time after its successor was made."""
        return successor + 2 * self.overlap <= now
