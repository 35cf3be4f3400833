"""What the parser has to say about a text, collected while it reads."""

from __future__ import annotations

from collections.abc import Callable

from .sentences import Sentence
from .sheet import Problem, Severity
from .source import Line

Report = Callable[[str, int, Sentence], None]
"""Takes a problem's code, the offset in the text that is being read, and the message."""


class Problems:
    """A list of problems that is handed from reader to reader."""

    def __init__(self) -> None:
        self._rows: list[Problem] = []

    def error(self, code: str, at: tuple[int, int], message: Sentence) -> None:
        """Something that keeps the sheet from being published."""
        self._rows.append(Problem(code, Severity.ERROR, *at, message))

    def warning(self, code: str, at: tuple[int, int], message: Sentence) -> None:
        """Something worth a look."""
        self._rows.append(Problem(code, Severity.WARNING, *at, message))

    def sorted(self) -> tuple[Problem, ...]:
        """All of them, in the order of the text."""
        return tuple(sorted(self._rows, key=lambda row: (row.line, row.column)))


def start(line: Line) -> tuple[int, int]:
    """Where a line's first visible character stands."""
    line = line.stripped()
    return line.number, line.column
