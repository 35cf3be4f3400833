"""What a teacher sees of a class: who has begun, submitted, earned what. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.grades import Receipt
from lti_tool.models import User
from worksheets import gradebook
from worksheets.gradebook import Tally
from worksheets.models import Assignment, Attempt, Mark


@dataclass(frozen=True, slots=True)
class Row:
    """One pupil. ``tally`` is None until they submit, ``receipt`` until a score exists."""

    attempt: Attempt
    user: User
    tally: Tally | None
    receipt: Receipt | None

    @property
    def may_release(self) -> bool:
        """Everything is marked and not yet released; gaps alone need no release."""
        return (
            self.tally is not None
            and not self.attempt.is_released
            and not self.tally.unmarked
            and self.tally.written_maximum > 0
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole class, by family name."""

    rows: Sequence[Row]

    @property
    def submitted(self) -> int:
        return sum(row.attempt.is_submitted for row in self.rows)

    @property
    def released(self) -> int:
        return sum(row.attempt.is_released for row in self.rows)

    @property
    def to_mark(self) -> int:
        """Pupils who have submitted and wait for a mark."""
        return sum(bool(row.tally and row.tally.unmarked) for row in self.rows)

    @property
    def releasable(self) -> list[Row]:
        return [row for row in self.rows if row.may_release]

    @property
    def not_accepted(self) -> int:
        """Scores that somebody must look at."""
        return sum(row.receipt is not None and row.receipt.problem is not None for row in self.rows)


def overview(assignment: Assignment) -> Overview:
    """Everybody who has begun this assignment; three statements, whatever the class's size."""
    attempts = list(assignment.attempts.select_related("user", "edition"))
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__assignment=assignment):
        marks[mark.attempt_id].append(mark)
    receipts = gradebook.receipts(assignment.link)
    rows = [
        Row(
            attempt=attempt,
            user=attempt.user,
            tally=_tally(attempt, marks[attempt.pk]),
            receipt=receipts.get(attempt.user_id),
        )
        for attempt in attempts
    ]
    return Overview(sorted(rows, key=lambda row: row.user.sort_name))


def next_to_mark(assignment: Assignment, after: Attempt) -> Attempt | None:
    """The next pupil, by name, whose written answers wait for a mark; from the top again."""
    rows = overview(assignment).rows
    here = next((i for i, row in enumerate(rows) if row.attempt.pk == after.pk), 0)
    for row in [*rows[here + 1 :], *rows[:here]]:
        if row.tally is not None and row.tally.unmarked:
            return row.attempt
    return None


def _tally(attempt: Attempt, marks: list[Mark]) -> Tally | None:
    return gradebook.tally(attempt.edition.sheet, marks) if attempt.is_submitted else None
