"""Pictures that teachers upload: checked, made smaller, written anew by a child process. Pure."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path

from worksheets.formats import children, picture_file
from worksheets.formats.picture_file import StoredPicture
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _

MAX_BYTES = 5 * 1024 * 1024
# Children of one process. Requests wait for them, so they are a quarter of its eight threads.
AT_ONCE = 2
SECONDS = 20.0  # the child may compute for half of that; the rest is for a busy machine

_PROGRAM = Path(picture_file.__file__)
_PLACES = threading.BoundedSemaphore(AT_ONCE)


class PictureRefused(Exception):
    """The error for a picture that is not kept; its ``sentence`` says why, for a teacher."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence)
        self.sentence = sentence


_NO_PICTURE = _(
    "This is not a PNG, JPEG, WebP or GIF picture of at most %(most)s MB.", most=MAX_BYTES >> 20
)
_TOO_LARGE = _(
    "This picture has too many pixels: at most %(most)s million can be read. Save it smaller.",
    most=picture_file.MAX_PIXELS // 1_000_000,
)
_BUSY = _("Other pictures are just being read. Try again in a moment.")


def read_picture(data: bytes, wait: Callable[[], None] | None = None) -> StoredPicture:
    """Return a PNG, JPEG, WebP or GIF, made smaller and written anew.

    Raise PictureRefused if it is none of these, damaged or too large, or if AT_ONCE others are
    being read: waiting for them would take the threads that serve pupils. A job has the time:
    ``wait`` is called several times a second then, and what it raises ends the reading.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused(_NO_PICTURE)
    while not _PLACES.acquire(timeout=children.PULSE if wait else 0):
        if wait is None:
            raise PictureRefused(_BUSY)
        wait()

    def look(_said: bytes) -> None:
        if wait is not None:
            wait()

    try:
        child = children.run(_PROGRAM, data=data, seconds=SECONDS, look=look)
    except children.TookTooLong:
        raise PictureRefused(_TOO_LARGE) from None
    finally:
        _PLACES.release()
    if child.returncode == picture_file.TOO_MANY_PIXELS:
        raise PictureRefused(_TOO_LARGE)
    if child.returncode:
        raise PictureRefused(_NO_PICTURE)
    head, _end, content = child.stdout.partition(b"\n")
    media_type, width, height = json.loads(head)
    return StoredPicture(content, media_type, width, height)


def picture_name(file_name: str) -> str:
    """Return a name that the markup can write: letters, digits, dot, dash and underscore."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", file_name.rpartition("/")[2]).strip("-.")
    stem, dot, ending = name.rpartition(".")
    return (
        f"{(stem.rstrip('-.') or 'picture')[:80]}{dot}{ending[:8].lower()}"
        if dot
        else name[:80] or "picture"
    )
