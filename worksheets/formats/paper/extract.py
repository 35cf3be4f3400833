"""The program that reads a Word or PDF file from standard input and writes out its text.

``papers`` runs it as a process of its own: a file made to exhaust memory or time then costs
this process and not the server. To standard error it writes 'page 3 of 6' as it begins a page
and, where it knows what is wrong, a sentence and the values in it, as JSON; then it exits with 3.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from contextlib import suppress
from html.parser import HTMLParser

import mammoth
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

MAX_MEMORY_BYTES = 700_000_000
MAX_CPU_SECONDS = 20
MAX_PAGES = 60
MAX_UNPACKED_BYTES = 100_000_000  # bytes of all members; most are pictures, which are not unpacked
MAX_MARKUP_BYTES = 10_000_000  # bytes of Word's XML: twice what the longest worksheet takes
MAX_TEXT_LENGTH = 1_000_000
KNOWN = 3

_BLANK = "______"
_MARKUP = (".xml", ".rels")
_NOTE = re.compile(r"(?:foot|end)note-([0-9]+)")


def _(sentence: str) -> str:
    """Return the sentence as it is: makemessages finds it by this call, the server translates."""
    return sentence


_TOO_LARGE = _("This file is too large once it is unpacked.")


class ExtractError(Exception):
    """The error for a known problem: a sentence for a teacher, and the ``values`` in it."""

    def __init__(self, sentence: str, **values: int) -> None:
        super().__init__(sentence)
        self.values = values


def read(suffix: str, data: bytes) -> str:
    """Return the text of a .docx or .pdf file. Raise KnownProblemError if the reason is known."""
    try:
        return read_pdf(data) if suffix == ".pdf" else read_docx(data)
    except MemoryError:
        raise ExtractError(_TOO_LARGE) from None


def read_docx(data: bytes) -> str:
    """Return the text of a Word file.

    Raise KnownProblemError if it is damaged, protected, too large or no Word file.
    """
    _check_archive(data)
    result = mammoth.convert_to_html(
        io.BytesIO(data), style_map="u => u", convert_image=lambda _image: []
    )
    reader = PaperReader()
    reader.feed(result.value)
    reader.close()
    return reader.text()


def read_pdf(data: bytes) -> str:
    """Return the text of a PDF file, its pages one after another.

    Raise KnownProblemError if it has too many pages or needs a password.
    """
    pages: list[str] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise ExtractError(
                    _("This PDF has %(pages)s pages. At most %(most)s can be read."),
                    pages=len(pdf.pages),
                    most=MAX_PAGES,
                )
            for number, page in enumerate(pdf.pages, 1):
                sys.stderr.write(f"page {number} of {len(pdf.pages)}\n")
                sys.stderr.flush()
                pages.append(page.extract_text() or "")
                page.close()
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise ExtractError(
                _("This PDF is protected by a password. Save it without one.")
            ) from None
        raise
    return "\n".join(pages)


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            rows = archive.infolist()
            if any(row.flag_bits & 1 for row in rows):
                raise ExtractError(_("This file is protected by a password. Save it without one."))
            markup = [row for row in rows if row.filename.endswith(_MARKUP)]
            if (
                sum(row.file_size for row in rows) > MAX_UNPACKED_BYTES
                or sum(row.file_size for row in markup) > MAX_MARKUP_BYTES
                or len(rows) > 5000
            ):
                raise ExtractError(_TOO_LARGE)
            if "word/document.xml" not in archive.namelist():
                raise ExtractError(_("This is not a Word file, though its name says so."))
            for row in markup:
                if b"<!DOCTYPE" in archive.read(row):
                    raise ExtractError(
                        _(
                            "This file has parts that a Word file must not have. Save it again as"
                            " .docx."
                        )
                    )
    except zipfile.BadZipFile:
        raise ExtractError(_("This file is damaged. Save it again and try once more.")) from None


class PaperReader(HTMLParser):
    """A parser that makes lines of plain text from Mammoth's HTML; a line break stays one."""

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
        """Write a note's number as a mark; leave out Mammoth's link from the note back to it."""
        if note := _NOTE.fullmatch(target.removeprefix("#")):
            self._write(f"[^{note[1]}]")
        self._silent = target.startswith(("#footnote-", "#endnote-"))


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        text = read(sys.argv[1], sys.stdin.buffer.read())
    except ExtractError as error:
        sys.stderr.write(json.dumps([str(error), error.values]) + "\n")
        return KNOWN
    sys.stdout.buffer.write(text[:MAX_TEXT_LENGTH].encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
