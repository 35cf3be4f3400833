"""The averages of a class: of what is marked, one attempt a pupil. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from worksheets.reports.class_overview import AttemptSummary, Row


@dataclass(frozen=True, slots=True)
class Average:
    """The average points of ``count`` pupils, to one decimal; None for no pupil.

    ``maximum`` is None where their sheets have different ones.
    """

    points: Decimal | None
    maximum: Decimal | None
    count: int


@dataclass(frozen=True, slots=True)
class ClassAverages:
    """The averages of the points by the machine, by a teacher, and of both together.

    An answer that waits for a mark counts as nothing and not as 0: who has one is left out of the
    second and the third. A mark that a teacher has entered counts in the third alone. They are of
    marks as they were earned; ``loses`` is whether something is taken off late work among them.
    """

    automatic: Average
    by_teacher: Average
    total: Average
    loses: bool = False


def class_averages(rows: Iterable[Row]) -> ClassAverages:
    """Return the averages of pupils who have submitted and have not left the course.

    Work that pupils have done together is one; what is entered for one of them is theirs alone.
    """
    rows = [row for row in rows if not row.has_left]
    works = {row.work.attempt.pk: row.work for row in rows if row.work}
    tallies = [work.tally for work in works.values() if work.tally]
    marked = [tally for tally in tallies if not tally.unmarked]
    alone = [row for row in rows if row.counts_entered or row.work is None]
    shared = {row.work.attempt.pk: row for row in rows if row.work and not row.counts_entered}
    totals = (_total(row) for row in [*alone, *shared.values()])
    return ClassAverages(
        automatic=_average((one.automatic, one.automatic_maximum) for one in tallies),
        by_teacher=_average((one.by_teacher, one.teacher_maximum) for one in marked),
        total=_average(total for total in totals if total is not None),
        loses=any(_loses(row.work) for row in shared.values()),
    )


def _total(row: Row) -> tuple[Decimal, Decimal] | None:
    """Return the whole mark of a pupil: what is entered, if that counts; None for none."""
    if row.entered is not None and row.entered.counts:
        points = row.entered.points
        return None if points is None else (points, row.entered.maximum)
    tally = row.work.tally if row.work else None
    return (tally.total, tally.maximum) if tally and not tally.unmarked else None


def _loses(work: AttemptSummary | None) -> bool:
    """Return whether something is taken off this work as it is late."""
    if work is None or not work.attempt.assignment.late_deduction:
        return False
    return work.late is not None and work.late.percent > 0


def _average(points: Iterable[tuple[Decimal, Decimal]]) -> Average:
    """Return the average of points, each with their maximum; without a maximum they are none."""
    counted = [(given, maximum) for given, maximum in points if maximum]
    if not counted:
        return Average(None, None, 0)
    total = sum((given for given, _maximum in counted), Decimal(0))
    maxima = {maximum for _given, maximum in counted}
    only = maxima.pop() if len(maxima) == 1 else None
    return Average(round(total / len(counted), 1), only, len(counted))
