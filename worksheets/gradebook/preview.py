"""Sentences that say what each way of sending shows in the gradebook, with a sheet's own numbers.

The example is a pupil with everything right that the machine marks, and half of the marks that the
teacher gives: the share that the gradebook shows before the release is then not the one after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import GAPS, TOTAL, MarkedAttempt, ShownPoints
from worksheets.markup import Sheet
from worksheets.models import Assignment, Attempt, Sending
from worksheets.questions import automatic_part, teacher_part
from worksheets.wording.messages import translate
from worksheets.wording.numbers import number

_WHOLE = Decimal(1)
_ALWAYS = set(Sending) - {Sending.GAPS_COLUMN}


def ways(sheet: Sheet, chosen: str = "") -> list[Sending]:
    """Return the ways of sending that a sheet can have, and the one that is chosen already."""
    has_both = bool(sheet.automatic_marks and sheet.teacher_marks)
    return [way for way in Sending if has_both or way in {chosen, *_ALWAYS}]


def introduction(sheet: Sheet) -> str:
    """Return for which pupil the gradebook is shown, '' where the ways differ by nothing."""
    if not sheet.teacher_marks:
        return ""
    words = {
        "automatic": translate(automatic_part(sheet)),
        "of": number(sheet.automatic_marks),
        "by_teacher": translate(teacher_part(sheet)),
        "half": number(_half(sheet)),
        "maximum": number(sheet.teacher_marks),
    }
    if not sheet.automatic_marks:
        return _("The figures are of a pupil with %(half)s of %(maximum)s marks.") % words
    return (
        _(
            "The figures are of a pupil with all %(of)s marks for “%(automatic)s” and %(half)s of"
            " %(maximum)s for “%(by_teacher)s”. Unmarked answers are left out, not counted as 0."
        )
        % words
    )


def sentence(way: Sending, sheet: Sheet) -> str:
    """Return what the gradebook shows for that pupil under this way of sending."""
    policy = Assignment(sending=way)
    before, after = (scoring.shown_points(policy, marked) for marked in _example(sheet))
    maxima = scoring.column_maxima(policy, sheet)
    words = {
        "gaps": _shown(before, maxima, GAPS if way == Sending.GAPS_COLUMN else TOTAL),
        "total": _shown(after, maxima, TOTAL),
    }
    if not words["total"]:
        return _("No mark goes to the gradebook.")
    if way == Sending.GAPS_COLUMN and words["gaps"]:
        text = _(
            "In their own column %(gaps)s at once. In the other, after the release, %(total)s."
        )
    elif not words["gaps"]:
        text = _("After the release %(total)s.")
    elif words["gaps"] == words["total"]:
        text = _("%(total)s at once.")
    else:
        text = _("%(gaps)s at once, after the release %(total)s.")
    return text % words


def _half(sheet: Sheet) -> Decimal:
    # Not rounded: half of one mark would be all of it, or none.
    return sheet.teacher_marks / 2


def _example(sheet: Sheet) -> tuple[MarkedAttempt, MarkedAttempt]:
    """Return the attempt of the pupil before and after the release."""
    tally = replace(
        scoring.tally(sheet, ()), automatic=sheet.automatic_marks, by_teacher=_half(sheet)
    )
    before = MarkedAttempt(Attempt(), sheet, (), tally)
    return before, replace(before, attempt=Attempt(released_at=timezone.now()))


def _shown(shown: Mapping[str, ShownPoints], maxima: Mapping[str, Decimal], tag: str) -> str:
    """Return the mark in a column as the LMS shows it: scaled to the column's maximum."""
    points, maximum = shown.get(tag, (None, Decimal(0)))
    if points is None or not maximum:
        return ""
    share = points / maximum
    percent = number((share * 100).quantize(_WHOLE, ROUND_HALF_UP))
    in_column = number((share * maxima[tag]).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return f"{in_column}/{number(maxima[tag])} ({percent}\u00a0%)"
