"""The scores that gradebooks should show, and their way there.

``api`` is what the rest of the project may call: it writes down what a cell should show.
``outbox`` sends that to the platform.
"""

from lti_tool.grades.api import (
    Grade,
    Score,
    ScoreProgress,
    ScoreStatus,
    accept_lms_grade,
    column_problem,
    overwrite,
    report_score,
    reported_scores,
    score_status,
    score_statuses,
    send_again,
)

__all__ = [
    "Grade",
    "Score",
    "ScoreProgress",
    "ScoreStatus",
    "accept_lms_grade",
    "column_problem",
    "overwrite",
    "report_score",
    "reported_scores",
    "score_status",
    "score_statuses",
    "send_again",
]
