"""The gradebook: what the rest of the project may say to it, and hear from it.

``api`` says what a cell SHOULD show; ``outbox`` makes it so.
"""

from lti_tool.grades.api import (
    Grade,
    Progress,
    Receipt,
    Score,
    keep_theirs,
    receipt,
    receipts,
    report_score,
    reported,
    send_again,
    send_ours,
)

__all__ = [
    "Grade",
    "Progress",
    "Receipt",
    "Score",
    "keep_theirs",
    "receipt",
    "receipts",
    "report_score",
    "reported",
    "send_again",
    "send_ours",
]
