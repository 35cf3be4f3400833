"""The program that reads a table from standard input, and writes its cells as JSON.

``reading`` runs it as a process of its own: a file made to exhaust memory or time then costs this
process and not the server. To standard output it writes a list of rows, each a list of texts.
Where it knows what is wrong it writes a sentence, and its values, as JSON to standard error; then
it exits with 3.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
from contextlib import suppress
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path

# A program that is run by its path finds the package that it is part of.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from worksheets.formats.readers.errors import DAMAGED, TOO_LARGE, ExtractError
from worksheets.formats.tables.guards import unguard
from worksheets.formats.tables.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS

MAX_MEMORY_BYTES = 500_000_000
MAX_CPU_SECONDS = 10
KNOWN = 3
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";,\t"
_LINE_END = re.compile(r"[\r\n]")  # older spreadsheets on a Mac end lines with \r alone


def read(data: bytes) -> list[list[str]]:
    """Return the rows of a file. Raise ExtractError if it is known what is wrong with it."""
    if data.startswith((_ZIP, _OLE)):
        return _read_workbook(data)
    return _read_csv(_decoded(data))


def _read_workbook(data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet of an XLSX, XLS or ODS file."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
            raise ExtractError(TOO_LARGE)
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, OSError):
        raise ExtractError(DAMAGED) from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    match cell:
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            # A formula's 1.1 + 2.2 is 3.3000000000000003; spreadsheets show fifteen digits of it.
            return f"{cell:.15g}"
        case str() | bool() | int() | date() | time() | timedelta():
            return str(cell)[:MAX_CELL_CHARACTERS]
        case _:
            return ""


def _decoded(data: bytes) -> str:
    """Return the text of a CSV, as today's and older spreadsheets save it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read_csv(text: str) -> list[list[str]]:
    head = _LINE_END.split(text, maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = list(islice(lines, MAX_ROWS + 1))
    except csv.Error:
        raise ExtractError(DAMAGED) from None
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise ExtractError(TOO_LARGE)
    return [[unguard(cell) for cell in row] for row in rows]


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        try:
            out = json.dumps(read(sys.stdin.buffer.read())).encode()
        except MemoryError:
            raise ExtractError(TOO_LARGE) from None
    except ExtractError as error:
        sys.stderr.write(json.dumps([str(error), error.values]) + "\n")
        return KNOWN
    sys.stdout.buffer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
