"""Sentences about scores where the LMS shows another grade than ours. Reads only."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lti_tool.grades import ColumnMaximum, Grade, GradeOrigin, ScoreProgress, ScoreStatus
from lti_tool.grades.status_texts import explanation, sentence, without_column
from lti_tool.models import Registration
from lti_tool.platforms.products import product_of
from lti_tool.services.errors import DeliveryProblem
from worksheets.wording.numbers import number

_CENT = Decimal("0.01")


def lms_name(registration: Registration) -> str:
    """Return the name that people give this platform: the product's, else the registration's."""
    known = product_of(registration.product, registration.auth_login_url).name
    return known or registration.name or _("The LMS")


def for_pupil(status: ScoreStatus) -> str | Promise:
    """Return where one's own mark is, without the LMS's mark: that the LMS shows."""
    if status.given is None and status.progress is ScoreProgress.IN_GRADEBOOK:
        return _("The gradebook shows that you have submitted.")
    if status.lacks_column:
        if status.problem is DeliveryProblem.NO_COLUMN and not status.tag:
            return _("Your marks are shown here. This activity has no column in the gradebook.")
        return _("Your marks are shown here. They do not reach the gradebook.")
    return sentence(status)


def for_teacher(status: ScoreStatus) -> str | Promise:
    """Return what is wrong with a score, or '' if nothing is."""
    return explanation(status) or ""


def no_column(registration: Registration, problem: DeliveryProblem) -> Promise:
    """Return what a teacher can do where the LMS has no column for an activity."""
    return without_column(registration, problem)


def no_gaps_column(registration: Registration, problem: DeliveryProblem) -> str | Promise:
    """Return what a teacher can do where the LMS has no column for the gaps by themselves."""
    if problem is not DeliveryProblem.NO_COLUMN:
        return without_column(registration, problem)
    return _(
        "%(lms)s does not let this tool make a column for the gaps, so their marks do not reach the"
        " gradebook before the release. Choose another way in the settings, or ask your LMS"
        " administrator to let the tool make columns (in Moodle with “Use this service for grade"
        " sync and column management”)."
    ) % {"lms": lms_name(registration)}


def both_marks(status: ScoreStatus, lms: str) -> str:
    """Return the LMS's mark and ours, for a teacher who decides between them.

    Raise ValueError if nobody changed the mark in the LMS.
    """
    lms_grade = _foreign_grade(status)
    words = {
        "lms": lms,
        "theirs": _number(lms_grade.given),
        "ours": _number(_ours_on_column(status)),
        "maximum": number(lms_grade.maximum or status.maximum),
    }
    if status.progress is ScoreProgress.KEPT:
        if lms_grade.given is None:
            return _("%(lms)s’s own mark stays; ours is %(ours)s out of %(maximum)s.") % words
        return _("%(lms)s’s mark stays: %(theirs)s; ours is %(ours)s, out of %(maximum)s.") % words
    if lms_grade.given is None:
        return _("%(lms)s shows no mark; ours is %(ours)s out of %(maximum)s.") % words
    shown = _("%(lms)s shows %(theirs)s; ours is %(ours)s, out of %(maximum)s.")
    return f"{shown % words} {_since_when(status)}"


def _since_when(status: ScoreStatus) -> str:
    """Return what is known of the LMS's mark. It may be ours, from a course that was restored."""
    if status.origin is GradeOrigin.EARLIER:
        return _("The mark there is from before this activity was first opened in this course.")
    if status.origin is GradeOrigin.RESTORED:
        return _("It may be a newer mark from here: this tool was restored from a backup since.")
    if status.origin is GradeOrigin.BEFORE_OURS:
        return _("It was there before ours.")
    return _("The mark there did not come from this tool.")


def lms_mark(status: ScoreStatus) -> str:
    """Return the LMS's mark for a list, as '20/26'. Raise ValueError as ``both_marks`` does."""
    lms_grade = _foreign_grade(status)
    return f"{_number(lms_grade.given)}/{number(lms_grade.maximum or status.maximum)}"


def our_mark(status: ScoreStatus) -> str:
    """Return our mark as the LMS would show it. Raise ValueError as ``both_marks`` does."""
    maximum = _foreign_grade(status).maximum or status.maximum
    return f"{_number(_ours_on_column(status))}/{number(maximum)}"


def _foreign_grade(status: ScoreStatus) -> Grade:
    if status.lms_grade is None:
        raise ValueError("nobody changed this mark")
    return status.lms_grade


def _ours_on_column(status: ScoreStatus) -> Decimal | None:
    """Return our mark on the scale of the column, as the LMS itself converts it."""
    maximum = _foreign_grade(status).maximum or status.maximum
    if status.given is None or maximum == status.maximum:
        return status.given
    return (status.given * maximum / status.maximum).quantize(_CENT)


def shown_in_lms(status: ScoreStatus, lms: str) -> str:
    """Return what the LMS shows for a score, '' if that has the same figures."""
    if status.shown is None:
        return ""
    return _("%(lms)s shows %(given)s/%(maximum)s.") % {
        "lms": lms,
        "given": _number(status.shown.given),
        "maximum": _number(status.shown.maximum),
    }


def column_sentence(column: ColumnMaximum, lms: str) -> str:
    """Return what becomes of the maximum of the gradebook's column when a worksheet changes."""
    words = {
        "lms": lms,
        "former": _number(column.former),
        "maximum": _number(column.maximum),
        "held": _number(column.held),
    }
    if column.held not in {None, column.former}:
        sentence = _(
            "The column in %(lms)s’s gradebook keeps its maximum of %(held)s. %(lms)s scales marks"
            " out of %(maximum)s to it."
        )
    elif not column.may_set:
        sentence = _(
            "The column in %(lms)s’s gradebook keeps its maximum of %(former)s, because this tool"
            " may not change it. %(lms)s scales marks out of %(maximum)s to it."
        )
    elif column.has_foreign_grade:
        sentence = _(
            "The column in %(lms)s’s gradebook keeps its maximum of %(former)s, because somebody"
            " has entered a mark there, which would lose its worth. %(lms)s scales marks out of"
            " %(maximum)s to it."
        )
    else:
        sentence = _(
            "The column in %(lms)s’s gradebook gets a maximum of %(maximum)s instead of %(former)s,"
            " unless somebody has entered a mark or another maximum there."
        )
    said = sentence % words
    return _("The gaps’ own column: %(sentence)s") % {"sentence": said} if column.tag else said


def _number(mark: Decimal | None) -> str:
    """Return a mark to two decimals, '–' for none; LMSs send up to five."""
    return "–" if mark is None else number(round(mark, 2))
