"""The reading of files: plain text here, others in a process of their own."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path, PurePath

from worksheets.formats import children, readers
from worksheets.formats.children import TookTooLong
from worksheets.formats.readers.rows import (
    BOLD,
    UNDERLINED,
    Note,
    Paper,
    Row,
    load,
    unescape,
)
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _
from worksheets.markup.source import read_lines, storable

from .encodings import decode
from .markdown import markdown_rows
from .tasks import speaks_of_bold, speaks_of_underlined

MAX_FILE_BYTES = 20_000_000
MAX_TEXT_BYTES = 200_000
SECONDS = 20.0  # the child may compute for fewer; the rest is for a busy machine

_EXTRACT = Path(readers.__file__).with_name("extract.py")
_DAMAGED = _("This file is damaged and cannot be read. Save it again and try once more.")
_NO_TEXT = _(
    "There is no text in this file. If it was scanned, its pages are pictures: use a text"
    " recognition program first, or type the text."
)
_TOO_LONG = _("This file took too long to read. Save it without pictures, or paste its text.")
_TEXT = {".txt", ".text"}
_MARKDOWN = {".md", ".markdown"}
# What each kind of file begins with, in its first kilobyte or at its very beginning.
_SIGNATURES = {".docx": b"PK", ".odt": b"PK", ".rtf": b"{\\rtf"}
# One child may take hundreds of megabytes; several at once would exhaust the server.
_READING = threading.BoundedSemaphore(1)
_PAGE = re.compile(rb"^page ([0-9]{1,5}) of ([0-9]{1,5})$", re.MULTILINE)
Progress = Callable[[int, int], None]
_OLD_WORD = b"\xd0\xcf\x11\xe0"


class UnreadablePaper(Exception):
    """The error for a file that cannot be read; its ``sentence`` says why, for a teacher."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_size(size: int) -> None:
    """Raise UnreadablePaper if a file has more than MAX_FILE_BYTES.

    For callers who know a file's size before they load it.
    """
    if size > MAX_FILE_BYTES:
        raise UnreadablePaper(
            _(
                "This file is too large: it has %(size)s MB, and at most %(most)s MB can be read."
                " Leave out its pictures.",
                size=size // 1_000_000,
                most=MAX_FILE_BYTES // 1_000_000,
            )
        )


def _no_progress(_done: int, _of: int) -> None:
    pass


def read_paper(path_name: str, data: bytes, progress: Progress = _no_progress) -> Paper:
    """Return the text of a file of a kind that is known, as it can be stored.

    ``progress`` is called several times a second with the page that is being read and their
    number, 0 and 0 while that is not known. What it raises ends the reading.
    Raise UnreadablePaper if it cannot be read, is too long, or has no text.
    """
    suffix = PurePath(path_name).suffix.lower()
    check_size(len(data))
    if not data.strip():
        raise UnreadablePaper(_("This file is empty."))
    if suffix in _TEXT | _MARKDOWN:
        paper = _read_text(suffix, data)
    elif suffix == ".pdf" or suffix in _SIGNATURES:
        _check_type(suffix, data)
        paper = _storable(_extract(suffix, data, progress))
        if not any(map(str.isalnum, paper)):
            raise UnreadablePaper(_NO_TEXT)  # nothing but drawn lines, say
    else:
        raise UnreadablePaper(_wrong_type(suffix))
    if len(paper.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise UnreadablePaper(_("This text is too long for one worksheet. Divide it into several."))
    if not paper.strip():
        raise UnreadablePaper(_NO_TEXT)
    return paper


def _read_text(suffix: str, data: bytes) -> Paper:
    decoded = decode(data)
    if decoded is None:
        raise UnreadablePaper(_("This is not a text file, though its name says so."))
    text = storable(decoded)
    lines = [line.text for line in read_lines(text)]
    rows = markdown_rows(lines) if suffix in _MARKDOWN else [Row(line) for line in lines]
    return Paper(rows, text=text)


def _storable(paper: Paper) -> Paper:
    """Return a paper without half characters; its emphasis is kept if its tasks speak of it."""
    text = str(paper)
    bold, underlined = speaks_of_bold(text), speaks_of_underlined(text)
    signs = dict.fromkeys(map(ord, UNDERLINED), "**" if underlined else "")
    signs |= dict.fromkeys(map(ord, BOLD), "**" if bold and not underlined else "")
    rows = [row.with_text(storable(row.translate(signs))) for row in paper.rows]
    kept = any(sign in text for sign in UNDERLINED if underlined) or (
        bold and any(sign in text for sign in BOLD)
    )
    notes = [*paper.notes, Note("emphasis")] if kept else paper.notes
    # What is kept as the paper's text, or used unchanged, has no signs that guard others.
    lines = [unescape(row) if row.look.ready else row for row in rows if not row.picture]
    return Paper(rows, notes, text="\n".join(lines))


def _wrong_type(suffix: str) -> Message:
    if suffix in (".doc", ".pages", ".wpd", ".docm", ".dotx"):
        return _(
            "A %(suffix)s file cannot be read. Save it as .docx in your word processor.",
            suffix=suffix,
        )
    return _("Only .txt, .md, .docx, .odt, .rtf and .pdf files can be read.")


def _check_type(suffix: str, data: bytes) -> None:
    if data.startswith(_OLD_WORD):
        raise UnreadablePaper(
            _(
                "This file is in Word's old format, or protected by a password."
                " Save it as .docx without a password."
            )
        )
    signature = _SIGNATURES.get(suffix)
    right = data.startswith(signature) if signature else b"%PDF" in data[:1024]
    if not right:
        raise UnreadablePaper(
            _("This is not a %(suffix)s file, though its name says so.", suffix=suffix)
        )


def _extract(suffix: str, data: bytes, progress: Progress) -> Paper:
    """Return the lines of a file, read by a child process with limits.

    Such files come from anywhere; one is read at a time, and others wait for it. Raise
    UnreadablePaper if the file cannot be read.
    """
    while not _READING.acquire(timeout=children.PULSE):
        progress(0, 0)
    try:
        child = children.run(
            _EXTRACT,
            suffix,
            data=data,
            seconds=SECONDS,
            look=lambda said: progress(*_page(said)),
        )
    except TookTooLong:
        raise UnreadablePaper(_TOO_LONG) from None
    finally:
        _READING.release()
    if child.returncode == 0:
        return _loaded(child.stdout)
    lines = child.stderr.decode("utf-8", errors="replace").strip().splitlines()
    if child.returncode == 3 and lines:
        sentence, values = json.loads(lines[-1])
        raise UnreadablePaper(Message(sentence, **values))
    raise UnreadablePaper(_DAMAGED)


def _loaded(out: bytes) -> Paper:
    """Return what the child has written; a file may have taken it over."""
    try:
        return load(out)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnreadablePaper(_DAMAGED) from None


def _page(said: bytes) -> tuple[int, int]:
    """Return the last page that the child has named, and their number."""
    pages = _PAGE.findall(said)
    return (int(pages[-1][0]), int(pages[-1][1])) if pages else (0, 0)
