"""The rules of an activity as one sentence: what pupils see, when marks go, how many attempts."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.launches.visit import Visit
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook.status_texts import lms_name
from worksheets.markup import Sheet
from worksheets.models import Assignment, Feedback, Sending
from worksheets.models.assignment import UNLIMITED
from worksheets.wording.late import percent


def rules_in_words(visit: Visit, sheet: Sheet, assigned: Assignment | None) -> str:
    """Return the rules under which a sheet would be used here, those of the forms or its own."""
    rules = AssignmentRules.of(assigned) if assigned else AssignmentRules()
    parts = [
        _seen(rules, sheet),
        _sent(rules, sheet) % {"lms": lms_name(visit.registration)},
        _attempts(rules.attempt_limit),
        *_dates(visit, rules),
        _late(rules),
    ]
    text = "; ".join(filter(None, parts))
    return f"{text[:1].upper()}{text[1:]}."


def _seen(rules: AssignmentRules, sheet: Sheet) -> str:
    if not sheet.automatic_marks:
        return ""
    return {
        Feedback.SCORE.value: _("pupils see how many gaps are right"),
        Feedback.CORRECTNESS.value: _("pupils see which gaps are right"),
        Feedback.ANSWERS.value: _("pupils see the right answers"),
    }[rules.feedback]


def _sent(rules: AssignmentRules, sheet: Sheet) -> str:
    by_machine, by_teacher = bool(sheet.automatic_marks), bool(sheet.teacher_marks)
    if not by_machine and (not by_teacher or rules.sending == Sending.GAPS_ONLY):
        return _("no marks reach %(lms)s")
    if by_machine and (rules.sending == Sending.GAPS_ONLY):
        return _("only the marks for the gaps reach %(lms)s, at once")
    if not by_machine or rules.sending == Sending.RELEASED:
        return _("marks reach %(lms)s when you release them")
    if not by_teacher:
        return _("marks reach %(lms)s at once")
    if rules.sending == Sending.GAPS_COLUMN:
        return _(
            "marks for the gaps reach a column of their own in %(lms)s at once, the total when you"
            " release it"
        )
    return _("marks reach %(lms)s at once for the gaps, and when you release for the rest")


def _attempts(limit: int) -> str:
    if limit == UNLIMITED:
        return _("any number of attempts")
    if limit == 1:
        return _("one attempt")
    return ngettext("%(n)s attempt", "%(n)s attempts", limit) % {"n": limit}


def _dates(visit: Visit, rules: AssignmentRules) -> list[str]:
    launch = visit.launch
    if launch.opens_at or launch.due_at or launch.closes_at:
        return [_("dates as in %(lms)s") % {"lms": lms_name(visit.registration)}]
    shown = {
        _("opens on %(at)s"): rules.opens_at,
        _("due by %(at)s"): rules.due_at,
        _("closes on %(at)s"): rules.closes_at,
    }
    return [
        words % {"at": date_format(localtime(at), _("j F Y, H:i (T)"))}
        for words, at in shown.items()
        if at
    ]


def _late(rules: AssignmentRules) -> str:
    if not rules.late_deduction:
        return ""
    if rules.late_per_day:
        text = _("late work loses %(percent)s for each day that has begun")
    else:
        text = _("late work loses %(percent)s")
    return text % {"percent": percent(rules.late_deduction)}
