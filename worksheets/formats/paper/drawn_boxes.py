"""Boxes and tables that a text draws with signs: '+-----+' above and below, '|' at the sides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.formats.readers.rows import Row

_BORDER = re.compile(r"\s*(?:\+(?:[-=]+\+)+|[┌├└╔╠╚╭╰┏┣┗][─═━┬┼┴╦╬╩┳╋┻]+[┐┤┘╗╣╝╮╯┓┫┛])\s*\Z")
_SIDE = "|│║┃"


def without_borders(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without drawn borders: what stands in one cell is in a box.

    Rows with several cells are those of a table.
    """
    made: list[Row] = []
    number = max((max(row.look.box, row.look.table) for row in rows), default=0)
    inside: list[Row] = []  # the rows below a border
    is_open = False
    for row in rows:
        if _BORDER.match(row):
            made += _boxed(inside, number + 1) if is_open else inside
            number += bool(inside) and is_open
            inside, is_open = [], True
        elif is_open and _cells(row):
            inside.append(row)
        else:
            made += [*inside, row]
            inside, is_open = [], False
    return made + inside


def _cells(row: str) -> list[str]:
    """Return what stands between the sides of a row, [] for a row without."""
    text = row.strip()
    if len(text) < 2 or text[0] not in _SIDE or text[-1] not in _SIDE:
        return []
    return re.split(rf"(?<!\\)[{_SIDE}]", text[1:-1])


def _boxed(rows: Sequence[Row], number: int) -> list[Row]:
    if any(len(_cells(row)) > 1 for row in rows):
        return [
            Row(f"| {' | '.join(cell.strip() for cell in _cells(row))} |", row.look, table=number)
            for row in rows
        ]
    return [Row(_cells(row)[0].strip(), row.look, box=number) for row in rows]
