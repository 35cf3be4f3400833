"""A class in which nobody's marks can be followed by name while its answers are marked without.

Whoever marks answers with hidden names and sees next door whose total has just risen knows whose
answer that was.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from worksheets.reports.class_overview import AttemptSummary, Overview


def is_being_marked(seen: Overview) -> bool:
    """Return whether an answer of the class waits for a mark."""
    return any(row.waits_for_mark for row in seen.present)


def without_totals(seen: Overview) -> Overview:
    """Return the class as if a teacher had marked nothing yet of what is not released."""
    rows = [replace(row, works=[_without_total(work) for work in row.works]) for row in seen.rows]
    return replace(seen, rows=rows)


def _without_total(work: AttemptSummary) -> AttemptSummary:
    if work.tally is None or work.attempt.is_released:
        return work
    waiting = len(work.attempt.edition.sheet.must_be_marked)
    tally = replace(work.tally, by_teacher=Decimal(0), unmarked=waiting)
    # A short answer in the list would tell whose it is, too.
    return replace(work, tally=tally, listed=())
