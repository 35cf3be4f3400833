"""What a cell of the gradebook shows, beside what we sent to it. Asks nobody.

Moodle tells a grade of 0 by an entry without a number, and leaves out cells that were never
graded; an entry without a number is therefore nothing only where we never sent one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from lti_tool.models import Delivery
from lti_tool.services.ags import Result

Tried = Sequence[Sequence[object]]  # as in ``Delivery.tried``


def shows_it(row: Delivery, result: Result | None) -> bool:
    """Whether the cell shows what the row says."""
    if row.score_given is None:
        return False
    if result is None:
        return row.score_given == 0
    return result.shows(row.score_given, row.score_maximum)


def shows_ours(row: Delivery, tried: Tried, result: Result | None) -> bool:
    """Whether the cell shows a score that the LMS took of us, or may have taken."""
    return result is not None and any(result.shows(*score) for score in _ours(row, tried))


def is_theirs(row: Delivery, tried: Tried, result: Result | None) -> bool:
    """Whether somebody else has put a grade there; a cell that shows nothing is nobody's.

    Nor is it theirs where they put what we are about to send.
    """
    if result is None or shows_it(row, result):
        return False
    if result.given is None and not any(_ours(row, tried)):
        return False
    return not shows_ours(row, tried, result)


def _ours(row: Delivery, tried: Tried) -> Iterator[tuple[Decimal, Decimal]]:
    if row.sent_given is not None and row.sent_maximum is not None:
        yield row.sent_given, row.sent_maximum
    for given, maximum, *_revision in tried:
        yield Decimal(str(given)), Decimal(str(maximum))
