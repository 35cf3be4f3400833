"""The program that reads a file from outside on standard input and writes out its lines as JSON.

``papers`` runs it as a process of its own: a file made to exhaust memory or time then costs
this process and not the server. To standard error it writes 'page 3 of 6' as it begins a page
and, where it knows what is wrong, a sentence and the values in it, as JSON; then it exits with 3.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

# A program that is run by its path finds the package that it is part of.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from worksheets.formats.readers.errors import DAMAGED, TOO_LARGE, ExtractError
from worksheets.formats.readers.rows import Note, Row, dump

MAX_MEMORY_BYTES = 500_000_000
MAX_CPU_SECONDS = 15
MAX_TEXT_LENGTH = 1_000_000
KNOWN = 3


def read(suffix: str, data: bytes) -> tuple[list[Row], list[Note]]:
    """Return the lines of a file. Raise ExtractError if it is known why it cannot be read."""
    try:
        match suffix:
            case ".docx":
                from worksheets.formats.readers.word import read_docx

                return read_docx(data)
            case ".odt":
                from worksheets.formats.readers.opendocument import read_odt

                return read_odt(data)
            case ".rtf":
                from worksheets.formats.readers.rtf import read_rtf

                return read_rtf(data)
            case _:
                from worksheets.formats.readers.pdf import read_pdf

                return read_pdf(data)
    except MemoryError:
        raise ExtractError(TOO_LARGE) from None
    except RecursionError:
        raise ExtractError(DAMAGED) from None


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        rows, notes = read(sys.argv[1], sys.stdin.buffer.read())
        length, kept = 0, []
        for row in rows:
            length += len(row) + 1
            if length > MAX_TEXT_LENGTH:
                break
            kept.append(row)
        out = dump(kept, notes)
    except ExtractError as error:
        sys.stderr.write(json.dumps([str(error), error.values]) + "\n")
        return KNOWN
    sys.stdout.buffer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
