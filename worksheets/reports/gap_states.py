"""The states of the gaps of submitted work, for many attempts at once. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from worksheets.models import Answer, Attempt, Mark


class GapState(StrEnum):
    """The results of a gap in a submitted attempt."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    BLANK = "blank"
    NOT_COUNTED = "not-counted"


def gap_states(attempts: Iterable[Attempt]) -> dict[int, list[GapState]]:
    """Return the states of the gaps of each attempt, in the order of its sheet, by ``Attempt.pk``.

    Attempts without a gap are left out. It takes two SQL statements.
    """
    shown = [attempt for attempt in attempts if attempt.edition.sheet.gaps]
    answered: defaultdict[int, set[str]] = defaultdict(set)
    marks: defaultdict[int, dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    if shown:
        of_gaps = {"attempt__in": [attempt.pk for attempt in shown], "item__startswith": "g"}
        said = Answer.objects.filter(**of_gaps).exclude(text="")
        for attempt_id, item in said.values_list("attempt", "item"):
            answered[attempt_id].add(item)
        given = Mark.objects.filter(**of_gaps).values_list("attempt", "item", "points", "maximum")
        for attempt_id, item, points, maximum in given:
            marks[attempt_id][item] = points, maximum
    return {
        attempt.pk: [
            _gap_state(marks[attempt.pk].get(gap.key), is_blank=gap.key not in answered[attempt.pk])
            if gap.is_counted
            else GapState.NOT_COUNTED
            for gap in attempt.edition.sheet.gaps
        ]
        for attempt in shown
    }


def _gap_state(mark: tuple[Decimal, Decimal] | None, *, is_blank: bool) -> GapState:
    """Return the state of a gap with these points out of their maximum, None for no mark."""
    if mark is not None and mark[0] > 0:
        return GapState.RIGHT if mark[0] == mark[1] else GapState.PARTLY
    return GapState.BLANK if is_blank else GapState.WRONG
