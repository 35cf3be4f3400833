"""Lines and spans of the source: text that knows where it stands there."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

TAB = 4

_LINE_END = re.compile(r"(\r\n?|\n)")
# Half a surrogate pair cannot be stored as UTF-8, and PostgreSQL refuses NUL.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# A PDF's text has a form feed where a page ends.
_PAGE_ENDS = str.maketrans({"\f": " ", "\v": " "})


class Extent(NamedTuple):
    """A stretch of the source: the offset of its first character, and that after its last.

    Offsets count characters of the text that was parsed, line ends and byte order mark included.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source, or what is left of it; ``start`` is where that begins there."""

    text: str
    number: int
    start: int = 0

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def extent(self) -> Extent:
        """Return where the line stands, without white space at either end."""
        line = self.stripped()
        return Extent(line.start, line.start + len(line.text))

    @property
    def indent(self) -> int:
        """Return the leading white space in columns; a tab reaches the next multiple of four."""
        lead = self.text[: len(self.text) - len(self.text.lstrip())]
        return len(lead.expandtabs(TAB))

    def cut(self, start: int, end: int | None = None) -> Line:
        """Return the part of the line between two offsets."""
        return Line(self.text[start:end], self.number, self.start + start)

    def stripped(self) -> Line:
        """Return the line without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return Line(self.text.strip(), self.number, self.start + start)

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
    """Text put together from pieces. ``anchors`` are where each begins in it and in the source."""

    text: str
    anchors: tuple[tuple[int, int], ...]

    @property
    def extent(self) -> Extent:
        """Return where the whole text stands."""
        return self.extent_of(0, len(self.text))

    def extent_of(self, start: int, end: int) -> Extent:
        """Return where the characters from ``start`` to ``end`` stand in the source."""
        offset, first = self._anchor(start)
        last_offset, last = self._anchor(end - 1) if start < end else (offset, first)
        return Extent(first + start - offset, last + end - last_offset)

    def _anchor(self, offset: int) -> tuple[int, int]:
        return self.anchors[bisect_right(self.anchors, (offset, sys.maxsize)) - 1]


def join(pieces: Iterable[Line], between: str) -> Span:
    """Return the pieces as one text, with ``between`` between them."""
    texts: list[str] = []
    anchors: list[tuple[int, int]] = []
    offset = 0
    for piece in pieces:
        anchors.append((offset, piece.start))
        texts.append(piece.text)
        offset += len(piece.text) + len(between)
    return Span(between.join(texts), tuple(anchors))


def span(lines: Sequence[Line]) -> Span:
    """Return the lines as one running text: indentation gone, inner line ends kept."""
    texts: list[str] = []
    anchors: list[tuple[int, int]] = []
    offset = 0
    for line in lines:
        text = line.text.lstrip()
        anchors.append((offset, line.start + len(line.text) - len(text)))
        texts.append(text)
        offset += len(text) + 1
    texts[-1] = texts[-1].rstrip()
    return Span("\n".join(texts), tuple(anchors))


def storable(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates and NUL, which databases refuse."""
    return _UNSTORABLE.sub("\ufffd", text)


def read_lines(source: str) -> list[Line]:
    """Return the source as lines that are safe to store and to show.

    What is replaced is replaced by one character, so that offsets remain those of the source.
    """
    text = storable(source).translate(_PAGE_ENDS)
    bare = text.removeprefix("\ufeff")
    parts = _LINE_END.split(bare)  # lines, and the line ends between them
    starts = accumulate(map(len, parts), initial=len(text) - len(bare))
    rows = zip(parts[::2], islice(starts, 0, None, 2), strict=True)
    return [Line(line, number, start) for number, (line, start) in enumerate(rows, 1)]


def first_unescaped(mark: re.Pattern[str], text: str, start: int = 0) -> int:
    r"""Return the offset of the first mark without a backslash before it, or -1.

    The pattern is ``\\.|(mark)``: its group is empty where it passes over an escaped character.
    """
    return next((match.start() for match in mark.finditer(text, start) if match[1]), -1)
