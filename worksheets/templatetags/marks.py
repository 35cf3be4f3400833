"""Filters for marks, messages and the status of scores in templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from worksheets import questions
from worksheets.authoring import library
from worksheets.authoring.samples import Sample
from worksheets.gradebook import status_texts
from worksheets.markup import Sheet
from worksheets.models import Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.rendering.miniature import LETTERS
from worksheets.rendering.miniature import miniature as draw_miniature
from worksheets.rendering.point_buttons import PointButtons
from worksheets.reports.gap_states import GapState
from worksheets.wording import messages, numbers

register = template.Library()

MAX_SQUARES = 40  # in a row: more cannot be told from each other

register.filter("plain", numbers.number)  # a mark as people write it: 6, 2.5
register.filter("to_value", numbers.plain)  # a mark as a form's field has it, in no language
register.filter("in_marks", numbers.marks)  # '6 marks'
register.filter("are_written", questions.are_written)  # all that a teacher marks on a sheet


@register.filter
def text_number(value: str) -> str:
    """Return a number that is kept as a text, as people write it."""
    return numbers.number(Decimal(value))


@register.filter
def is_mark(points: Decimal | None, value: str) -> bool:
    """Return whether these are the points of a form's value."""
    return isinstance(points, Decimal) and points == Decimal(value)


@register.filter
def pressed_in(points: Decimal | None, buttons: PointButtons) -> SafeString:
    """Return the buttons of an answer with these points; an answer without a mark has none."""
    return buttons.pressed(points if isinstance(points, Decimal) else None)


@register.filter
def automatic_part(sheet: Sheet) -> str:
    """Return what to call the marks that the machine gives: 'Gaps'."""
    return messages.translate(questions.automatic_part(sheet))


@register.filter
def teacher_part(sheet: Sheet) -> str:
    """Return what to call the marks that a teacher gives: 'Written answers'."""
    return messages.translate(questions.teacher_part(sheet))


@register.filter
def miniature(worksheet: Worksheet | Sample) -> SafeString:
    """Return a small picture of a worksheet's first page."""
    return draw_miniature(read_sheet(worksheet.source[:LETTERS]))


@register.filter
def gap_squares(states: Sequence[GapState]) -> SafeString | str:
    """Return a small square for each gap, with the same in words; figures where there are many."""
    if not states:
        return ""
    if len(states) > MAX_SQUARES:
        counts = Counter(states)
        figures = [
            f"{counts[state]} {words}" for state, words in _gap_words().items() if counts[state]
        ]
        return format_html('<small class="quiet block">{}</small>', " · ".join(figures))
    squares = "".join(f'<i class="{state}"></i>' for state in states)
    return format_html(
        '<span class="squares" role="img" aria-label="{0}" title="{0}">{1}</span>',
        _in_words(states),
        mark_safe(squares),  # noqa: S308
    )


def _in_words(states: Sequence[GapState]) -> str:
    """Return which gaps are not right: 'wrong: 3, 5; left blank: 7'."""
    numbers_of = {
        words: ", ".join(str(n) for n, one in enumerate(states, 1) if one == state)
        for state, words in _gap_words().items()
        if state != GapState.RIGHT
    }
    parts = [f"{words}: {found}" for words, found in numbers_of.items() if found]
    return "; ".join(parts) or _("all gaps right")


def _gap_words() -> dict[GapState, str]:
    return {
        GapState.RIGHT: _("right"),
        GapState.PARTLY: _("partly right"),
        GapState.WRONG: _("wrong"),
        GapState.BLANK: _("left blank"),
        GapState.NOT_COUNTED: _("not counted"),
    }


register.filter("translated", messages.translate)  # a message of the parser or the importer
register.filter("contents", library.contents)  # of a sheet: '8 gaps, 4 questions'
register.filter("score_sentence", status_texts.for_pupil)
register.filter("score_problem", status_texts.for_teacher)
register.filter("both_marks", status_texts.both_marks)
register.filter("lms_mark", status_texts.lms_mark)
register.filter("our_mark", status_texts.our_mark)
register.filter("shown_in_lms", status_texts.shown_in_lms)
register.filter("column_sentence", status_texts.column_sentence)
