"""The pages of a PDF as pictures, to be looked at beside what was read from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from worksheets.formats import children, readers
from worksheets.formats.children import TookTooLong

MAX_BYTES = 20_000_000  # of all pages
SECONDS = 60.0  # the program may compute for a sixth of that; the rest is for a busy machine

_RENDER = Path(readers.__file__).with_name("render.py")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page: a JPEG file."""

    width: int
    height: int
    content: bytes


def render_pages(data: bytes, wait: Callable[[], None]) -> list[PagePicture]:
    """Return the first pages of a PDF as pictures; [] if they cannot be drawn, or are too large.

    ``wait`` is called several times a second; what it raises ends the drawing.
    """
    try:
        child = children.run(_RENDER, data=data, seconds=SECONDS, look=lambda _said: wait())
    except TookTooLong:
        return []
    if child.returncode or len(child.stdout) > MAX_BYTES:
        return []
    try:
        return _read(child.stdout)
    except (ValueError, TypeError):  # a file may have taken the program over
        return []


def _read(out: bytes) -> list[PagePicture]:
    pages = []
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        width, height, length = map(int, json.loads(out[at:end]))
        content = out[end + 1 : end + 1 + length]
        if len(content) != length or not content.startswith(b"\xff\xd8"):
            raise ValueError("no picture")
        pages.append(PagePicture(width, height, content))
        at = end + 1 + length
    return pages
