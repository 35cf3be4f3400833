"""Filters for marks, messages and the status of scores in templates."""

from __future__ import annotations

from django import template

from worksheets import questions
from worksheets.authoring import library
from worksheets.gradebook import status_texts
from worksheets.markup import Sheet
from worksheets.wording import messages, numbers

register = template.Library()

register.filter("plain", numbers.number)  # a mark as people write it: 6, 2.5
register.filter("in_marks", numbers.marks)  # '6 marks'
register.filter("are_written", questions.are_written)  # all that a teacher marks on a sheet


@register.filter
def automatic_part(sheet: Sheet) -> str:
    """Return what to call the marks that the machine gives: 'Gaps'."""
    return messages.translate(questions.automatic_part(sheet))


@register.filter
def teacher_part(sheet: Sheet) -> str:
    """Return what to call the marks that a teacher gives: 'Written answers'."""
    return messages.translate(questions.teacher_part(sheet))


register.filter("translated", messages.translate)  # a message of the parser or the importer
register.filter("contents", library.contents)  # of a sheet: '8 gaps, 4 questions'
register.filter("score_sentence", status_texts.for_pupil)
register.filter("score_problem", status_texts.for_teacher)
register.filter("both_marks", status_texts.both_marks)
