"""Frames that straight lines make: a box, or a table with rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .pdf_page import Char, Line

NEAR = 3.0  # points between lines that touch
MAX_LINES = 1500  # of a page: what has more is a drawing
MIN_SIDE = 8.0  # points


@dataclass(slots=True)
class Frame:
    """Lines that touch each other and enclose something."""

    lines: list[Line]
    across: list[Line]
    down: list[Line]

    @property
    def left(self) -> float:
        return min(line.left for line in self.lines)

    @property
    def right(self) -> float:
        return max(line.right for line in self.lines)

    @property
    def top(self) -> float:
        return min(line.top for line in self.lines)

    @property
    def bottom(self) -> float:
        return max(line.bottom for line in self.lines)

    @property
    def columns(self) -> list[float]:
        return _places([line.left for line in self.down])

    @property
    def rows(self) -> list[float]:
        return _places([line.top for line in self.across])

    @property
    def is_table(self) -> bool:
        return len(self.columns) > 2 or len(self.rows) > 2

    def holds(self, char: Char) -> bool:
        """Return whether a letter stands inside."""
        middle = (char.left + char.right) / 2
        return self.left <= middle <= self.right and self.top <= char.middle <= self.bottom

    def cells(self) -> list[list[Line]]:
        """Return the cells of each row; those without a line between them are one."""
        columns, rows = self.columns, self.rows
        made: list[list[Line]] = []
        for top, bottom in pairwise(rows):
            row: list[Line] = []
            middle = (top + bottom) / 2
            for left, right in pairwise(columns):
                if row and not self._has_side(left, middle):
                    row[-1] = Line(row[-1].left, right, top, bottom)
                else:
                    row.append(Line(left, right, top, bottom))
            made.append(row)
        return made

    def _has_side(self, place: float, middle: float) -> bool:
        return any(
            abs(line.left - place) < NEAR and line.top - 1 <= middle <= line.bottom + 1
            for line in self.down
        )


def frames_of(across: Sequence[Line], down: Sequence[Line]) -> list[Frame]:
    """Return the frames that lines across and down make where they touch."""
    if not down or len(across) + len(down) > MAX_LINES:
        return []
    lines = [*across, *down]
    parents = list(range(len(lines)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for one, flat in enumerate(across):
        for two, upright in enumerate(down, len(across)):
            if _touch(flat, upright):
                parents[root(one)] = root(two)
    groups: dict[int, list[int]] = {}
    for at in range(len(lines)):
        groups.setdefault(root(at), []).append(at)
    frames = []
    for group in groups.values():
        flats = [lines[at] for at in group if at < len(across)]
        uprights = [lines[at] for at in group if at >= len(across)]
        frame = Frame([*flats, *uprights], flats, uprights)
        if len(flats) < 2 or len(uprights) < 2 or len(frame.rows) < 2 or len(frame.columns) < 2:
            continue
        if frame.right - frame.left > MIN_SIDE and frame.bottom - frame.top > MIN_SIDE:
            frames.append(frame)
    return frames


def _touch(flat: Line, upright: Line) -> bool:
    return (
        flat.left - NEAR <= upright.left <= flat.right + NEAR
        and upright.top - NEAR <= flat.top <= upright.bottom + NEAR
    )


def _places(values: Sequence[float]) -> list[float]:
    made: list[float] = []
    for value in sorted(values):
        if not made or value - made[-1] > NEAR:
            made.append(value)
    return made
