"""A sheet for printing: blank, with its answers, or as it was handed in and marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from worksheets.markup import Gap, Question, Sheet
from worksheets.models import Mark
from worksheets.questions import BLANK, ItemAnswer, question_kind
from worksheets.questions.answers import make_value
from worksheets.rendering.document import Pictures, render_sheet
from worksheets.rendering.filling import Filling, beside_gap, render_bank
from worksheets.rendering.results import Results, ShownMark, shown_to_pupil

# Names that other parts of a page refer to: they stand once on a page, and sheets several times.
_NAMES = re.compile(
    r' (?:id|for|href|aria-describedby|aria-labelledby|aria-controls)="#?[A-Za-z0-9 _-]*"'
)


def blank_sheet(sheet: Sheet, pictures: Pictures) -> SafeString:
    """Return a sheet to fill in with a pen. It knows no right answer: each gap is as wide."""
    widgets = Filling(sheet, {}, {}, pictures).widgets
    blank = replace(
        widgets,
        gap=lambda key: _blank_gap(sheet.gap(key)),
        bank=lambda index: render_bank(sheet, index),
    )
    return render_sheet(sheet, blank)


def _blank_gap(gap: Gap) -> str:
    offered = format_html_join(" / ", "<bdi>{}</bdi>", ((choice,) for choice in gap.choices))
    return format_html(
        '<span class="paper-gap"><span class="gap-number">{}</span><span class="line"></span>{}{}'
        "</span>",
        gap.number,
        format_html(" <small>({})</small>", offered) if offered else "",
        _without_names(beside_gap(gap)),
    )


def key_sheet(sheet: Sheet, pictures: Pictures) -> SafeString:
    """Return a sheet with all right answers in it, model answers and rubrics, for teachers."""
    answers = {gap.key: _answer(_accepted(gap)) for gap in sheet.gaps}
    answers |= {question.key: _key_of(question) for question in sheet.questions}
    shown = ShownMark(correctness=False, answers=True, marks=False)
    results = Results(sheet, answers, {}, shown, pictures, _rubric)
    return render_sheet(sheet, results.widgets)


def _accepted(gap: Gap) -> str:
    return " / ".join(answer.text for answer in gap.accepted) or _("no answer yet")


def _key_of(question: Question[Any]) -> ItemAnswer:
    """Return what is printed in the place of an answer: the right one, or how it could be."""
    right = question_kind(question).key(question) or BLANK
    text = question.model or _("no model answer")
    return right if right.value else _answer(text)


def _answer(text: str) -> ItemAnswer:
    return ItemAnswer(make_value(text=text), text)


def _rubric(question: Question[Any]) -> str:
    if not question.rubric:
        return ""
    return format_html(
        '<p class="rubric" dir="auto"><b>{}</b> {}</p>', _("How it is marked:"), question.rubric
    )


def marked_sheet(
    sheet: Sheet,
    answers: Mapping[str, ItemAnswer],
    marks: Mapping[str, Mark],
    feedback: str,
    pictures: Pictures,
) -> SafeString:
    """Return what a pupil has handed in with its marks and comments, to be given to the pupil.

    It shows of the gaps what the pupil's own page shows under ``feedback``, and nothing that is
    for teachers only. Names of its parts are left out, as several sheets stand on one page.
    """
    shown = shown_to_pupil(feedback, is_released=True)
    results = Results(sheet, answers, marks, shown, pictures)
    return _without_names(render_sheet(sheet, results.widgets))


def _without_names(html: SafeString) -> SafeString:
    # Quotes in a text are escaped, so these are attributes.
    return mark_safe(_NAMES.sub("", html))  # noqa: S308
