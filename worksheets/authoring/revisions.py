"""The texts that a worksheet had each time that it was saved: kept, thinned out, and bounded.

Who saves every few seconds leaves one revision in PERIOD, and the newest. A published one is not
thinned out. Of more than MAX_REVISIONS, or MAX_CHARACTERS of all their texts, the oldest go.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.functions import Length

from lti_tool.models import User
from worksheets.models import Revision, Worksheet

PERIOD = timedelta(minutes=10)
MAX_REVISIONS = 50
MAX_CHARACTERS = 2_000_000


def keep_revision(
    worksheet: Worksheet, before: str, by: User, now: datetime, *, keeps_last: bool = False
) -> None:
    """Keep the text of a worksheet that was just saved; ``before`` is what it was until then.

    With ``keeps_last`` that is not thinned out: another text was put in its place. Call it in the
    transaction that saves the text.
    """
    newest = worksheet.revisions.first()
    if newest is None and before:
        # The text is older than its revisions are.
        Revision.objects.create(
            worksheet=worksheet,
            source=before,
            saved_by=worksheet.author,
            saved_at=worksheet.updated_at,
        )
    elif newest is not None and newest.source == worksheet.source:
        return
    Revision.objects.create(worksheet=worksheet, source=worksheet.source, saved_by=by, saved_at=now)
    if not keeps_last:
        _thin(worksheet, now)
    _forget_oldest(worksheet)


def keep_published(worksheet: Worksheet, edition: int, by: User, now: datetime) -> None:
    """Keep that the text was published as an edition of this number.

    Call it in the transaction that publishes the text.
    """
    newest = worksheet.revisions.first()
    is_same = newest is not None and newest.source == worksheet.source and newest.edition is None
    if newest is not None and is_same and newest.saved_by_id == by.pk:
        newest.edition = edition
        newest.save(update_fields=["edition"])
        return
    Revision.objects.create(
        worksheet=worksheet, source=worksheet.source, saved_by=by, saved_at=now, edition=edition
    )
    _forget_oldest(worksheet)


def _thin(worksheet: Worksheet, now: datetime) -> None:
    """Delete the revision before the newest, if the one before that is of the same period."""
    rows = list(worksheet.revisions.defer("source")[:3])
    if len(rows) < 3:
        return
    newest, middle, oldest = rows
    is_of_one = newest.saved_by_id == middle.saved_by_id == oldest.saved_by_id
    if is_of_one and middle.edition is None and now - oldest.saved_at < PERIOD:
        middle.delete()


def _forget_oldest(worksheet: Worksheet) -> None:
    characters = 0
    sizes = worksheet.revisions.values_list("pk", Length("source"))
    for count, (pk, size) in enumerate(sizes, 1):
        characters += size
        # The text as it stands now is kept, however long it is.
        if count > MAX_REVISIONS or (count > 1 and characters > MAX_CHARACTERS):
            worksheet.revisions.filter(pk__lte=pk).delete()
            return
