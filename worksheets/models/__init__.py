"""Rows for worksheets and for what pupils do with them."""

from worksheets.models.attempt import Answer, Attempt, Mark
from worksheets.models.authoring import (
    UNLIMITED,
    Assignment,
    Edition,
    Feedback,
    Picture,
    Placement,
    Policy,
    Sending,
    Worksheet,
)

__all__ = [
    "UNLIMITED",
    "Answer",
    "Assignment",
    "Attempt",
    "Edition",
    "Feedback",
    "Mark",
    "Picture",
    "Placement",
    "Policy",
    "Sending",
    "Worksheet",
]
