"""The drafts of forms that were saved: they go with what was typed into them, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lti_tool.models import User
from worksheets.models import Draft, DraftPage


def drop_draft(
    user: User, page: DraftPage, number: int = 0, *, typed_before: datetime | None = None
) -> None:
    """Delete the draft of a form that was saved; what was typed later than that stays.

    So does what another window has left beside it: that is the draft then.
    """
    rows = Draft.objects.filter(user=user, page=page, number=number)
    if typed_before is not None:
        rows = rows.filter(saved_at__lte=typed_before)
    for row in rows.exclude(beside=None):
        beside = row.beside or {}
        row.base, row.fields, row.window = beside["base"], beside["fields"], beside["window"]
        row.saved_at, row.sent, row.beside = timezone.now(), 0, None
        row.save()
        rows = rows.exclude(pk=row.pk)
    rows.delete()
