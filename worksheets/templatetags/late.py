"""Filters for late work in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from worksheets.marking.late_work import Late
from worksheets.models import Attempt, Policy
from worksheets.policy.late_work import deduction_of, late_work
from worksheets.wording import late as wording

register = template.Library()

register.filter("late_by", wording.late_by)  # '2 days late'
register.filter("deduction_now", wording.deduction_now)
register.filter("percent", wording.percent)  # '20 %'


@register.filter
def deduction_beforehand(policy: Policy) -> str:
    """Return what an assignment takes off late work, as a sentence; '' for nothing."""
    return wording.deduction_beforehand(deduction_of(policy))


@register.filter
def lateness(attempt: Attempt) -> Late | None:
    """Return by how much a submitted attempt is late, None if it is in time."""
    return late_work(attempt.assignment, attempt)


@register.filter
def taken_off(late: Late, points: Decimal) -> Decimal:
    """Return the points that lateness takes off so many."""
    return late.taken_off(points)


@register.filter
def left_of(late: Late, points: Decimal) -> Decimal:
    """Return what lateness leaves of so many points."""
    return late.left_of(points)
