"""The scores that gradebooks should show, and their way there.

``api`` is what the rest of the project may call: it writes down what a cell should show.
``outbox`` sends that to the platform.
"""

from lti_tool.grades.api import (
    ColumnMaximum,
    EarlierGrades,
    Grade,
    GradeOrigin,
    Score,
    ScoreProgress,
    ScoreStatus,
    change_column_maxima,
    column_maximum,
    column_problem,
    decide,
    decide_anew,
    earlier_grades,
    lock_columns,
    lock_scores,
    report_score,
    reported_scores,
    score_status,
    score_statuses,
    send_again,
)
from lti_tool.grades.gone import gone_links
from lti_tool.grades.many_scores import report_scores
from lti_tool.grades.withdrawing import sent_grades, withdraw_score
from lti_tool.models import GradeChoice

__all__ = [
    "ColumnMaximum",
    "EarlierGrades",
    "Grade",
    "GradeChoice",
    "GradeOrigin",
    "Score",
    "ScoreProgress",
    "ScoreStatus",
    "change_column_maxima",
    "column_maximum",
    "column_problem",
    "decide",
    "decide_anew",
    "earlier_grades",
    "gone_links",
    "lock_columns",
    "lock_scores",
    "report_score",
    "report_scores",
    "reported_scores",
    "score_status",
    "score_statuses",
    "send_again",
    "sent_grades",
    "withdraw_score",
]
