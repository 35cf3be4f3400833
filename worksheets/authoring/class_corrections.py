"""Answers accepted in classes, which whoever may edit the worksheet can take into its text."""

from __future__ import annotations

from lti_tool.models import User
from worksheets.authoring.worksheets import digest_of, save
from worksheets.markup.editing import CannotEdit
from worksheets.models import KeyCorrection, Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.questions import parse_sheet, same_items
from worksheets.questions.correcting import Verdict, correct

MAX_OFFERED = 100


def offered(worksheet: Worksheet) -> list[KeyCorrection]:
    """Return the decisions that stand in classes and could stand in the worksheet's text.

    Those of items that the text has no more, or in other words, are left out.
    """
    rows = KeyCorrection.objects.filter(
        assignment__edition__worksheet=worksheet, undone_at=None
    ).select_related("assignment__edition")[:MAX_OFFERED]
    if not rows:
        return []
    sheet, found, seen = parse_sheet(worksheet.source), [], set()
    for row in rows:
        content = (row.item, tuple(row.answers), row.verdict, row.feedback)
        if content in seen or not same_items(read_sheet(row.assignment.edition.source), sheet):
            continue
        seen.add(content)
        if _changed(worksheet.source, row) is not None:
            found.append(row)
    return found


def take_over(worksheet: Worksheet, pk: int, by: User) -> Worksheet | None:
    """Write one of these decisions into the worksheet's text; None if it is not offered any more.

    Raise ChangedElsewhere if the text is another one by now.
    """
    row = next((one for one in offered(worksheet) if one.pk == pk), None)
    source = _changed(worksheet.source, row) if row else None
    if source is None:
        return None
    return save(worksheet, source, seen=digest_of(worksheet.source), by=by)


def _changed(source: str, row: KeyCorrection) -> str | None:
    """Return the text with the decision, None if it has that already, or cannot have it."""
    try:
        text = correct(source, row.item, row.answers, Verdict(row.verdict), row.feedback)
    except CannotEdit:
        return None
    return text if text != source else None
