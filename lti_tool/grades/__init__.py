"""The scores that gradebooks should show, and their way there.

``api`` is what the rest of the project may call: it writes down what a cell should show.
``outbox`` sends that to the platform.
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
