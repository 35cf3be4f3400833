"""The scores of pupils in the gradebook: the one room that imports ``lti_tool.grades``."""

from lti_tool.grades import (
    EarlierGrades,
    Grade,
    GradeChoice,
    GradeOrigin,
    Score,
    ScoreProgress,
    ScoreStatus,
    column_problem,
    decide,
    decide_anew,
    earlier_grades,
    lock_columns,
    send_again,
)
from worksheets.gradebook.reporting import (
    leading_status,
    report,
    report_all,
    report_without,
    statuses,
    statuses_of,
)

__all__ = [
    "EarlierGrades",
    "Grade",
    "GradeChoice",
    "GradeOrigin",
    "Score",
    "ScoreProgress",
    "ScoreStatus",
    "column_problem",
    "decide",
    "decide_anew",
    "earlier_grades",
    "leading_status",
    "lock_columns",
    "report",
    "report_all",
    "report_without",
    "send_again",
    "statuses",
    "statuses_of",
]
