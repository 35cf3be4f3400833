"""The lines of a rubric that earn marks, and the marks that the chosen ones make.

A teacher writes them below ``rubric:`` as people write them on paper: '2 marks for each reason', '1
mark for a date', 'up to 3 marks for evidence', '+1 a date', '2: names one cause'. Of lines that
begin with 'level' ('level 2: names one cause') at most one is chosen. What does not begin with a
number is a remark, and no line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

MAX_LINES = 30
_LINE = re.compile(
    r"""
    [-*•]?\s*
    (?P<level>(?:levels?|stufe|niveau)\s+)?
    (?:up\s+to\s+|bis\s+zu\s+|jusqu['’]à\s+)?
    \+?(?P<points>\d{1,3}(?:[.,]\d{1,2})?)
    (?:
        \s*(?:marks?|points?|pts?\.?|punkte?|p\.?)\b\s*(?:[:=–-]|for\b|f[üu]r\b|pour\b)?
        | \s*[:=–]
        | (?=\s)
    )
    \s*(?P<text>\S.*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A number without a word behind it is the points only after a sign: '1935 was the year' is a text.
_SIGNED = re.compile(r"[-*•]?\s*(?:\+|(?:levels?|stufe|niveau)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RubricLine:
    """A line that earns points; ``number`` stays the same while the line is changed or deleted."""

    number: int
    text: str
    points: Decimal
    is_level: bool = False
    is_deleted: bool = False


class NoSuchChoice(ValueError):
    """The error for lines that are not in the rubric, or two levels at once."""


def read_rubric(text: str, maximum: Decimal | None) -> list[RubricLine]:
    """Return the lines of a sheet's rubric; none that earns more than the question's marks."""
    lines: list[RubricLine] = []
    for row in text.splitlines():
        found = _LINE.fullmatch(row.strip())
        if found is None or not (_says_points(row.strip(), found) and len(lines) < MAX_LINES):
            continue
        points = Decimal(found["points"].replace(",", "."))
        if maximum is None or points <= maximum:
            number = len(lines) + 1
            lines.append(RubricLine(number, found["text"].strip(), points, bool(found["level"])))
    return lines


def _says_points(row: str, found: re.Match[str]) -> bool:
    """Return whether the number at the beginning is meant as points."""
    behind = row[found.end("points") : found.start("text")]
    return bool(behind.strip()) or _SIGNED.match(row) is not None


def choose(lines: Sequence[RubricLine], numbers: Iterable[int]) -> list[RubricLine]:
    """Return the chosen lines in the rubric's order. Raise NoSuchChoice."""
    wanted = set(numbers)
    chosen = [line for line in lines if line.number in wanted]
    if len(chosen) != len(wanted) or sum(line.is_level for line in chosen) > 1:
        raise NoSuchChoice
    return chosen


def points_of(lines: Iterable[RubricLine], maximum: Decimal) -> Decimal:
    """Return the marks that these lines make, at most the question's."""
    return min(sum((line.points for line in lines), Decimal(0)), maximum)


def digest(lines: Iterable[RubricLine]) -> str:
    """Return a short text that stands for a rubric: another one for any other rubric."""
    rows = [(one.number, one.text, str(one.points.normalize()), one.is_level) for one in lines]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
