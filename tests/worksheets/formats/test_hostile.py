"""Hostile files of every format: one sentence each, and the process that asks is unharmed."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest

from tests.worksheets.formats.paper.files import archive, docx, paragraph, pdf, placed_pdf, run
from tests.worksheets.formats.readers.test_opendocument import odt
from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup
from worksheets.formats.readers import extract

DEEP = 3_000
MAX_MEMORY_BYTES = 512_000_000


def encrypted(data: bytes) -> bytes:
    """An archive that says of its parts that they are encrypted."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 4)
    return bytes(changed)


def nested(depth: int = 40) -> bytes:
    """Archives in archives, named as a document's parts are."""
    inner = b"x" * 100
    for _level in range(depth):
        inner = archive({"word/document.xml": inner, "content.xml": inner})
    return inner


def overlapping() -> bytes:
    """An archive whose many names stand for the same few bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(6000):
            file.writestr(f"word/{number}.xml", b"")
    return out.getvalue()


def entities(part: str) -> str:
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE {part} [<!ENTITY e0 "lol">{rows}]>'


def gibberish(length: int) -> bytes:
    return bytes((n * 7919 + n // 251) % 256 for n in range(length))


DEEP_TABLE = "<w:tbl><w:tr><w:tc>" * DEEP + "</w:tc></w:tr></w:tbl>" * DEEP
DEEP_LIST = "<text:list><text:list-item>" * DEEP + "</text:list-item></text:list>" * DEEP
OUTLINES = [(n % 500, n % 800, n * 7 % 500, n * 13 % 800) for n in range(2_000)]
ZEROS = b"<!-- " + b" " * 30_000_000 + b" -->"
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "word, a bomb": ("a.docx", lambda: docx(before=ZEROS.decode())),
    "word, encrypted": ("a.docx", lambda: encrypted(docx(paragraph(run("a"))))),
    "word, cut": ("a.docx", lambda: docx(paragraph(run("a" * 9000)))[:400]),
    "word, a pdf by its content": ("a.docx", lambda: pdf([["a"]])),
    "word, nested archives": ("a.docx", nested),
    "word, too many parts": ("a.docx", overlapping),
    "word, entities": ("a.docx", lambda: docx(before=entities("w:document"))),
    "word, deep tables": ("a.docx", lambda: docx(DEEP_TABLE)),
    "odt, a bomb": ("a.odt", lambda: odt("<text:p/>" * 2_000_000)),
    "odt, encrypted": ("a.odt", lambda: encrypted(odt("<text:p>a</text:p>"))),
    "odt, cut": ("a.odt", lambda: odt("<text:p>a</text:p>" * 900)[:200]),
    "odt, nested archives": ("a.odt", nested),
    "odt, entities": ("a.odt", lambda: odt("<text:p>&e11;</text:p>", before=entities("a"))),
    "odt, deep lists": ("a.odt", lambda: odt(DEEP_LIST)),
    "rtf, deep groups": ("a.rtf", lambda: b"{\\rtf1 " + b"{" * 3_000_000),
    "rtf, cut": ("a.rtf", lambda: b"{\\rtf1\\ansi"),
    "rtf, a giant of binary": ("a.rtf", lambda: b"{\\rtf1 {\\pict\\bin999999999 " + gibberish(999)),
    "rtf, zeros": ("a.rtf", lambda: b"{\\rtf1" + b"\0" * 5_000_000),
    "pdf, cut": ("a.pdf", lambda: pdf([["a"] * 50] * 9)[:300]),
    "pdf, noise": ("a.pdf", lambda: b"%PDF-1.7\n" + gibberish(300_000)),
    "pdf, 5,000 pages": ("a.pdf", lambda: pdf([["a"]] * 5_000)),
    "pdf, outlines only": ("a.pdf", lambda: placed_pdf([([], OUTLINES)] * 20)),
    "pdf, a loop of pages": ("a.pdf", lambda: pdf([["a"]]).replace(b"[3 0 R]", b"[2 0 R]")),
    "pdf, a Word file by its content": ("a.pdf", lambda: docx(paragraph(run("a")))),
    "text, binary": ("a.txt", lambda: gibberish(100_000)),
    "text, another name": ("a.txt", lambda: docx(paragraph(run("a")))),
    "markdown, too long": ("a.md", lambda: b"# a\n" * 60_000),
}


@pytest.mark.parametrize("kind", FILES)
def test_one_sentence_says_why(kind: str) -> None:
    name, make = FILES[kind]
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(name, make())
    sentence = str(caught.value)
    assert re.search(r"[.?]\Z", sentence)
    assert "Traceback" not in sentence


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b"[" * 100_000),
        ("a.md", b"| a " * 40_000),
        ("a.md", b"**a" * 60_000),
        ("a.txt", b"_ " * 90_000),
        ("a.txt", b"(" * 150_000),
        ("a.txt", b"a" + b" " * 150_000 + b"b"),
        ("a.txt", b"True or false?\n1. a  true" + b"\t " * 50_000 + b"x"),
        ("a.txt", b"1. \n" * 40_000),
        ("a.txt", "\u202e\u0000x".replace("\u0000", "\u200b").encode() * 20_000),
    ],
    ids=[
        *("brackets", "bars", "stars", "blanks", "parentheses", "space", "true", "numbers"),
        "directions",
    ],
)
def test_a_text_of_nothing_but_signs_is_read(name: str, data: bytes) -> None:
    assert isinstance(to_markup(read_paper(name, data)).source, str)


def test_the_program_that_reads_limits_its_own_memory_and_time() -> None:
    """Its limits are below what a file may cost: 512 MB and 20 seconds."""
    assert extract.MAX_MEMORY_BYTES < MAX_MEMORY_BYTES
    assert extract.MAX_CPU_SECONDS < 20
    asked = (
        "import resource, sys; sys.argv = ['x', '.pdf'];"
        "from worksheets.formats.readers import extract;"
        "extract.read = lambda *_: sys.exit(resource.getrlimit(resource.RLIMIT_AS)[0] // 10**7);"
        "extract.main()"
    )
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == extract.MAX_MEMORY_BYTES // 10**7
