"""What marking says about a sheet's gaps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"  # earns some of the gap's points
    WRONG = "wrong"
    UNANSWERED = "unanswered"  # a blank is not wrong


@dataclass(frozen=True, slots=True)
class GapResult:
    """How one gap was marked. ``spelling`` and ``feedback`` may be shown to the pupil."""

    key: str
    response: str  # as given
    points: Decimal
    maximum: Decimal
    verdict: Verdict
    spelling: str = ""  # a slip was forgiven: the teacher's spelling
    feedback: str = ""  # of the anticipated wrong answer that was given
    repeated: bool = False  # right, but its answer has earned in another gap of the group


@dataclass(frozen=True, slots=True)
class GapMarks:
    """How all gaps of a sheet were marked, in the order of the sheet."""

    results: tuple[GapResult, ...]
    points: Decimal
    maximum: Decimal
    answered: int  # gaps that are not blank

    def mark(self, *, submitted: bool) -> Decimal | None:
        """The mark as a gradebook should have it.

        While nothing is answered there is none (None, not 0): nobody failed a sheet
        that they have not begun. Submitting it blank makes it 0.
        """
        return self.points if submitted or self.answered else None
