"""From marks to the gradebook: the one file that calls ``lti_tool.grades``.

The gaps' marks go at once, out of the gaps' own maximum; the total replaces them when
the teacher releases it. A written answer that is not marked never counts as 0: it does
not count at all until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lti_tool import grades
from lti_tool.grades import Receipt, Score
from lti_tool.models import ResourceLink, User
from worksheets.markup import Sheet
from worksheets.models import Attempt, Mark

MAX_COMMENT = 4000  # characters of an LMS comment; what is longer is cut with a sign


@dataclass(frozen=True, slots=True)
class Tally:
    """Points of one attempt. ``unmarked`` counts written answers that wait for a teacher."""

    gaps: Decimal
    gaps_maximum: Decimal
    written: Decimal
    written_maximum: Decimal
    unmarked: int

    @property
    def total(self) -> Decimal:
        return self.gaps + self.written

    @property
    def maximum(self) -> Decimal:
        return self.gaps_maximum + self.written_maximum


def tally(sheet: Sheet, marks: Iterable[Mark]) -> Tally:
    """Add up an attempt's marks against what its sheet can earn."""
    points = {mark.item: mark.points for mark in marks}
    questions = [question.key for question in sheet.questions if question.marks is not None]
    return Tally(
        gaps=_total(points.get(gap.key) for gap in sheet.gaps),
        gaps_maximum=sheet.gap_points,
        written=_total(points.get(key) for key in questions),
        written_maximum=sheet.written_marks,
        unmarked=sum(key not in points for key in questions),
    )


def report(attempt: Attempt) -> None:
    """Say what the gradebook should show for a submitted attempt, if anything yet.

    Call it in the transaction that changed the marks.
    """
    score = score_of(attempt)
    if score is not None:
        sheet = attempt.edition.sheet
        grades.report_score(
            attempt.assignment.link,
            attempt.user,
            score,
            column_maximum=sheet.gap_points + sheet.written_marks,
        )


def score_of(attempt: Attempt) -> Score | None:
    """The score as of now; None where there is nothing to say, or nothing to earn."""
    marks = list(attempt.marks.all())
    points = tally(attempt.edition.sheet, marks)
    if attempt.is_released:
        return _score(points.total, points.maximum, _released_comment(attempt, points, marks))
    comment = _gaps_comment(points)
    if points.written_maximum:
        waiting = _("Your teacher has not marked your written answers yet.")
        comment = f"{comment} {waiting}"
    return _score(points.gaps, points.gaps_maximum, comment)


def receipts(link: ResourceLink) -> dict[int, Receipt]:
    """Everybody's receipts at this link, by user."""
    return grades.receipts(link)


def receipt(link: ResourceLink, user: User) -> Receipt | None:
    """This person's receipt, if a score was reported."""
    return grades.receipt(link, user)


def send_again(link: ResourceLink, user: User) -> None:
    """Try this person's score at once."""
    grades.send_again(link, user)


def plain(number: Decimal) -> str:
    """A mark as people write it: 6, 2.5, never 6.0000."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"


def _score(given: Decimal, maximum: Decimal, comment: str) -> Score | None:
    if maximum == 0:
        return None
    if len(comment) > MAX_COMMENT:
        comment = comment[: MAX_COMMENT - 1] + "…"
    return Score(given, maximum, comment)


def _gaps_comment(points: Tally) -> str:
    return _("Gaps: %(points)s out of %(maximum)s.") % {
        "points": plain(points.gaps),
        "maximum": plain(points.gaps_maximum),
    }


def _released_comment(attempt: Attempt, points: Tally, marks: Iterable[Mark]) -> str:
    lines = [_gaps_comment(points)] if points.gaps_maximum else []
    if points.written_maximum:
        written = _("Written answers: %(points)s out of %(maximum)s.")
        lines.append(
            written % {"points": plain(points.written), "maximum": plain(points.written_maximum)}
        )
    comments = {mark.item: mark.comment for mark in marks if mark.comment}
    for position, question in enumerate(attempt.edition.sheet.questions, 1):
        if question.key in comments:
            label = _("Answer %(number)s:") % {"number": position}
            lines.append(f"{label} {comments[question.key]}")
    return "\n".join(lines)


def _total(points: Iterable[Decimal | None]) -> Decimal:
    return sum((p for p in points if p is not None), Decimal(0))
