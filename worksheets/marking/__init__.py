"""Marking: what a pupil's responses earn. Pure; every mark is exact.

``mark_gaps`` marks the gaps of a sheet. How a gap is marked, in a teacher's words, is in
``docs/marking.md``.
"""

from worksheets.marking.gaps import MAX_RESPONSE_LENGTH, is_too_long, mark_gaps
from worksheets.marking.results import GapMarks, GapResult, GapVerdict

__all__ = [
    "MAX_RESPONSE_LENGTH",
    "GapMarks",
    "GapResult",
    "GapVerdict",
    "is_too_long",
    "mark_gaps",
]
