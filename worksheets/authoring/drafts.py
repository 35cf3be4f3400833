"""The drafts of forms that were saved: they go with what was typed into them, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lti_tool.models import User
from worksheets.models import Draft, DraftPage

SAVED = "~"  # stands in a version for the form's saving; it sorts behind the names of windows


@transaction.atomic
def drop_draft(
    user: User, page: DraftPage, number: int = 0, *, typed_before: datetime | None = None
) -> None:
    """Forget the draft of a form that was saved; what was typed later than that stays.

    So does what another window has left beside it: that is the draft then. The versions of the
    fields stay too, as those of something that was typed over.
    """
    rows = Draft.objects.select_for_update().filter(user=user, page=page, number=number)
    if typed_before is not None:
        rows = rows.filter(saved_at__lte=typed_before)
    for row in rows:
        beside = row.beside
        if not (beside or row.versions):
            row.delete()
            continue
        for name in row.fields:
            version = row.versions.get(name, {})
            row.versions[name] = {**version, SAVED: version.get(SAVED, 0) + 1}
        if beside:
            row.base, row.fields, row.window = beside["base"], beside["fields"], beside["window"]
            row.sums, row.beside = beside.get("sums", {}), None
            row.versions |= beside.get("versions", {})
        else:
            row.fields, row.sums, row.window = {}, {}, ""
        row.history = {}
        # What is on its way from another page is no part of this one.
        row.saved_at, row.sent = timezone.now(), 0
        row.save()
