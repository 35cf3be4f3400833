"""The choices between the LMS's marks and ours that the page of a class offers for many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.protocol.values import whole_number
from worksheets.gradebook import GradeOrigin
from worksheets.reports.class_overview import Overview, Row
from worksheets.views.base import MAX_DIGITS

MAX_ROWS = 100  # that are shown, and decided on, at once
# Fewer pupils than that are decided on in the list of the class alone. A decision about earlier
# grades holds for pupils who submit later, so it is offered from the first on.
_MIN_ROWS = dict.fromkeys(GradeOrigin, 2) | {GradeOrigin.EARLIER: 1}
_FOLDED_ABOVE = 5


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The pupils for whom the LMS holds another mark, of one origin.

    ``rows`` are those that are shown, ``count`` is the number of all.
    """

    origin: GradeOrigin
    rows: Sequence[Row]
    count: int

    @property
    def is_folded(self) -> bool:
        return len(self.rows) > _FOLDED_ABOVE

    @property
    def seen(self) -> str:
        """Return what the form posts for ``parse_seen``."""
        statuses = ((row.user.pk, row.score_status) for row in self.rows)
        return " ".join(f"{pk}:{status.fingerprint}" for pk, status in statuses if status)

    @property
    def digest(self) -> str:
        """Return a short text that changes with what is decided on."""
        return hashlib.sha256(self.seen.encode()).hexdigest()[:12]


def choice_groups(overview: Overview) -> list[ChoiceGroup]:
    """Return the groups of a class that can be decided on at once."""
    groups = []
    for origin in GradeOrigin:
        rows = overview.undecided(origin)
        if len(rows) >= _MIN_ROWS[origin]:
            groups.append(ChoiceGroup(origin, rows[:MAX_ROWS], len(rows)))
    return groups


def parse_seen(posted: str) -> dict[int, str]:
    """Return the fingerprints of the grades that a teacher has seen, by ``User.pk``."""
    seen = {}
    for one in posted.split()[:MAX_ROWS]:
        number, _, fingerprint = one.partition(":")
        pk = whole_number(number, MAX_DIGITS)
        if pk is not None and fingerprint:
            seen[pk] = fingerprint
    return seen
