"""A table as CSV (RFC 4180), in the forms of the reader's language.

A spreadsheet whose language writes 2,5 takes a comma for the decimal sign, and expects semicolons
between cells. The mark of UTF-8 at the beginning tells Excel the encoding.
"""

from __future__ import annotations

import codecs
import csv
import io
from datetime import datetime
from decimal import Decimal

from .guards import guard
from .table import Cell, Table


def write_csv(table: Table, *, decimal_comma: bool) -> bytes:
    """Return the table as CSV, whose numbers have no thousands' mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if decimal_comma else ",", lineterminator="\r\n")
    writer.writerow(map(guard, table.head))
    for row in table.rows:
        writer.writerow([_text(cell, decimal_comma=decimal_comma) for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", errors="replace")


def _text(cell: Cell, *, decimal_comma: bool) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guard(cell)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case Decimal():
            plain = f"{cell.normalize() + 0:f}"
            return plain.replace(".", ",") if decimal_comma else plain
        case _:
            return str(cell)
