"""The reading of a file of worksheets from outside, by a process of its own with limits."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksheets.formats import children
from worksheets.formats.children import TookTooLong
from worksheets.formats.picture_file import StoredPicture
from worksheets.formats.readers.errors import DAMAGED, TOO_LARGE, ExtractError
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _

from .layout import MAX_FILE_BYTES, MAX_WORKSHEETS, Left, Packed, Reason
from .packing import unpack

SECONDS = 90.0  # the child may compute for fewer; the rest is for a busy machine
MAX_SIDE = 10_000  # of a picture that our own program has written: it makes them smaller
MAX_CLEAN_BYTES = 25 * 1024 * 1024  # pictures may grow when they are written anew

_PROGRAM = Path(__file__).with_name("program.py")
_KNOWN = 3
_STEP = re.compile(rb"^page ([0-9]{1,5}) of ([0-9]{1,5})$", re.MULTILINE)
_MEDIA_TYPES = {"image/png", "image/jpeg", "image/webp", "image/gif"}
_TOOK_TOO_LONG = _("This file took too long to read. Divide it into several.")
# One child may take hundreds of megabytes; several at once would exhaust the server.
_READING = threading.BoundedSemaphore(1)
Progress = Callable[[int, int], None]


class UnreadableFile(Exception):
    """The error for a file that cannot be read; its ``sentence`` says why, for a teacher."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file of worksheets, clean.

    ``content`` is the file written anew, ``worksheets`` is what is in it, ``pictures`` those of
    each of them, and ``left`` what was left out of the one that was given.
    """

    content: bytes
    worksheets: list[Packed]
    pictures: list[dict[str, StoredPicture]]
    left: list[Left]


def check_size(size: int) -> None:
    """Raise UnreadableFile if a file has more than MAX_FILE_BYTES, before it is loaded."""
    if size > MAX_FILE_BYTES:
        raise UnreadableFile(
            _(
                "This file is too large: it has %(size)s MB, and at most %(most)s MB can be read."
                " Divide it into several.",
                size=size // 1_000_000,
                most=MAX_FILE_BYTES // 1_000_000,
            )
        )


def read_file(data: bytes, progress: Progress = lambda _done, _of: None) -> FileRead:
    """Return what is in a file from outside; others wait until it is read.

    ``progress`` is called several times a second with the worksheet that is being read and their
    number, 0 and 0 while that is not known. What it raises ends the reading. Raise UnreadableFile.
    """
    check_size(len(data))
    while not _READING.acquire(timeout=children.PULSE):
        progress(0, 0)
    try:
        child = children.run(
            _PROGRAM, data=data, seconds=SECONDS, look=lambda said: progress(*_step(said))
        )
    except TookTooLong:
        raise UnreadableFile(_TOOK_TOO_LONG) from None
    finally:
        _READING.release()
    if child.returncode == 0:
        return _loaded(child.stdout)
    lines = child.stderr.decode("utf-8", errors="replace").strip().splitlines()
    if child.returncode == _KNOWN and lines:
        sentence, values = json.loads(lines[-1])
        raise UnreadableFile(Message(sentence, **values))
    raise UnreadableFile(Message(DAMAGED))


def _loaded(out: bytes) -> FileRead:
    """Return what the child has written; a file may have taken it over."""
    line, _end, content = out.partition(b"\n")
    if len(content) > MAX_CLEAN_BYTES:
        raise UnreadableFile(Message(TOO_LARGE))
    try:
        head = json.loads(line)
        worksheets = unpack(content)[0] if head["pictures"] else []
        left = [Left(str(name)[:300], Reason(reason)) for name, reason in head["left"]]
        pictures = [
            _pictures(one, measures)
            for one, measures in zip(worksheets, head["pictures"], strict=True)
        ]
    except (ValueError, TypeError, KeyError, AttributeError, ExtractError):
        raise UnreadableFile(Message(DAMAGED)) from None
    return FileRead(content, worksheets[:MAX_WORKSHEETS], pictures, left)


def _pictures(one: Packed, measures: Mapping[str, Any]) -> dict[str, StoredPicture]:
    """Return the pictures of a worksheet. Raise ValueError, KeyError for measures of none."""
    found = {}
    for name, content in one.pictures.items():
        media_type, width, height = measures[name]
        sides = (int(width), int(height))
        if media_type not in _MEDIA_TYPES or not all(0 < side <= MAX_SIDE for side in sides):
            raise ValueError(name)
        found[name] = StoredPicture(content, media_type, *sides)
    return found


def _step(said: bytes) -> tuple[int, int]:
    """Return the last worksheet that the child has named, and their number."""
    steps = _STEP.findall(said)
    return (int(steps[-1][0]), int(steps[-1][1])) if steps else (0, 0)
