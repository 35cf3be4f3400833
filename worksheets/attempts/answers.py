"""The writing of a pupil's answers into an attempt. Writes only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone

from worksheets.models import Answer, Attempt
from worksheets.questions import ItemAnswer


def write_answers(
    attempt: Attempt,
    given: Mapping[str, ItemAnswer],
    blank: Collection[str],
    seen: datetime | None,
) -> None:
    """Write what differs, and nothing else.

    ``blank`` names the items in whose answers nothing is said. ``seen`` is when the answers of
    the page were saved that sends these: a blank field of an older page does not wipe what was
    written since.
    """
    now = timezone.now()
    known = {answer.item: answer for answer in attempt.answers.all()}
    changed = []
    for item, one in given.items():
        answer = known.get(item) or Answer(attempt=attempt, item=item)
        is_same = (answer.text, answer.value) == (one.text, one.value)
        was_saved_since = seen is not None and answer.pk is not None and answer.saved_at > seen
        if is_same or (item in blank and was_saved_since):
            continue
        answer.text, answer.value, answer.saved_at = one.text, one.value, now
        changed.append(answer)
    if changed:
        Answer.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["attempt", "item"],
            update_fields=["text", "value", "saved_at"],
        )
        attempt.saved_at = now
        attempt.save(update_fields=["saved_at"])
