"""The schedule by which our key pairs are published, sign and end. Pure.

Platforms cache /lti/jwks.json. So a new key is published for a while before it signs, and
the one before it stays published as long after its last signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class KeySchedule:
    """The schedule of key pairs.

    ``lifetime`` None means that no key gets too old. ``overlap`` is how long a key is
    published before it signs. Creation times are passed newest first.
    """

    lifetime: timedelta | None
    overlap: timedelta

    def is_due(self, made: Sequence[datetime], now: datetime) -> bool:
        """Return whether to make a key: there is none, or the newest is too old."""
        if not made:
            return True
        return self.lifetime is not None and made[0] + self.lifetime <= now

    def signing(self, made: Sequence[datetime], now: datetime) -> int:
        """Return the index of the key that signs.

        The newest that has been published for the overlap, else the oldest, which platforms
        are most likely to know.
        """
        for number, moment in enumerate(made):
            if moment + self.overlap <= now:
                return number
        return len(made) - 1

    def has_expired(self, successor: datetime, now: datetime) -> bool:
        """Return whether a key may be withdrawn: two overlaps after its successor was made."""
        return successor + 2 * self.overlap <= now
