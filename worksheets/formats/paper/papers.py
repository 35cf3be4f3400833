"""The reading of files: plain text here, Word and PDF in a process of their own."""

from __future__ import annotations

import codecs
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePath

from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _
from worksheets.markup.source import storable

MAX_FILE_BYTES = 20_000_000
MAX_TEXT_BYTES = 200_000
SECONDS = 30.0  # the child may compute for fewer; the rest is for a busy machine
PULSE = 0.1  # seconds between two calls of ``progress`` while nothing else happens

_EXTRACT = Path(__file__).with_name("extract.py")
_TOO_LONG = _("This file took too long to read. Save it without pictures, or paste its text.")
_TEXT = {".txt", ".md", ".text", ".markdown"}
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


def read_paper(path_name: str, data: bytes, progress: Progress = _no_progress) -> str:
    """Return the text of a .txt, .md, .docx or .pdf file, as it can be stored.

    ``progress`` is called several times a second with the page that is being read and their
    number, 0 and 0 while that is not known. What it raises ends the reading.
    Raise UnreadablePaper if it cannot be read, is too long, or has no text.
    """
    suffix = PurePath(path_name).suffix.lower()
    check_size(len(data))
    if not data.strip():
        raise UnreadablePaper(_("This file is empty."))
    if suffix in _TEXT:
        text = storable(_decode(data))
    elif suffix in (".docx", ".pdf"):
        _check_type(suffix, data)
        text = storable(_extract(suffix, data, progress))
    else:
        raise UnreadablePaper(_wrong_type(suffix))
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise UnreadablePaper(_("This text is too long for one worksheet. Divide it into several."))
    if not text.strip():
        raise UnreadablePaper(
            _(
                "There is no text in this file. If it was scanned, its pages are pictures: use a"
                " text recognition program first, or type the text."
            )
        )
    return text


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise UnreadablePaper(_("This is not a text file, though its name says so."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _wrong_type(suffix: str) -> Message:
    if suffix in (".doc", ".odt", ".rtf", ".pages"):
        return _(
            "A %(suffix)s file cannot be read. Save it as .docx in your word processor.",
            suffix=suffix,
        )
    return _("Only .txt, .md, .docx and .pdf files can be read.")


def _check_type(suffix: str, data: bytes) -> None:
    if data.startswith(_OLD_WORD):
        raise UnreadablePaper(
            _(
                "This file is in Word's old format, or protected by a password."
                " Save it as .docx without a password."
            )
        )
    right = b"%PDF" in data[:1024] if suffix == ".pdf" else data.startswith(b"PK")
    if not right:
        raise UnreadablePaper(
            _("This is not a %(suffix)s file, though its name says so.", suffix=suffix)
        )


def _extract(suffix: str, data: bytes, progress: Progress) -> str:
    """Return the text of a Word or PDF file, read by a child process with limits.

    Such files come from anywhere; one is read at a time, and others wait for it. Raise
    UnreadablePaper if the file cannot be read.
    """
    while not _READING.acquire(timeout=PULSE):
        progress(0, 0)
    try:
        child = _read_in_child(suffix, data, progress)
    finally:
        _READING.release()
    if child.returncode == 0:
        return child.stdout.decode("utf-8", errors="replace")
    if child.returncode == -signal.SIGXCPU:
        raise UnreadablePaper(_TOO_LONG)
    lines = child.stderr.decode("utf-8", errors="replace").strip().splitlines()
    if child.returncode == 3 and lines:
        sentence, values = json.loads(lines[-1])
        raise UnreadablePaper(Message(sentence, **values))
    raise UnreadablePaper(
        _("This file is damaged and cannot be read. Save it again and try once more.")
    )


def _read_in_child(
    suffix: str, data: bytes, progress: Progress
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-W", "ignore", str(_EXTRACT), suffix]
    pipe, end = subprocess.PIPE, time.monotonic() + SECONDS
    with tempfile.TemporaryFile() as file:
        # ``communicate`` of Python 3.11 sends nothing more once it has timed out.
        file.write(data)
        file.seek(0)
        with subprocess.Popen(command, stdin=file, stdout=pipe, stderr=pipe) as child:  # noqa: S603 - our own script, and no shell
            try:
                while True:
                    try:
                        out, err = child.communicate(timeout=min(PULSE, SECONDS))
                    except subprocess.TimeoutExpired as waiting:
                        if time.monotonic() >= end:
                            raise UnreadablePaper(_TOO_LONG) from None
                        progress(*_page(waiting.stderr or b""))
                    else:
                        return subprocess.CompletedProcess(command, child.returncode, out, err)
            finally:
                child.kill()


def _page(said: bytes) -> tuple[int, int]:
    """Return the last page that the child has named, and their number."""
    pages = _PAGE.findall(said)
    return (int(pages[-1][0]), int(pages[-1][1])) if pages else (0, 0)
