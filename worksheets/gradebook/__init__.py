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
from worksheets.gradebook.entered import entered_mark, entered_marks, reaches_gradebook
from worksheets.gradebook.reporting import (
    leading_status,
    report,
    report_pupil,
    statuses,
    statuses_of,
    withdraw,
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
    "entered_mark",
    "entered_marks",
    "leading_status",
    "lock_columns",
    "reaches_gradebook",
    "report",
    "report_pupil",
    "send_again",
    "statuses",
    "statuses_of",
    "withdraw",
]
