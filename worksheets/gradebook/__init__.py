"""The scores of pupils in the gradebook: the one room that speaks to ``lti_tool.grades``."""

from lti_tool.grades import Grade, Progress, Receipt, Score
from worksheets.gradebook.reporting import (
    is_news,
    keep_theirs,
    receipt,
    receipts,
    report,
    reported,
    send_again,
    send_ours,
    tell,
)

__all__ = [
    "Grade",
    "Progress",
    "Receipt",
    "Score",
    "is_news",
    "keep_theirs",
    "receipt",
    "receipts",
    "report",
    "reported",
    "send_again",
    "send_ours",
    "tell",
]
