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
    """Write what differs, and nothing else; not what comes too late.

    Return 0, or where something came too late the greatest number that its browser has sent.

    ``blank`` names the items in whose answers nothing is said. ``seen`` is when the answers of
    the page were saved that sends these; None where that is unknown. Too late is what comes after
    something newer of the same browser, or after something of another one that the page has not
    seen. Without a script a page sends everything, and cannot be told to look: there a blank
    field does not wipe what the page has not seen, and words are taken.
    """
    now = timezone.now()
    known = {answer.item: answer for answer in attempt.answers.all()}
    written, is_changed, newest = [], False, 0
    for item, one in given.items():
        answer = known.get(item) or Answer(attempt=attempt, item=item)
        is_untouched = answer.pk is None and item in blank
        is_same = is_untouched or (answer.text, answer.value) == (one.text, one.value)
        if sent == UNNUMBERED:
            if not is_untouched and (is_same or (item in blank and _is_unseen(answer, seen))):
                continue
        elif count := _count_of_newer(answer, sent, seen):
            if not is_same:
                newest = max(newest, count)
                continue
            if answer.received_from(sent.device) > sent.number:
                continue
        if not is_same:
            answer.saved_at = now
            is_changed = True
        elif is_untouched:
            answer.saved_at = attempt.started_at
        answer.text, answer.value = one.text, one.value
        # Also of what is the same: a request between the two may still be on its way.
        if sent != UNNUMBERED:
            answer.receive(sent.device, sent.number)
        else:
            answer.device, answer.sent = sent.device, sent.number
        written.append(answer)
    if written:
        Answer.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["attempt", "item"],
            update_fields=["text", "value", "saved_at", "device", "sent", "received"],
        )
    if is_changed:
        attempt.saved_at = now
        attempt.save(update_fields=["saved_at"])
    return newest


def _count_of_newer(answer: Answer, sent: Sent, seen: datetime | None) -> int:
    """Return above which number to count on if the answer is newer than the request; else 0."""
    if (newest := answer.received_from(sent.device)) > sent.number:
        return newest
    is_anothers = answer.device not in ("", sent.device)
    return sent.number if is_anothers and _is_unseen(answer, seen) else 0


def _is_unseen(answer: Answer, seen: datetime | None) -> bool:
    return answer.pk is not None and seen is not None and answer.saved_at > seen
