"""Rows for worksheets and for what pupils do with them."""

from worksheets.models.assignment import (
    UNLIMITED,
    Assignment,
    Feedback,
    NewAttempt,
    PendingAssignment,
    Policy,
    Sending,
)
from worksheets.models.attempt import Answer, Attempt, EarlierMark, Mark
from worksheets.models.copy_request import CopyRequest
from worksheets.models.draft import Draft, DraftPage
from worksheets.models.paper import Paper, ReviewStep
from worksheets.models.worksheet import Edition, Picture, Worksheet

__all__ = [
    "UNLIMITED",
    "Answer",
    "Assignment",
    "Attempt",
    "CopyRequest",
    "Draft",
    "DraftPage",
    "EarlierMark",
    "Edition",
    "Feedback",
    "Mark",
    "NewAttempt",
    "Paper",
    "PendingAssignment",
    "Picture",
    "Policy",
    "ReviewStep",
    "Sending",
    "Worksheet",
]
