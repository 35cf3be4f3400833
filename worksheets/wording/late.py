"""The lateness of work, and what is taken off for it, in the page's language."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from worksheets.marking.late_work import Deduction, Late
from worksheets.wording.numbers import number

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def late_by(late: Late) -> str:
    """Return '2 days late', in hours or minutes below a day; what has begun counts."""
    if late.by > _DAY or late.days > 1:
        n = late.days
        words = ngettext("%(n)s day late", "%(n)s days late", n)
    elif late.by > _HOUR:
        n = -(-late.by // _HOUR)
        words = ngettext("%(n)s hour late", "%(n)s hours late", n)
    else:
        n = -(-late.by // _MINUTE)
        words = ngettext("%(n)s minute late", "%(n)s minutes late", n)
    return words % {"n": number(n)}


def percent(value: int) -> str:
    """Return '20 %', on one line."""
    return f"{number(value)}\u00a0%"


def deduction_beforehand(deduction: Deduction) -> str:
    """Return what happens to marks after the due date, '' for nothing."""
    if not deduction.percent:
        return ""
    if deduction.per_day and deduction.percent < 100:
        words = _("After that, %(percent)s of the marks are taken off for each day that has begun.")
    else:
        words = _("After that, %(percent)s of the marks are taken off.")
    return words % {"percent": percent(deduction.percent)}


def deduction_now(late: Late) -> str:
    """Return what is taken off work that is submitted now, '' for nothing."""
    if not late.percent:
        return ""
    return _("If you submit now, %(percent)s of the marks are taken off.") % {
        "percent": percent(late.percent)
    }
