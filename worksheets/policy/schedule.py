"""The dates on which a worksheet opens, is due and closes for one person. Reads only.

What the LMS tells leads, date by date; where it tells none, the assignment's own holds. An LMS
that keeps dates for this link leads altogether once it has one: then a missing date is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from lti_tool.models import StoredLaunch
from worksheets.models import Policy


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates for one person; None for no limit.

    They are aware. What is handed in after ``due_at`` is late, and accepted.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return not (self.is_closed or self.is_not_open_yet)

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and timezone.now() >= self.closes_at

    @property
    def is_not_open_yet(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at


def schedule(policy: Policy, launch: StoredLaunch) -> Schedule:
    """Return the dates that hold for the person who launched."""
    from_lms = Schedule(launch.opens_at, launch.due_at, launch.closes_at)
    # Canvas's page of an assignment drops the dates that were chosen here (EditView.jsx in
    # ui/features/assignment_edit), so none there may mean that nobody has thought of them.
    if launch.dates_lead and from_lms != Schedule():
        return from_lms
    return Schedule(
        opens_at=from_lms.opens_at or policy.opens_at,
        due_at=from_lms.due_at,
        closes_at=from_lms.closes_at or policy.closes_at,
    )


def own_schedule(policy: Policy) -> Schedule:
    """Return the assignment's own dates alone."""
    return Schedule(opens_at=policy.opens_at, closes_at=policy.closes_at)
