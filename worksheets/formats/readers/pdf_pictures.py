"""The pictures of a PDF's pages, each cut out of its page as it is printed.

A picture is often several images, or has labels drawn on it: what is printed in its place is what
the teacher sees. Drawings without an image are none.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium

from .errors import MAX_PICTURE_BYTES, MAX_PICTURES, MAX_PICTURES_BYTES
from .pdf_page import Line, Page

MAX_PIXELS = 25_000_000  # of one image: the reader would unpack it to draw it
MAX_PAGES_PIXELS = 150_000_000  # of all images that are drawn
MAX_IMAGES = 200  # of a page: what has more is a drawing made of strips
MAX_SIDE = 1600  # pixels of what is cut out
SCALE = 2.5  # pixels a point
NEAR = 3.0  # points between images that touch
BACKGROUND = 0.8  # of a page: an image behind everything, or a scan
MANY_COLOURS = 512
JPEG_QUALITY = 85


@dataclass(slots=True)
class Picture:
    """A place where images stand, as it is printed; ``content`` is a PNG or JPEG file."""

    bounds: Line
    content: bytes


class Cutter:
    """It cuts pictures out of the pages of a document, as long as they fit into the limits."""

    def __init__(self) -> None:
        self.lost = 0
        self._count = 0
        self._bytes = 0
        self._pixels = 0

    def pictures(self, page: Any, read: Page) -> list[Picture]:
        """Return the pictures of a page from top to bottom; those that do not fit are counted."""
        images = read.images
        area = read.width * read.height
        shown = [one for one in images if one.width * one.height < BACKGROUND * area]
        self.lost += len(images) - len(shown)
        self._pixels += read.image_pixels
        groups = _merged(shown[:MAX_IMAGES])
        too_many = len(shown) > MAX_IMAGES or self._pixels > MAX_PAGES_PIXELS
        if too_many or read.largest_image > MAX_PIXELS or page.get_rotation():
            self.lost += len(groups)
            return []
        found = []
        for bounds in groups:
            content = self._cut(page, read, bounds) if self._count < MAX_PICTURES else b""
            fits = len(content) <= MAX_PICTURE_BYTES
            if not content or not fits or self._bytes + len(content) > MAX_PICTURES_BYTES:
                self.lost += 1
                continue
            self._count += 1
            self._bytes += len(content)
            found.append(Picture(bounds, content))
        return found

    def _cut(self, page: Any, read: Page, bounds: Line) -> bytes:
        side = max(bounds.width, bounds.height)
        scale = min(SCALE, MAX_SIDE / side)
        # The margins that are cut away: left, bottom, right, top.
        crop = (
            max(bounds.left, 0.0),
            max(read.height - bounds.bottom, 0.0),
            max(read.width - bounds.right, 0.0),
            max(bounds.top, 0.0),
        )
        try:
            bitmap = page.render(scale=scale, crop=crop, may_draw_forms=False)
            picture = bitmap.to_pil().convert("RGB")
        except (pdfium.PdfiumError, ValueError, OSError):
            return b""
        out = io.BytesIO()
        if picture.getcolors(MANY_COLOURS) is None:
            picture.save(out, "JPEG", quality=JPEG_QUALITY)
        else:
            picture.save(out, "PNG", optimize=True)
        return out.getvalue()


def _merged(images: Sequence[Line]) -> list[Line]:
    """Return the places of images, those that touch each other as one, from top to bottom."""
    groups: list[Line] = []
    for image in sorted(images, key=lambda one: one.top):
        joined = image
        while touching := [one for one in groups if _touch(one, joined)]:
            groups = [one for one in groups if one not in touching]
            every = [joined, *touching]
            joined = Line(
                min(one.left for one in every),
                max(one.right for one in every),
                min(one.top for one in every),
                max(one.bottom for one in every),
            )
        groups.append(joined)
    return sorted(groups, key=lambda one: (one.top, one.left))


def _touch(one: Line, other: Line) -> bool:
    return (
        one.left - NEAR < other.right
        and other.left - NEAR < one.right
        and one.top - NEAR < other.bottom
        and other.top - NEAR < one.bottom
    )
