"""Places in a text as the script of a page finds them in its text area."""

from __future__ import annotations

import re
from bisect import bisect_left

from worksheets.markup import Extent


class TextArea:
    """A text as a browser holds it: in UTF-16, with one character at each line's end."""

    def __init__(self, source: str) -> None:
        self._pairs = _starts("[\U00010000-\U0010ffff]", source)
        self._line_ends = _starts("\r\n", source)

    def extent(self, start: int, end: int) -> Extent:
        """Return where an extent of the text is in the value of the text area."""
        return Extent(self._offset(start), self._offset(end))

    def _offset(self, offset: int) -> int:
        longer, shorter = (bisect_left(rows, offset) for rows in (self._pairs, self._line_ends))
        return offset + longer - shorter


def _starts(pattern: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(pattern, text)]
