"""The reading of a table from outside, by a process of its own with limits."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from worksheets.formats import children
from worksheets.formats.children import TookTooLong
from worksheets.formats.readers.errors import DAMAGED, TOO_LARGE
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _

from .limits import MAX_FILE_BYTES, MAX_READ_BYTES

SECONDS = 20.0
_WAIT = 10.0  # seconds until others are read
_PROGRAM = Path(__file__).with_name("program.py")
_KNOWN = 3
_BUSY = _("Other files are being read right now. Try again in a moment.")
_TOOK_TOO_LONG = _("This file took too long to read.")
# One child may take hundreds of megabytes; several at once would exhaust the server.
_READING = threading.BoundedSemaphore(2)


class UnreadableTable(Exception):
    """The error for a file that is no table; its ``sentence`` says why, for a teacher."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_table(data: bytes) -> list[list[str]]:
    """Return the cells of a CSV, XLSX, XLS or ODS file as texts. Raise UnreadableTable."""
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableTable(Message(TOO_LARGE))
    if not _READING.acquire(timeout=_WAIT):
        raise UnreadableTable(_BUSY)
    try:
        child = children.run(_PROGRAM, data=data, seconds=SECONDS)
    except TookTooLong:
        raise UnreadableTable(_TOOK_TOO_LONG) from None
    finally:
        _READING.release()
    if child.returncode == 0:
        return _loaded(child.stdout)
    lines = child.stderr.decode("utf-8", errors="replace").strip().splitlines()
    if child.returncode == _KNOWN and lines:
        sentence, values = json.loads(lines[-1])
        raise UnreadableTable(Message(sentence, **values))
    raise UnreadableTable(Message(DAMAGED))


def _loaded(out: bytes) -> list[list[str]]:
    """Return the rows that the child has written; a file may have taken it over."""
    if len(out) > MAX_READ_BYTES:
        raise UnreadableTable(Message(TOO_LARGE))
    try:
        rows = json.loads(out)
    except (ValueError, RecursionError):
        raise UnreadableTable(Message(DAMAGED)) from None
    if not isinstance(rows, list):
        raise UnreadableTable(Message(DAMAGED))
    return [
        [cell for cell in row if isinstance(cell, str)] for row in rows if isinstance(row, list)
    ]
