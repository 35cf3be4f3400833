"""Places in a text as the script of a page finds them in its text area."""

from __future__ import annotations

import re
from bisect import bisect_left

from worksheets import authoring
from worksheets.markup import Extent
from worksheets.markup.source import read_lines
from worksheets.models import Worksheet


class TextArea:
    """A text as a browser holds it: in UTF-16, with one character at each line's end."""

    def __init__(self, source: str) -> None:
        self._pairs = _starts("[\U00010000-\U0010ffff]", source)
        self._line_ends = _starts("\r\n", source)

    def extent(self, start: int, end: int) -> Extent:
        """Return where an extent of the text is in the value of the text area."""
        return Extent(self._offset(start), self._offset(end))

    def index(self, offset: int) -> int:
        """Return where a place of the text area's value is in a text without carriage returns."""
        longer = 0
        for pair in self._pairs:
            # A pair of surrogates is one character; a place between its halves is after it.
            if pair + longer + 1 > offset:
                break
            longer += 1
        return max(offset - longer, 0)

    def _offset(self, offset: int) -> int:
        longer, shorter = (bisect_left(rows, offset) for rows in (self._pairs, self._line_ends))
        return offset + longer - shorter


def _starts(pattern: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(pattern, text)]


def open_cautions(
    worksheet: Worksheet, source: str, without: frozenset[str] = frozenset()
) -> list[tuple[int, str, Extent]]:
    """Return the notes of the import that are not answered: the line, what to check, its place.

    Notes that have one of the states ``without`` are left out.
    """
    lines, area = read_lines(source), TextArea(source)
    return [
        (line, message, area.extent(*lines[line - 1].extent))
        for line, message, *state in worksheet.cautions
        if line <= len(lines) and not {authoring.DONE, *without} & {*state}
    ]
