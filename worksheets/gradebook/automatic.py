"""The marks that no teacher has to give. Reads only: what is made here is not saved yet."""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from worksheets.marking import mark_gaps
from worksheets.markup import Sheet
from worksheets.models import Attempt, Mark


def automatic_marks(attempt: Attempt, sheet: Sheet) -> list[Mark]:
    """Return the gaps' marks by the sheet's key, and 0 for a written answer left blank."""
    answers = {answer.item: answer for answer in attempt.answers.all()}
    results = mark_gaps(sheet, {item: answer.text for item, answer in answers.items()}).results
    marks = [(result.key, result.points, result.maximum) for result in results]
    for question in sheet.questions:
        answer = answers.get(question.key)
        if question.marks is not None and (answer is None or answer.is_blank):
            marks.append((question.key, Decimal(0), question.marks))
    return [
        Mark(attempt=attempt, item=item, points=points, maximum=most, source=Mark.Source.MARKER)
        for item, points, most in marks
    ]


def marks_under(attempt: Attempt, sheet: Sheet) -> list[Mark]:
    """Return an attempt's marks under another key; a teacher's stay, up to the new maximum.

    Those that were saved before have their ids; none of the attempt's own is touched.
    """
    known = attempt.marks.all()
    teachers = [copy(mark) for mark in known if mark.source == Mark.Source.TEACHER]
    for mark in teachers:
        mark.maximum = sheet.question(mark.item).marks or Decimal(0)
        mark.points = min(mark.points, mark.maximum)
    given = {mark.item for mark in teachers}
    others = [mark for mark in automatic_marks(attempt, sheet) if mark.item not in given]
    return [*others, *teachers]
