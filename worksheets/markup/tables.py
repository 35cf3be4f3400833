"""Tables: rows of cells between bars, as in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .source import Line, Span, join

_BAR = re.compile(r"(\\)?\|")
_DASHES = re.compile(r":?-+:?")


def is_table(lines: Sequence[Line], at: int) -> bool:
    """Return whether the head of a table stands here, with its line of dashes below."""
    if at + 1 >= len(lines) or "|" not in lines[at].text:
        return False
    dashes = lines[at + 1].text.strip()
    if "|" not in dashes or dashes.strip("|:- \t"):
        return False
    below = [cell.text for cell in split_row(lines[at + 1])]
    return all(map(_DASHES.fullmatch, below)) and 0 < len(below) == len(split_row(lines[at]))


def split_row(line: Line) -> list[Span]:
    r"""Return the cells of a row. ``\|`` is a bar inside a cell, also inside a gap."""
    line = line.stripped()
    if line.text.startswith("|"):
        line = line.cut(1)
    cells: list[Span] = []
    parts: list[Line] = []
    start = 0
    for bar in _BAR.finditer(line.text):
        parts.append(line.cut(start, bar.start()))
        start = bar.end()
        if bar[1]:
            start -= 1  # the bar without its backslash
        else:
            cells.append(_cell(parts))
            parts = []
    rest = line.cut(start)
    if rest.text or parts:
        cells.append(_cell([*parts, rest]))
    return cells


def _cell(parts: Sequence[Line]) -> Span:
    """Return one cell, put together from its pieces without the backslashes before bars."""
    first, *others = parts
    cell = join([first.cut(len(first.text) - len(first.text.lstrip())), *others], "")
    return Span(cell.text.rstrip(), cell.anchors)
