"""The letters, straight lines, fields and pictures on one page of a PDF, with their places.

Places are in points, counted from the top left corner.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_CHARS = 60_000  # of a page
MAX_OBJECTS = 20_000
MAX_SEGMENTS = 400  # of a path: what has more is a drawing
MAX_FIELDS = 500
THIN = 2.5  # points: a rectangle of this height is a line
SMALL_PICTURE = 20  # points

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_WIDGET = 20
# Links, the windows of comments, which repeat them, and fields say nothing beside the text.
_NO_COMMENTS = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, _WIDGET}
_MAX_COMMENT = 1_000_000  # bytes
_BOLD = 600


@dataclass(slots=True)
class Char:
    """A letter, or a blank that stands among letters."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    spaces: int = 0  # that follow in the order of the file

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, across or down."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(slots=True)
class Page:
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    across: list[Line] = field(default_factory=list)
    down: list[Line] = field(default_factory=list)
    fields: list[Line] = field(default_factory=list)
    images: list[Line] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    image_pixels: int = 0
    largest_image: int = 0


def read_page(page: Any) -> Page:
    """Return what stands on a page."""
    width, height = page.get_size()
    try:
        left, _bottom, _right, top = page.get_bbox()
    except pdfium.PdfiumError:
        left, top = 0.0, height
    made = Page(width, height)
    made.chars = list(_chars(page, left, top))
    _read_objects(page, made, left, top)
    made.fields = list(_fields(page, left, top))
    made.comments = list(_comments(page))
    return made


def _chars(page: Any, left: float, top: float) -> Iterator[Char]:
    textpage = page.get_textpage()
    box = raw.FS_RECTF()
    count = min(textpage.count_chars(), MAX_CHARS)
    last: Char | None = None
    for at in range(count):
        code = raw.FPDFText_GetUnicode(textpage, at)
        if last is not None and chr(min(code, 0x10FFFF)).isspace():
            last.spaces += 1
        if code in (0, 13, 10) or raw.FPDFText_IsGenerated(textpage, at) == 1:
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, at, ctypes.byref(box)):
            continue
        char = "-" if code == 2 else chr(code) if code < 0x110000 else "\ufffd"
        if 0xD800 <= code < 0xE000:
            char = "\ufffd"
        size = raw.FPDFText_GetFontSize(textpage, at) or 1.0
        tall = box.top - box.bottom
        last = Char(
            _LIGATURES.get(char, char),
            box.left - left, box.right - left, top - box.top, top - box.bottom,
            tall if 0 < tall < 200 else size,
            raw.FPDFText_GetFontWeight(textpage, at) >= _BOLD,
        )  # fmt: skip
        yield last
    textpage.close()


def _read_objects(page: Any, made: Page, left: float, top: float) -> None:
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
    for count, item in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if count > MAX_OBJECTS:
            return
        try:
            x0, y0, x1, y1 = item.get_bounds()
        except (pdfium.PdfiumError, AttributeError):
            continue
        bounds = Line(x0 - left, x1 - left, top - y1, top - y0)
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            if min(bounds.width, bounds.height) > SMALL_PICTURE:
                made.images.append(_within(bounds, made))
                pixels = _pixels(item)
                made.image_pixels += pixels
                made.largest_image = max(made.largest_image, pixels)
            continue
        segments = raw.FPDFPath_CountSegments(item.raw)
        if bounds.height <= THIN or bounds.width <= THIN or segments < 2:
            _add(made, bounds)
        elif segments <= MAX_SEGMENTS:
            for line in _segments(item, segments, left, top):
                _add(made, line)


def _pixels(image: Any) -> int:
    try:
        width, height = image.get_px_size()
    except pdfium.PdfiumError:
        return 0
    return int(width) * int(height)


def _within(bounds: Line, page: Page) -> Line:
    """Return the part of an image that is on the page."""
    across = [min(max(at, 0.0), page.width) for at in (bounds.left, bounds.right)]
    down = [min(max(at, 0.0), page.height) for at in (bounds.top, bounds.bottom)]
    return Line(*across, *down)


def _segments(item: Any, count: int, left: float, top: float) -> Iterator[Line]:
    """Yield the straight lines of a path."""
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.raw, at)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _line(last, point, left, top)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield _line(last, start, left, top)
            last = start


def _line(one: tuple[float, float], two: tuple[float, float], left: float, top: float) -> Line:
    (x0, y0), (x1, y1) = one, two
    return Line(min(x0, x1) - left, max(x0, x1) - left, top - max(y0, y1), top - min(y0, y1))


def _add(made: Page, line: Line) -> None:
    if line.height <= THIN < line.width:
        made.across.append(line)
    elif line.width <= THIN < line.height:
        made.down.append(line)


def _fields(page: Any, left: float, top: float) -> Iterator[Line]:
    """Yield the places of a form's fields."""
    rect = raw.FS_RECTF()
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        if raw.FPDFAnnot_GetSubtype(annotation) == _WIDGET and raw.FPDFAnnot_GetRect(
            annotation, ctypes.byref(rect)
        ):
            yield Line(rect.left - left, rect.right - left, top - rect.top, top - rect.bottom)
        raw.FPDFPage_CloseAnnot(annotation)


def _comments(page: Any) -> Iterator[str]:
    """Yield what is written beside the text: notes, and text typed or drawn over the page."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        if raw.FPDFAnnot_GetSubtype(annotation) not in _NO_COMMENTS:
            size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
            held = ctypes.create_string_buffer(min(size, _MAX_COMMENT))
            if size <= _MAX_COMMENT:
                wide = ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR))
                raw.FPDFAnnot_GetStringValue(annotation, b"Contents", wide, size)
            text = held.raw.decode("utf-16-le", errors="replace").rstrip("\0")
            yield " ".join(text.split())
        raw.FPDFPage_CloseAnnot(annotation)
