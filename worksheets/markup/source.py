"""Lines and spans of the source: text with its line and column there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

TAB = 4

_LINE_ENDS = re.compile(r"\r\n?")
# Half a surrogate pair cannot be stored as UTF-8, and PostgreSQL refuses NUL.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# A PDF's text has a form feed where a page ends.
_PAGE_ENDS = str.maketrans({"\f": " ", "\v": " "})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source, or what is left of it; ``column`` is that of its first character."""

    text: str
    number: int
    column: int = 1

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """Return the leading white space in columns; a tab reaches the next multiple of four."""
        lead = self.text[: len(self.text) - len(self.text.lstrip())]
        return len(lead.expandtabs(TAB))

    def cut(self, start: int, end: int | None = None) -> Line:
        """Return the part of the line between two offsets."""
        return Line(self.text[start:end], self.number, self.column + start)

    def stripped(self) -> Line:
        """Return the line without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return Line(self.text.strip(), self.number, self.column + start)

    def outdented(self, columns: int) -> Line:
        """Return the line without that many columns of its indentation."""
        width = 0
        for offset, char in enumerate(self.text):
            if width >= columns or not char.isspace():
                return self.cut(offset)
            width += TAB - width % TAB if char == "\t" else 1
        return self.cut(len(self.text))


@dataclass(frozen=True, slots=True)
class Span:
    """Text put together from lines. ``anchors`` are (offset, line, column), in order."""

    text: str
    anchors: tuple[tuple[int, int, int], ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column in the source of one character of the text."""
        index = bisect_right(self.anchors, offset, key=lambda anchor: anchor[0]) - 1
        start, line, column = self.anchors[max(index, 0)]
        return line, column + offset - start


def span(lines: Sequence[Line]) -> Span:
    """Return the lines as one running text: indentation gone, inner line ends kept."""
    texts: list[str] = []
    anchors: list[tuple[int, int, int]] = []
    offset = 0
    last = len(lines) - 1
    for index, line in enumerate(lines):
        text = line.text.lstrip()
        column = line.column + len(line.text) - len(text)
        text = text.rstrip() if index == last else text
        anchors.append((offset, line.number, column))
        texts.append(text)
        offset += len(text) + 1
    return Span("\n".join(texts), tuple(anchors))


def storable(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates and NUL, which databases refuse."""
    return _UNSTORABLE.sub("\ufffd", text)


def read_lines(source: str) -> list[Line]:
    """Return the source as lines that are safe to store and to show."""
    text = _LINE_ENDS.sub("\n", source.removeprefix("\ufeff"))
    text = storable(text).translate(_PAGE_ENDS)
    return [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]


def first_unescaped(mark: re.Pattern[str], text: str, start: int = 0) -> int:
    r"""Return the offset of the first mark without a backslash before it, or -1.

    The pattern is ``\\.|(mark)``: its group is empty where it passes over an escaped character.
    """
    return next((match.start() for match in mark.finditer(text, start) if match[1]), -1)
