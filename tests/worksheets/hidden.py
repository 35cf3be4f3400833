"""The numbers that stand for attempts on the pages of marking, as the page has them."""

from __future__ import annotations

from worksheets.models import Assignment, Attempt
from worksheets.reports.pseudonyms import pseudonyms_of, submission_sign


def number_of(attempt: Attempt, item: str = "q1", page: Assignment | None = None) -> int:
    """Return what stands for the attempt on the page of a question; ``page`` is whose it is."""
    assignment = page or attempt.assignment
    question = next((one for one in assignment.edition.sheet.to_mark if one.key == item), None)
    # What is no question has no such numbers.
    return pseudonyms_of(assignment, question).hide(attempt.pk) if question else attempt.pk


def sign_of(attempt: Attempt, item: str = "q1", page: Assignment | None = None) -> str:
    """Return what stands there for the submission that is read."""
    assignment = page or attempt.assignment
    question = next((one for one in assignment.edition.sheet.to_mark if one.key == item), None)
    return submission_sign(attempt, pseudonyms_of(assignment, question)) if question else ""
