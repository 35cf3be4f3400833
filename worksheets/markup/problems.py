"""The problems that the parser finds in a text, collected while it reads."""

from __future__ import annotations

from collections.abc import Callable

from .messages import Message
from .sheet import MarkupProblem, Severity
from .source import Line

Report = Callable[[str, int, Message], None]
"""A function that takes a problem's code, its offset in the text being read, and a message."""


class Problems:
    """A list of problems that is handed from reader to reader."""

    def __init__(self) -> None:
        self._rows: list[MarkupProblem] = []

    def error(self, code: str, at: tuple[int, int], message: Message) -> None:
        """Add a problem that keeps the sheet from being published."""
        self._rows.append(MarkupProblem(code, Severity.ERROR, *at, message))

    def warning(self, code: str, at: tuple[int, int], message: Message) -> None:
        """Add a problem that does not keep the sheet from being published."""
        self._rows.append(MarkupProblem(code, Severity.WARNING, *at, message))

    def sorted(self) -> tuple[MarkupProblem, ...]:
        """Return the problems in the order of the text."""
        return tuple(sorted(self._rows, key=lambda row: (row.line, row.column)))


def start(line: Line) -> tuple[int, int]:
    """Return the line number and column of a line's first visible character."""
    line = line.stripped()
    return line.number, line.column
