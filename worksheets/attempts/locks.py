"""Rows as they are now, locked: an assignment before its attempts."""

from __future__ import annotations

from lti_tool.models import User
from worksheets.models import Assignment, Attempt


def lock_latest_attempt(assignment: Assignment, user: User) -> Attempt | None:
    """The last of this pupil's attempts, locked."""
    rows = Attempt.objects.select_for_update(no_key=True).filter(assignment=assignment, user=user)
    found = rows.order_by("-number").first()
    if found is not None:
        found.assignment, found.user = assignment, user
    return found


def lock_assignment(assignment: Assignment) -> Assignment:
    """The assignment as it is now, locked.

    Locks here leave the key free: a new row that refers to one need not wait for it, or two
    would in a circle.
    """
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    held.link = assignment.link
    return held


def lock_attempt(attempt: Attempt) -> Attempt:
    """The attempt as it is now, locked, and its assignment before it."""
    assignment = lock_assignment(attempt.assignment)
    # What is read beside a row that is waited for is as old as the question.
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    locked.assignment = assignment
    return locked
