"""Rows for worksheets and for what pupils do with them."""

from worksheets.models.attempt import Answer, Attempt, Mark
from worksheets.models.authoring import (
    Assignment,
    Edition,
    Feedback,
    Picture,
    Placement,
    Policy,
    Worksheet,
)

__all__ = [
    "Answer",
    "Assignment",
    "Attempt",
    "Edition",
    "Feedback",
    "Mark",
    "Picture",
    "Placement",
    "Policy",
    "Worksheet",
]
