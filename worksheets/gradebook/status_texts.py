"""Sentences about scores where the LMS shows another grade than ours. Reads only."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lti_tool.grades import ScoreProgress, ScoreStatus
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
        if status.problem is DeliveryProblem.NO_COLUMN:
            return _("Your marks are shown here. This activity has no column in the gradebook.")
        return _("Your marks are shown here. They do not reach the gradebook.")
    return sentence(status)


def for_teacher(status: ScoreStatus) -> str | Promise:
    """Return what is wrong with a score, or '' if nothing is."""
    return explanation(status) or ""


def no_column(registration: Registration, problem: DeliveryProblem) -> Promise:
    """Return what a teacher can do where the LMS has no column for an activity."""
    return without_column(registration, problem)


def both_marks(status: ScoreStatus, lms: str) -> str:
    """Return the LMS's mark and ours, for a teacher who decides between them.

    Raise ValueError if nobody changed the mark in the LMS.
    """
    lms_grade = status.lms_grade
    if lms_grade is None:
        raise ValueError("nobody changed this mark")
    # Ours on the scale of the column, as the LMS itself does it.
    maximum = lms_grade.maximum or status.maximum
    ours = status.given
    if ours is not None and maximum != status.maximum:
        ours = (ours * maximum / status.maximum).quantize(_CENT)
    words = {
        "lms": lms,
        "theirs": _number(lms_grade.given),
        "ours": _number(ours),
        "maximum": number(maximum),
    }
    if status.progress is ScoreProgress.KEPT:
        if lms_grade.given is None:
            return _("%(lms)s’s own mark stays; ours is %(ours)s out of %(maximum)s.") % words
        return _("%(lms)s’s mark stays: %(theirs)s; ours is %(ours)s, out of %(maximum)s.") % words
    # The LMS does not say whether its mark was there before ours, replaced it or changed it.
    if lms_grade.given is None:
        return _("%(lms)s shows no mark; ours is %(ours)s out of %(maximum)s.") % words
    shown = _("%(lms)s shows %(theirs)s; ours is %(ours)s, out of %(maximum)s.")
    why = _("The mark there did not come from this tool.")
    return f"{shown % words} {why}"


def _number(mark: Decimal | None) -> str:
    """Return a mark to two decimals, '–' for none; LMSs send up to five."""
    return "–" if mark is None else number(round(mark, 2))
