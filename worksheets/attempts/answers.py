"""The writing of a pupil's answers into an attempt. Writes only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from worksheets.models import Answer, Attempt
from worksheets.questions import ItemAnswer


@dataclass(frozen=True, slots=True)
class Sent:
    """The place of a request among those of its browser: a greater ``number`` is a newer one."""

    device: str
    number: int


UNNUMBERED = Sent("", 0)


def write_answers(
    attempt: Attempt,
    given: Mapping[str, ItemAnswer],
    blank: Collection[str],
    seen: datetime | None,
    sent: Sent = UNNUMBERED,
) -> int:
    """Write what differs, and nothing else.

    Return the greatest number that this browser has sent before, if that made something too late;
    else 0.

    ``blank`` names the items in whose answers nothing is said. ``seen`` is when the answers of
    the page were saved that sends these: a blank field of an older page does not wipe what was
    written since. Too late is what comes after something newer of the same browser.
    """
    now = timezone.now()
    known = {answer.item: answer for answer in attempt.answers.all()}
    written, is_changed, newest = [], False, 0
    for item, one in given.items():
        answer = known.get(item) or Answer(attempt=attempt, item=item)
        is_untouched = answer.pk is None and item in blank
        is_same = is_untouched or (answer.text, answer.value) == (one.text, one.value)
        if is_same and not is_untouched and sent == UNNUMBERED:
            continue
        if answer.device == sent.device and answer.sent > sent.number:
            newest = newest if is_same else max(newest, answer.sent)
            continue
        was_saved_since = seen is not None and answer.pk is not None and answer.saved_at > seen
        if not is_same and item in blank and was_saved_since:
            continue
        if not is_same:
            answer.saved_at = now
            is_changed = True
        elif is_untouched:
            answer.saved_at = attempt.started_at
        answer.text, answer.value = one.text, one.value
        # Also of what is the same: a request between the two may still be on its way.
        answer.device, answer.sent = sent.device, sent.number
        written.append(answer)
    if written:
        Answer.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["attempt", "item"],
            update_fields=["text", "value", "saved_at", "device", "sent"],
        )
    if is_changed:
        attempt.saved_at = now
        attempt.save(update_fields=["saved_at"])
    return newest
