"""The scores of pupils in the gradebook: the one room that speaks to ``lti_tool.grades``."""

from lti_tool.grades import Grade, Score, ScoreProgress, ScoreStatus
from worksheets.gradebook.reporting import (
    accept_lms_grade,
    is_changed,
    overwrite,
    report,
    report_score,
    reported,
    score_status,
    score_statuses,
    send_again,
    send_all_again,
)

__all__ = [
    "Grade",
    "Score",
    "ScoreProgress",
    "ScoreStatus",
    "accept_lms_grade",
    "is_changed",
    "overwrite",
    "report",
    "report_score",
    "reported",
    "score_status",
    "score_statuses",
    "send_again",
    "send_all_again",
]
