"""The score that the gradebook should show, from a pupil's attempts and marks. Reads only.

By default the gaps' marks go at once, out of the gaps' own maximum, and the total replaces
them once it is released. A written answer that is not marked never counts as 0: it does
not count at all until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lti_tool.grades import Score
from lti_tool.models import User
from worksheets.marking.counting_attempt import Candidate, CountingRule, counting, may_count
from worksheets.markup import Sheet
from worksheets.models import Assignment, Attempt, Mark, Policy, Sending
from worksheets.wording.numbers import number

MAX_COMMENT = 4000  # characters of an LMS comment; what is longer is cut with a sign


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of one attempt; ``unmarked`` counts written answers that wait for a teacher."""

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


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """An attempt that was handed in, with its marks under the key of ``sheet``."""

    attempt: Attempt
    sheet: Sheet
    marks: Sequence[Mark]
    tally: Tally


def tally(sheet: Sheet, marks: Iterable[Mark]) -> Tally:
    """Return the sum of an attempt's marks against what its sheet can earn."""
    points = {mark.item: mark.points for mark in marks}
    questions = [question.key for question in sheet.questions if question.marks is not None]
    return Tally(
        gaps=sum((points[gap.key] for gap in sheet.gaps if gap.key in points), Decimal(0)),
        gaps_maximum=sheet.gap_points,
        written=sum((points[key] for key in questions if key in points), Decimal(0)),
        written_maximum=sheet.written_marks,
        unmarked=sum(key not in points for key in questions),
    )


def mark_attempt(
    attempt: Attempt, marks: Iterable[Mark], sheet: Sheet | None = None
) -> MarkedAttempt:
    """Return the attempt under its own edition's sheet, or under another one's."""
    sheet, kept = sheet or attempt.edition.sheet, tuple(marks)
    return MarkedAttempt(attempt, sheet, kept, tally(sheet, kept))


def full_marks(policy: Policy, sheet: Sheet) -> Decimal:
    """Return the most that the gradebook can show."""
    if policy.sending == Sending.GAPS_ONLY:
        return sheet.gap_points
    return sheet.gap_points + sheet.written_marks


def counting_attempt(policy: Policy, handed_in: Iterable[MarkedAttempt]) -> MarkedAttempt | None:
    """Return the one of a pupil's attempts that counts, or None if none was handed in."""
    by_number = {one.attempt.number: one for one in handed_in}
    candidates = [_candidate(policy, one) for one in by_number.values()]
    found = counting(CountingRule(policy.counting), candidates)
    return by_number[found.number] if found else None


def numbers_to_mark(policy: Policy, handed_in: Iterable[MarkedAttempt]) -> frozenset[int]:
    """Return the numbers of one pupil's attempts that can count once they are marked."""
    candidates = [_candidate(policy, one) for one in handed_in]
    return may_count(CountingRule(policy.counting), candidates)


def score_of(policy: Policy, handed_in: Sequence[MarkedAttempt]) -> Score | None:
    """Return what the gradebook should show for one pupil.

    None means that there is nothing to say, or nothing to earn; a score of None points,
    that an attempt was handed in and its marks are not to be shown yet. The comment is in
    the language in which the pupil began, whoever asks: the same score is the same
    everywhere.
    """
    one = counting_attempt(policy, handed_in)
    if one is None or not _maximum(policy, one):
        return None
    with translation.override(one.attempt.language or settings.LANGUAGE_CODE):
        comment = _comment(policy, one)
        if len(handed_in) > 1:
            comment = _("Attempt %(number)s.") % {"number": one.attempt.number} + f" {comment}"
    if len(comment) > MAX_COMMENT:
        comment = comment[: MAX_COMMENT - 1] + "…"
    return Score(
        _visible_points(policy, one), _maximum(policy, one), comment, one.attempt.submitted_at
    )


def _candidate(policy: Policy, one: MarkedAttempt) -> Candidate:
    most = full_marks(policy, one.sheet)
    share = Fraction(_visible_points(policy, one) or 0) / Fraction(most) if most else Fraction(0)
    return Candidate(one.attempt.number, share, _is_final(policy, one))


def _is_final(policy: Policy, one: MarkedAttempt) -> bool:
    match policy.sending:
        case Sending.GAPS_ONLY:
            return True
        case Sending.RELEASED:
            return one.attempt.is_released
        case _:
            return one.attempt.is_released or not one.tally.written_maximum


def _shows_total(policy: Policy, one: MarkedAttempt) -> bool:
    return one.attempt.is_released and policy.sending != Sending.GAPS_ONLY


def _visible_points(policy: Policy, one: MarkedAttempt) -> Decimal | None:
    """Return the points that the gradebook may show."""
    if _shows_total(policy, one):
        return one.tally.total
    return None if policy.sending == Sending.RELEASED else one.tally.gaps


def _maximum(policy: Policy, one: MarkedAttempt) -> Decimal:
    """Return the maximum of the points that the gradebook may show."""
    if _shows_total(policy, one) or policy.sending == Sending.RELEASED:
        return one.tally.maximum
    return one.tally.gaps_maximum


def _comment(policy: Policy, one: MarkedAttempt) -> str:
    if _shows_total(policy, one):
        return _released_comment(one)
    if policy.sending == Sending.RELEASED:
        return _("Submitted. You will see your mark when your teacher releases it.")
    comment = _gaps_comment(one.tally)
    if policy.sending == Sending.GAPS_FIRST and one.tally.written_maximum:
        waiting = _("Your teacher has not marked your written answers yet.")
        return f"{comment} {waiting}"
    return comment


def _gaps_comment(points: Tally) -> str:
    return _("Gaps: %(points)s out of %(maximum)s.") % {
        "points": number(points.gaps),
        "maximum": number(points.gaps_maximum),
    }


def _released_comment(one: MarkedAttempt) -> str:
    points = one.tally
    lines = [_gaps_comment(points)] if points.gaps_maximum else []
    if points.written_maximum:
        written = _("Written answers: %(points)s out of %(maximum)s.")
        lines.append(
            written % {"points": number(points.written), "maximum": number(points.written_maximum)}
        )
    comments = {mark.item: mark.comment for mark in one.marks if mark.comment}
    for position, question in enumerate(one.sheet.questions, 1):
        if question.key in comments:
            label = _("Answer %(number)s:") % {"number": position}
            lines.append(f"{label} {comments[question.key]}")
    return "\n".join(lines)


def handed_in(assignment: Assignment, user: User) -> list[MarkedAttempt]:
    """Return this pupil's submitted attempts with their marks, by number."""
    rows = assignment.attempts.filter(user=user, submitted_at__isnull=False)
    return mark_attempts(rows.select_related("edition").prefetch_related("marks"))


def mark_attempts(attempts: Iterable[Attempt]) -> list[MarkedAttempt]:
    """Return each attempt with its marks, which should be prefetched; by number."""
    found = [mark_attempt(attempt, attempt.marks.all()) for attempt in attempts]
    return sorted(found, key=lambda one: one.attempt.number)
