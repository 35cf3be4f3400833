"""The dates on which a worksheet opens, is due and closes for one person. Reads only.

Date by date, what a teacher gave this pupil leads, then what the LMS tells, then the assignment's
own. An LMS that keeps dates for this link leads altogether before the assignment once it has one:
then a missing date is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from lti_tool.db.prepared import Param, Prepared
from lti_tool.models import ResourceLink, StoredLaunch, User
from worksheets.models import Policy, PupilDates

_OWN = Prepared(
    lambda: PupilDates.objects.filter(assignment__link=Param("link"), user=Param("user"))
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates for one person; None for no limit.

    They are aware. What is handed in after ``due_at`` is late, and accepted. ``lms_due_at`` is
    when the LMS wants it, and ``lms_leads`` that None there means no limit: that is kept with the
    work, as only a launch tells it.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    lms_due_at: datetime | None = field(default=None, compare=False)
    lms_leads: bool = field(default=False, compare=False)

    @property
    def is_open(self) -> bool:
        return not (self.is_closed or self.is_not_open_yet)

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and timezone.now() >= self.closes_at

    @property
    def is_not_open_yet(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at


def schedule(policy: Policy, launch: StoredLaunch, own: PupilDates | None = None) -> Schedule:
    """Return the dates that hold for the person who launched; ``own`` are those given to them."""
    found = _of_class(policy, launch)
    return found if own is None else with_own(found, own)


def _of_class(policy: Policy, launch: StoredLaunch) -> Schedule:
    opens_at, due_at, closes_at = launch.opens_at, launch.due_at, launch.closes_at
    if lms_leads(launch):
        return Schedule(opens_at, due_at, closes_at, due_at, lms_leads=True)
    return Schedule(
        opens_at or policy.opens_at,
        due_at or policy.due_at,
        closes_at or policy.closes_at,
        lms_due_at=due_at,
    )


def lms_leads(launch: StoredLaunch) -> bool:
    """Return whether the LMS's dates hold altogether, so that a missing one is no limit."""
    # Canvas's page of an assignment drops the dates that were chosen here (EditView.jsx in
    # ui/features/assignment_edit), so none there may mean that nobody has thought of them.
    has_dates = any([launch.opens_at, launch.due_at, launch.closes_at])
    return launch.dates_lead and has_dates


def with_own(dates: Schedule, own: PupilDates) -> Schedule:
    """Return dates with those that a pupil was given in their place.

    Whoever may hand in later than the class can do so: where only the due date is the pupil's own,
    the activity closes for them no earlier than that.
    """
    closes_at = own.closes_at or dates.closes_at
    if own.closes_at is None and own.due_at and closes_at and closes_at < own.due_at:
        closes_at = own.due_at
    return replace(
        dates,
        opens_at=own.opens_at or dates.opens_at,
        due_at=own.due_at or dates.due_at,
        closes_at=closes_at,
    )


def own_dates(link: ResourceLink, user: User) -> PupilDates | None:
    """Return the dates that this person was given at this link, or None."""
    return _OWN.first(link=link.pk, user=user.pk)


def own_schedule(policy: Policy) -> Schedule:
    """Return the assignment's own dates alone."""
    return Schedule(policy.opens_at, policy.due_at, policy.closes_at)
