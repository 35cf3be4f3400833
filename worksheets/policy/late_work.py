"""The due date of a pupil's work, and its lateness once it is submitted. Reads only."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils import timezone

from lti_tool.models.course import zone_named
from worksheets.marking.late_work import Deduction, Late, late
from worksheets.models import Attempt, Policy


def deduction_of(policy: Policy) -> Deduction:
    """Return what an assignment takes off late work."""
    return Deduction(policy.late_deduction, policy.late_per_day)


def due_date(policy: Policy, attempt: Attempt, user_id: int | None = None) -> datetime | None:
    """Return when this work is due, None for no limit.

    It is that of the pupil whose attempt it is, or of a partner with this ``User.pk``.

    A date that a teacher gave the pupil leads, then what the LMS told last of the pupil's, then
    the assignment's own, as in ``schedule``.
    """
    own = policy.dates_by_pupil.get(user_id or attempt.user_id)
    if own is not None and own.due_at is not None:
        return own.due_at
    if attempt.lms_dates_lead or attempt.lms_due_at is not None:
        return attempt.lms_due_at
    return policy.due_at


def late_work(policy: Policy, attempt: Attempt, user_id: int | None = None) -> Late | None:
    """Return by how much a submitted attempt is late, None if it is in time or still open.

    For a partner with ``user_id`` it may be in time, and for the other late.
    """
    if attempt.finished_at is None:
        return None
    due_at = due_date(policy, attempt, user_id)
    if due_at is None:
        return None
    return late(due_at, attempt.finished_at, deduction_of(policy), zone_of(attempt.zone))


def is_past_due(attempt: Attempt) -> bool:
    """Return whether the due date of this pupil's work has passed."""
    due_at = due_date(attempt.assignment, attempt)
    return due_at is not None and timezone.now() > due_at


def late_now(policy: Policy, due_at: datetime | None) -> Late | None:
    """Return by how much what is submitted now would be late."""
    if due_at is None:
        return None
    zone = timezone.get_current_timezone()
    return late(due_at, timezone.now(), deduction_of(policy), zone)


def zone_of(name: str) -> tzinfo:
    """Return the time zone of this name, the server's for none."""
    return zone_named(name) or timezone.get_default_timezone()
