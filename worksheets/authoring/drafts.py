"""The drafts of forms that were saved: they go with what was typed into them, and nothing else."""

from __future__ import annotations

from datetime import datetime

from lti_tool.models import User
from worksheets.models import Draft, DraftPage


def drop_draft(
    user: User, page: DraftPage, number: int = 0, *, typed_before: datetime | None = None
) -> None:
    """Delete the draft of a form that was saved; what was typed later than that stays."""
    rows = Draft.objects.filter(user=user, page=page, number=number)
    (rows if typed_before is None else rows.filter(saved_at__lte=typed_before)).delete()
