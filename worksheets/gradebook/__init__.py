"""The scores of pupils in the gradebook: the one room that imports ``lti_tool.grades``."""

from lti_tool.grades import (
    Grade,
    Score,
    ScoreProgress,
    ScoreStatus,
    accept_lms_grade,
    column_problem,
    overwrite,
    score_status,
    score_statuses,
    send_again,
)
from worksheets.gradebook.reporting import is_changed, report, report_score, send_all_again

__all__ = [
    "Grade",
    "Score",
    "ScoreProgress",
    "ScoreStatus",
    "accept_lms_grade",
    "column_problem",
    "is_changed",
    "overwrite",
    "report",
    "report_score",
    "score_status",
    "score_statuses",
    "send_again",
    "send_all_again",
]
