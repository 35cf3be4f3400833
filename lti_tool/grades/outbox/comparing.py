"""Functions that compare what a cell of the gradebook shows with what we sent. Pure.

Moodle returns a grade that was taken away, and on some databases a 0, as an entry without a number
(``Result``), and leaves out cells that were never graded. So an entry without a number counts as
empty only if we never sent a score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from lti_tool.models import Delivery, LineItem
from lti_tool.services.ags import Result

Tried = Sequence[Sequence[object]]  # [given, maximum, revision, …] each, as in ``Delivery.tried``


def matches_desired(row: Delivery, result: Result | None) -> bool:
    """Return whether the cell shows the score of the row.

    False for a score without a mark. If the platform has no result for the cell, only a score
    of 0 counts as shown.
    """
    if row.score_given is None:
        return False
    if result is None:
        return row.score_given == 0
    return result.shows(row.score_given, row.score_maximum)


def shows_ours(row: Delivery, tried: Tried, result: Result | None) -> bool:
    """Return whether the cell shows a score that the LMS took from us, or may have taken.

    ``tried`` are scores whose answer is not known yet, as in ``Delivery.tried``.
    """
    return result is not None and any(result.shows(*score) for score in _ours(row, tried))


def is_foreign_change(row: Delivery, tried: Tried, result: Result | None) -> bool:
    """Return whether the cell holds a grade that somebody else entered.

    An empty cell does not, nor one that shows the score that is about to be sent.
    """
    if result is None or matches_desired(row, result):
        return False
    if result.given is None and not any(_ours(row, tried)):
        return False
    return not shows_ours(row, tried, result)


def is_grade_decided_on(row: Delivery, result: Result | None) -> bool:
    """Return whether the cell still holds the foreign grade that the row tells.

    That is the one which a teacher has seen and decided on.
    """
    theirs = (result.given, result.maximum) if result else (None, None)
    return theirs == (row.theirs_given, row.theirs_maximum)


def _ours(row: Delivery, tried: Tried) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the given and maximum points of the score last taken, and of those in ``tried``."""
    if row.sent_given is not None and row.sent_maximum is not None:
        yield row.sent_given, row.sent_maximum
        yield from _left_as_it_was(row.line_item, row)
    for given, maximum, *_more in tried:
        if given is not None:
            yield Decimal(str(given)), Decimal(str(maximum))


def _left_as_it_was(column: LineItem, row: Delivery) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the score last taken as a platform shows it that scales no grades to a new maximum."""
    given, maximum = row.sent_given, row.sent_maximum
    changed_at = column.maximum_set_at or column.maximum_asked_at
    if column.former_maximum is None or changed_at is None or not (given and maximum):
        return
    if row.delivered_at is None or row.delivered_at < changed_at:
        yield given * column.former_maximum / maximum, column.maximum
