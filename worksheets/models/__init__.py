"""Rows for worksheets and for what pupils do with them."""

from worksheets.models.assignment import (
    UNLIMITED,
    Assignment,
    Feedback,
    PendingAssignment,
    Policy,
    Sending,
)
from worksheets.models.attempt import Answer, Attempt, Mark
from worksheets.models.worksheet import Edition, Picture, Worksheet

__all__ = [
    "UNLIMITED",
    "Answer",
    "Assignment",
    "Attempt",
    "Edition",
    "Feedback",
    "Mark",
    "PendingAssignment",
    "Picture",
    "Policy",
    "Sending",
    "Worksheet",
]
