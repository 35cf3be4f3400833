"""PDF files: text in the order in which it is read, drawn lines as blanks, boxes and tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pypdfium2 as pdfium

from .errors import PDF_PAGES, PDF_PASSWORD, ExtractError
from .pdf_layout import Block, layout_of_page
from .pdf_page import Page, read_page
from .pdf_pictures import Cutter, Picture
from .pdf_rows import rows_of, with_pictures
from .rows import Note, Row

MAX_PAGES = 60
MAX_NOTE = 2000  # characters of a note that quotes what is left out
EDGE = 0.09  # of a page's height, at which its head and foot stand


def read_pdf(data: bytes) -> tuple[list[Row], list[Note]]:
    """Return the lines of a PDF file, its pages one after another, and what is to be said of it.

    Raise ExtractError if it has too many pages or needs a password.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise ExtractError(PDF_PASSWORD) from None
        raise
    count = len(document)
    if count > MAX_PAGES:
        raise ExtractError(PDF_PAGES, pages=count, most=MAX_PAGES)
    pages: list[Page] = []
    pictures: list[list[Picture]] = []
    cutter = Cutter()
    for number in range(count):
        sys.stderr.write(f"page {number + 1} of {count}\n")
        sys.stderr.flush()
        page = document[number]
        pages.append(read_page(page))
        pictures.append(cutter.pictures(page, pages[-1]))
        page.close()
    return _rows(pages, pictures, cutter.lost)


def _rows(
    pages: Sequence[Page], pictures: Sequence[list[Picture]], lost: int
) -> tuple[list[Row], list[Note]]:
    layouts = [layout_of_page(page) for page in pages]
    left_out = _furniture(pages, layouts)
    notes = []
    if left_out:
        shown = dict.fromkeys(item.text.strip() for item in left_out)
        notes.append(Note("furniture", {"text": " · ".join(shown)[:500]}))
    gone = {id(item) for item in left_out}
    kept = [[item for item in items if id(item) not in gone] for items in layouts]
    taken, repeated = _without_repeated(pictures)
    if repeated:
        notes.append(Note("furniture-picture", {"count": repeated}))
    rows = rows_of(
        [with_pictures(items, found) for items, found in zip(kept, taken, strict=True)],
        [(page.width, page.height) for page in pages],
    )
    if lost and rows:
        notes.append(Note("picture", {"count": lost}))
    said = dict.fromkeys(text for page in pages for text in page.comments if text)
    if said:
        notes.append(Note("comments", {"text": " · ".join(said)[:MAX_NOTE]}))
    return rows, notes


def _without_repeated(pictures: Sequence[list[Picture]]) -> tuple[list[list[Picture]], int]:
    """Return the pictures without those that stand on most pages, and how many those are."""
    pages: dict[bytes, set[int]] = {}
    for number, found in enumerate(pictures):
        for picture in found:
            pages.setdefault(picture.content, set()).add(number)
    repeated = {
        content for content, on in pages.items() if len(on) > 1 and len(on) * 2 >= len(pictures)
    }
    shown = [[one for one in found if one.content not in repeated] for found in pictures]
    return shown, len(repeated)


def _furniture(pages: Sequence[Page], layouts: Sequence[Sequence[Block]]) -> list[Block]:
    """Return the lines at the head and foot of pages that are not part of the text."""
    seen: dict[tuple[bool, str], list[Block]] = {}
    alone: list[Block] = []
    for page, items in zip(pages, layouts, strict=True):
        texts = [block for block in items if block.kind == "line" and block.text.strip()]
        for item in texts:
            at_top = item.bottom < page.height * EDGE
            at_foot = item.top > page.height * (1 - EDGE)
            if not (at_top or at_foot) or "__" in item.text or len(item.text) > 150:
                continue
            seen.setdefault((at_top, _pattern(item.text)), []).append(item)
            if at_foot and _is_apart(item, texts):
                alone.append(item)
    repeated = [
        item
        for group in seen.values()
        if len(group) > 1 and len(group) * 2 >= len(pages)
        for item in group
    ]
    return repeated + [item for item in alone if all(item is not other for other in repeated)]


def _pattern(text: str) -> str:
    return "".join("#" if char.isdigit() else char for char in text if not char.isspace())


def _is_apart(item: Block, texts: Sequence[Block]) -> bool:
    """Return whether a line at a page's foot stands far below the text, and is short."""
    above = [other for other in texts if other.bottom <= item.top and other is not item]
    nearest = max((other.bottom for other in above), default=None)
    height = item.bottom - item.top
    short = len(item.text.split()) <= 14 and "?" not in item.text
    return short and nearest is not None and item.top - nearest > 2 * height
