"""Reads a Word or PDF file from standard input and writes its text to standard output.

A program of its own, run by ``papers``: a file made to exhaust memory or time then
costs this process and not the server. It leaves with 3 and a sentence on standard
error, with what stands in it, as JSON, where it knows what is wrong.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from html.parser import HTMLParser

import mammoth
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

MOST_MEMORY = 700_000_000
MOST_SECONDS = 20
MOST_PAGES = 60
MOST_UNPACKED = 100_000_000  # pictures, which nobody unpacks
MOST_MARKUP = 10_000_000  # of Word's XML: twice what the longest worksheet takes
MOST_TEXT = 1_000_000
KNOWN = 3

_BLANK = "______"
_MARKUP = (".xml", ".rels")
_NOTE = re.compile(r"(?:foot|end)note-([0-9]+)")


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues; the server translates it."""
    return sentence


_TOO_LARGE = _("This file is too large once it is unpacked.")


class KnownProblemError(Exception):
    """What is wrong, in a sentence for a teacher; ``values`` stand in it."""

    def __init__(self, sentence: str, **values: int) -> None:
        super().__init__(sentence)
        self.values = values


def read(suffix: str, data: bytes) -> str:
    """The text of a .docx or .pdf file."""
    try:
        return read_pdf(data) if suffix == ".pdf" else read_docx(data)
    except MemoryError:
        raise KnownProblemError(_TOO_LARGE) from None


def read_docx(data: bytes) -> str:
    """The text of a Word file."""
    _check_archive(data)
    result = mammoth.convert_to_html(
        io.BytesIO(data), style_map="u => u", convert_image=lambda _image: []
    )
    reader = PaperReader()
    reader.feed(result.value)
    reader.close()
    return reader.text()


def read_pdf(data: bytes) -> str:
    """The text of a PDF file, its pages one after another."""
    pages: list[str] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise KnownProblemError(
                    _("This PDF has %(pages)s pages; at most %(most)s can be read."),
                    pages=len(pdf.pages),
                    most=MOST_PAGES,
                )
            for page in pdf.pages:
                pages.append(page.extract_text() or "")
                page.close()
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise KnownProblemError(
                _("This PDF is protected by a password. Save it without one.")
            ) from None
        raise
    return "\n".join(pages)


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            rows = archive.infolist()
            if any(row.flag_bits & 1 for row in rows):
                raise KnownProblemError(_("This file is protected by a password."))
            markup = [row for row in rows if row.filename.endswith(_MARKUP)]
            if (
                _unpacked(rows) > MOST_UNPACKED
                or _unpacked(markup) > MOST_MARKUP
                or len(rows) > 5000
            ):
                raise KnownProblemError(_TOO_LARGE)
            if "word/document.xml" not in archive.namelist():
                raise KnownProblemError(_("This is not a Word file, though its name says so."))
            for row in markup:
                if b"<!DOCTYPE" in archive.read(row):
                    raise KnownProblemError(_("This file holds something that no Word file does."))
    except zipfile.BadZipFile:
        raise KnownProblemError(
            _("This file is damaged. Save it again and try once more.")
        ) from None


def _unpacked(rows: Iterable[zipfile.ZipInfo]) -> int:
    return sum(row.file_size for row in rows)


class PaperReader(HTMLParser):
    """Mammoth's HTML as lines of plain text; a line break stays one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[int | None] = []
        self._underlined: list[str] | None = None
        self._cell: list[str] | None = None
        self._cells: list[str] = []
        self._rows = 0
        self._silent = False

    def text(self) -> str:
        lines = [line.rstrip() for line in "".join(self._out).split("\n")]
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        return "\n".join(kept).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._write(" " if self._cell is not None else "\n")
        elif tag == "u":
            self._underlined = []
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._begin_item(dict(attrs).get("id") or "")
        elif tag == "table":
            self._rows = 0
            self._out.append("\n")
        elif tag in ("td", "th"):
            self._cell = []
        elif tag == "a":
            self._mark_note(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._silent = False
        elif tag == "u" and self._underlined is not None:
            text, self._underlined = "".join(self._underlined), None
            # Underlined white space is how Word's users draw a gap.
            blank = len(text.expandtabs(8)) > 2 and not text.strip()
            self._write(f" {_BLANK} " if blank else text)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag in ("td", "th") and self._cell is not None:
            self._cells.append(" ".join("".join(self._cell).replace("|", "\\|").split()))
            self._cell = None
        elif tag == "tr":
            self._end_row()
        elif tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "table"):
            self._write(" " if self._cell is not None else "\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._write(data.replace("\n", " "))

    def _write(self, text: str) -> None:
        if self._underlined is not None:
            self._underlined.append(text)
        elif self._cell is not None:
            self._cell.append(text)
        else:
            self._out.append(text)

    def _begin_item(self, name: str) -> None:
        if note := _NOTE.fullmatch(name):
            self._write(f"\n[^{note[1]}]: ")
        elif self._lists and (count := self._lists[-1]) is not None:
            self._lists[-1] = count + 1
            self._write(f"\n{count + 1}. ")
        else:
            self._write("\n- ")

    def _end_row(self) -> None:
        self._out.append("| " + " | ".join(self._cells) + " |\n")
        if not self._rows:
            self._out.append("|" + " --- |" * len(self._cells) + "\n")
        self._rows += 1
        self._cells = []

    def _mark_note(self, target: str) -> None:
        """Mammoth links a note's number to the note, and the note back to its number."""
        if note := _NOTE.fullmatch(target.removeprefix("#")):
            self._write(f"[^{note[1]}]")
        self._silent = target.startswith(("#footnote-", "#endnote-"))


def main() -> int:
    with suppress(ValueError, OSError):  # macOS knows no limit of memory
        # A second between the two: at the first, the parent learns that it was the time.
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        text = read(sys.argv[1], sys.stdin.buffer.read())
    except KnownProblemError as problem:
        sys.stderr.write(json.dumps([str(problem), problem.values]) + "\n")
        return KNOWN
    sys.stdout.buffer.write(text[:MOST_TEXT].encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
