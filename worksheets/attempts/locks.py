"""Functions that lock rows and read them as they are now: an assignment before its attempts."""

from __future__ import annotations

from lti_tool.models import User
from worksheets.models import Assignment, Attempt


def lock_latest_attempt(assignment: Assignment, user: User) -> Attempt | None:
    """Return the last of this pupil's attempts, locked, or None."""
    rows = Attempt.objects.select_for_update(no_key=True).filter(assignment=assignment, user=user)
    found = rows.order_by("-number").first()
    if found is not None:
        found.assignment, found.user = assignment, user
    return found


def lock_assignment(assignment: Assignment) -> Assignment:
    """Return the assignment as it is now, locked.

    These locks are FOR NO KEY UPDATE, so an insert that refers to the row does not wait for
    them; otherwise two transactions could deadlock.
    """
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    held.link = assignment.link
    return held


def lock_attempt(attempt: Attempt) -> Attempt:
    """Return the attempt as it is now, locked, with its assignment locked before it."""
    assignment = lock_assignment(attempt.assignment)
    # No join: after waiting for a lock, joined rows would be as old as the query.
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    locked.assignment = assignment
    return locked
