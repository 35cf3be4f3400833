"""The marks that a page without names posts: the attempts for which its numbers stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksheets.marking.pseudonyms import LIMIT, Pseudonyms
from worksheets.models import Attempt
from worksheets.reports.pseudonyms import submission_sign
from worksheets.views.teacher.given_marks import PostedMark


def revealed_numbers(numbers: Iterable[int], pseudonyms: Pseudonyms) -> list[int]:
    """Return the attempts for which numbers of a page stand; one that is none is left out."""
    return [pseudonyms.reveal(number) for number in numbers if 0 < number < LIMIT]


def revealed(posted: Sequence[PostedMark], pseudonyms: Pseudonyms) -> list[PostedMark]:
    """Return posted marks with the attempts and submissions that they are for.

    A number that stands for nothing is left as it is: no attempt has it. One SQL statement.
    """
    known = {one.attempt_id: _reveal(one.attempt_id, pseudonyms) for one in posted}
    rows = Attempt.objects.filter(pk__in=known.values()).only("pk", "submitted_at")
    attempts = {row.pk: row for row in rows}
    found = []
    for one in posted:
        attempt = attempts.get(known[one.attempt_id])
        found.append(replace(one, attempt_id=known[one.attempt_id], given=None))
        if one.given is None:
            continue
        is_read = attempt and submission_sign(attempt, pseudonyms) == one.given.read
        given = replace(
            one.given,
            attempt_id=known[one.attempt_id],
            read=attempt.submission if attempt and is_read else one.given.read,
        )
        found[-1] = replace(found[-1], given=given)
    return found


def hidden_number(attempt_id: int, pseudonyms: Pseudonyms) -> int:
    """Return the number that a page knows an attempt by, or has posted for none."""
    return pseudonyms.hide(attempt_id) if attempt_id < LIMIT else attempt_id


def _reveal(number: int, pseudonyms: Pseudonyms) -> int:
    return pseudonyms.reveal(number) if number < LIMIT else number
