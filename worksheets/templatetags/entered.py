"""Filters for what a teacher has entered for a pupil without submitted work."""

from __future__ import annotations

from django import template

from worksheets.models import EnteredMark
from worksheets.wording.entered import entered_text, typed

register = template.Library()


@register.filter
def entered_in_words(row: EnteredMark) -> str:
    """Return 'On paper: 14 / 22', 'Absent' or 'Excused'."""
    return entered_text(row.outcome, row.points, row.maximum)


@register.filter
def as_typed(row: EnteredMark | None) -> str:
    """Return what a teacher would type for it: '14', 'absent', 'absent 0'; '' for nothing."""
    return typed(row.entry) if row else ""
