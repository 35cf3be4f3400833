"""The score of a pupil for whom a teacher has entered a mark, absent or excused. Reads only.

Such a mark goes to the column of the worksheet once it is released, out of the sheet's maximum; a
column for the points that the machine gives never has one. While it counts, no attempt does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import translation

from lti_tool.grades import Score
from lti_tool.models import User
from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import TOTAL, MarkedAttempt
from worksheets.models import Assignment, EnteredMark
from worksheets.wording.entered import entered_text


def entered_marks(assignment: Assignment) -> dict[int, EnteredMark]:
    """Return what is entered at an assignment, by ``User.pk``."""
    return {row.user_id: row for row in assignment.entered_marks.select_related("user")}


def entered_mark(assignment: Assignment, user: User) -> EnteredMark | None:
    """Return what is entered for a pupil, or None."""
    return assignment.entered_marks.filter(user=user).first()


def reaches_gradebook(assignment: Assignment) -> bool:
    """Return whether the column of the worksheet shows marks out of the sheet's maximum.

    It does not where a teacher's marks stay here (``Sending.GAPS_ONLY``).
    """
    sheet = assignment.edition.sheet
    whole = sheet.automatic_marks + sheet.teacher_marks
    return whole > 0 and scoring.full_marks(assignment, sheet) == whole


def scores_of(
    assignment: Assignment, attempts: Sequence[MarkedAttempt], entered: EnteredMark | None
) -> Mapping[str, Score]:
    """Return what the columns should show for a pupil, as ``scoring.scores_of``.

    What is entered and counts takes the place of all attempts: there is no score before it is
    released, and none for absent and excused.
    """
    if entered is None or not entered.counts:
        return scoring.scores_of(assignment, attempts)
    is_shown = entered.is_released and entered.points is not None and entered.maximum > 0
    if not is_shown or not reaches_gradebook(assignment):
        return {}
    # Not in the language of whoever causes the report.
    language = next((one.attempt.language for one in attempts), "") or settings.LANGUAGE_CODE
    with translation.override(language):
        comment = entered_text(entered.outcome, entered.points, entered.maximum)
    return {TOTAL: Score(entered.points, entered.maximum, comment)}
