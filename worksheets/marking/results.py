"""The results of marking a sheet's gaps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class GapVerdict(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"  # earns some of the gap's points
    WRONG = "wrong"
    UNANSWERED = "unanswered"  # a blank is not wrong
    NOT_COUNTED = "not-counted"  # nothing is earned there, with any answer or none


@dataclass(frozen=True, slots=True)
class GapResult:
    """The marking of one gap. ``spelling`` and ``feedback`` may be shown to the pupil."""

    key: str
    response: str  # as given
    points: Decimal
    maximum: Decimal
    verdict: GapVerdict
    spelling: str = ""  # a slip was forgiven: the teacher's spelling
    feedback: str = ""  # what the teacher says of this answer
    repeated: bool = False  # right, but its answer has earned in another gap of the group


@dataclass(frozen=True, slots=True)
class GapMarks:
    """The marking of all gaps of a sheet, in the order of the sheet."""

    results: tuple[GapResult, ...]
    points: Decimal
    maximum: Decimal
    answered: int  # gaps that are not blank

    def mark(self, *, submitted: bool) -> Decimal | None:
        """Return the mark for a gradebook, or None while nothing is answered or submitted.

        A pupil who has not begun a sheet has not failed it. Submitting it blank makes it 0.
        """
        return self.points if submitted or self.answered else None
