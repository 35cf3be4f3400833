"""The marks that no teacher has to give. Reads only: what is made here is not saved yet."""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from worksheets import questions
from worksheets.markup import Sheet
from worksheets.models import Attempt, Mark
from worksheets.questions import ItemAnswer


def automatic_marks(attempt: Attempt, sheet: Sheet) -> list[Mark]:
    """Return the marks by the sheet's key, and 0 where a teacher has nothing to mark."""
    answers = {row.item: ItemAnswer.stored(row.value, row.text) for row in attempt.answers.all()}
    return [
        Mark(
            attempt=attempt,
            item=mark.key,
            points=mark.points,
            maximum=mark.maximum,
            source=Mark.Source.MARKER,
        )
        for mark in questions.automatic_marks(sheet, answers)
    ]


def is_comment_only(mark: Mark, sheet: Sheet) -> bool:
    """Return whether this is a comment alone, on an answer that has marks on this sheet."""
    if mark.source != Mark.Source.TEACHER or mark.maximum:
        return False
    return bool(sheet.marks_for(mark.item))


def marks_under(attempt: Attempt, sheet: Sheet) -> list[Mark]:
    """Return an attempt's marks under another key; a teacher's stay, up to the new maximum.

    One for a gap that is not counted stays as it was given, to be there when it is counted again.
    A comment on an answer that had no marks, and has some now, is no mark. Those that were saved
    before have their ids; none of the attempt's own is touched.
    """
    known = [mark for mark in attempt.marks.all() if not is_comment_only(mark, sheet)]
    teachers = [copy(mark) for mark in known if mark.source == Mark.Source.TEACHER]
    for mark in teachers:
        if mark.item in sheet.uncounted:
            continue
        mark.maximum = sheet.marks_for(mark.item) or Decimal(0)
        mark.points = min(mark.points, mark.maximum)
    given = {mark.item for mark in teachers}
    others = [mark for mark in automatic_marks(attempt, sheet) if mark.item not in given]
    return [*others, *teachers]
