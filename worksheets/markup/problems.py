"""The problems that the parser finds in a text, collected while it reads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from .messages import Message
from .sheet import MarkupProblem, Severity
from .source import Extent, Line

Report = Callable[[str, int, int, Message], None]
"""A function that takes a problem's code, where it begins and ends in the text being read, and a
message."""


class Problems:
    """A list of problems that is handed from reader to reader."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rows: list[MarkupProblem] = []
        self._starts = [line.start for line in lines]

    def error(self, code: str, extent: Extent, message: Message) -> None:
        """Add a problem that keeps the sheet from being published."""
        self._add(code, Severity.ERROR, extent, message)

    def warning(self, code: str, extent: Extent, message: Message) -> None:
        """Add a problem that does not keep the sheet from being published."""
        self._add(code, Severity.WARNING, extent, message)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset in the source, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def sorted(self) -> tuple[MarkupProblem, ...]:
        """Return the problems in the order of the text."""
        return tuple(sorted(self._rows, key=lambda row: row.start))

    def _add(self, code: str, severity: Severity, extent: Extent, message: Message) -> None:
        line, column = self.place(extent.start)
        self._rows.append(MarkupProblem(code, severity, line, column, *extent, message))
