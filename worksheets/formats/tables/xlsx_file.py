"""A table as XLSX: text as text cells, numbers as numbers, nothing as a formula or a link.

XlsxWriter makes formulas, links and numbers of text that looks like them unless it is told not to,
and leaves out links beyond 65,530: ``write_string`` does none of that.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from .table import Cell, Table

MAX_CELL = 32_767  # UTF-16 units, https://support.microsoft.com/office/1672b34d
_WIDTHS = (8, 40)  # characters of a column
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_xlsx(table: Table, *, cut_note: Callable[[int], str]) -> bytes:
    """Return the table as XLSX.

    Text that Excel cannot hold is cut, and ends with what ``cut_note`` makes of its length.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet(_NOT_IN_NAMES.sub(" ", table.name).strip()[:31] or None)
    head, time = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(table.head):
        sheet.write_string(0, column, _fitting(text, cut_note), head)
        sheet.set_column(column, column, min(max(len(text), _WIDTHS[0]), _WIDTHS[1]))
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, time, cut_note)
    book.close()
    return out.getvalue()


def _write(
    sheet: Any, row: int, column: int, cell: Cell, time: Any, cut_note: Callable[[int], str]
) -> None:
    match cell:
        case None | "":
            return
        case str():
            sheet.write_string(row, column, _fitting(cell, cut_note))
        case datetime():
            sheet.write_datetime(row, column, cell.replace(tzinfo=None), time)
        case int() | Decimal():
            sheet.write_number(row, column, cell)


def _fitting(text: str, cut_note: Callable[[int], str]) -> str:
    """Return the text, or as much of it as fits before the note that it is cut."""
    if _units(text) <= MAX_CELL:
        return text
    note = f" … {cut_note(len(text))}"
    kept = text.encode("utf-16-le", errors="replace")[: 2 * (MAX_CELL - _units(note))]
    # Half of a character that has two units is left out.
    return kept.decode("utf-16-le", errors="ignore") + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="replace")) // 2
