"""Files: what can be read, and a sentence for what cannot."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from worksheets.formats.paper import UnreadablePaper, papers, read_paper

from .files import (
    DOCUMENT,
    RELATIONS_OF_PACKAGE,
    archive,
    docx,
    docx_part,
    locked_pdf,
    paragraph,
    pdf,
    run,
    table,
)

Child = Callable[[str], object]


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Child:
    """Takes the program that reads Word and PDF files in the place of ours."""
    program = tmp_path / "extract.py"
    monkeypatch.setattr(papers, "_EXTRACT", program)
    return program.write_text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Stalin’s – é\n".encode(), "Stalin’s – é\n"),
        ("\ufeffStalin".encode(), "Stalin"),
        ("Stalin’s – é".encode("utf-16"), "Stalin’s – é"),
        ("é".encode("utf-16-be").join([b"\xfe\xff", b""]), "é"),
        ("Stalin’s – é".encode("cp1252"), "Stalin’s – é"),
        (b"a\x81b", "a\ufffdb"),
        ("a".encode("utf-16") + b"b", "a\ufffd"),
        ("a\0b".encode("utf-16"), "a\ufffdb"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "A B.TXT", "dir/a.markdown"])
def test_plain_text_in_the_encodings_of_its_time(name: str, data: bytes, text: str) -> None:
    assert read_paper(name, data) == text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", b"a\0b", "not a text file"),
        ("a.txt", b"x" * 200_001, "too long"),
        ("a.doc", b"x", "Save it as .docx"),
        ("a.odt", b"x", "not a .odt file"),
        ("a.rtf", b"x", "not a .rtf file"),
        ("a.pages", b"x", "Save it as .docx"),
        ("a.odt", archive({"a.txt": b"x"}), "not an OpenDocument text"),
        ("a.exe", b"x", "Only .txt"),
        ("a", b"x", "Only .txt"),
        ("a.docx", b"x", "not a .docx file"),
        ("a.pdf", b"x", "not a .pdf file"),
        ("a.docx", b"\xd0\xcf\x11\xe0x", "password"),
        ("a.docx", b"PK\x03\x04x", "damaged"),
        ("a.docx", archive({"a.txt": b"x"}), "not a Word file"),
        ("a.docx", docx(paragraph(run("a")))[:-40], "damaged"),
        ("a.docx", docx("<w:p>"), "damaged"),
        ("a.docx", docx(paragraph()), "no text"),
        ("a.docx", docx(paragraph(run("a")), before="<!DOCTYPE a>"), "a document must not have"),
        ("a.pdf", b"%PDF-1.4 x", "damaged"),
        ("a.pdf", pdf([[]]), "scanned"),
        ("a.pdf", locked_pdf(), "password"),
        ("a.pdf", pdf([["a"]] * 61), "61 pages"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, data: bytes, words: str) -> None:
    with pytest.raises(UnreadablePaper, match=words) as caught:
        read_paper(name, data)
    assert str(caught.value).endswith((".", "?"))


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(UnreadablePaper, match="too large: it has 21 MB"):
        read_paper("a.pdf", b"%PDF" + b"x" * 21_000_000)


def test_an_archive_that_unpacks_to_a_giant_is_not_unpacked() -> None:
    bomb = docx(paragraph(run("a")), more={"word/media/a.xml": b" " * 120_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(UnreadablePaper, match="too large once it is unpacked"):
        read_paper("a.docx", bomb)


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "SECONDS", 0.001)
    with pytest.raises(UnreadablePaper, match="too long to read"):
        read_paper("a.pdf", pdf([["a"]]))


def test_a_document_of_many_megabytes_of_markup_is_not_read() -> None:
    """A second of somebody's time would cost minutes of ours."""
    bomb = docx("<w:p/>" * 2_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(UnreadablePaper, match="too large once it is unpacked"):
        read_paper("a.docx", bomb)


ENTITY = '<!DOCTYPE w:document [<!ENTITY a "SECRET">]>'
PART = paragraph(run("&a;"))
RELATIONS = "word/_rels/document.xml.rels"
NAMES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def declared(encoding: str, *, name: str | None = None, mark: bytes = b"") -> bytes:
    """A document with an entity, in an encoding, and under the name of another perhaps."""
    text = docx_part(PART, before=ENTITY).replace(
        '<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{name or encoding}"?>'
    )
    return mark + text.encode(encoding)


@pytest.mark.parametrize(
    "part",
    [
        declared("utf-8"),
        declared("utf-8", mark=b"\xef\xbb\xbf"),
        declared("utf-16"),
        declared("utf-16-le", name="utf-16", mark=b"\xff\xfe"),
        declared("utf-16-be", name="utf-16", mark=b"\xfe\xff"),
        declared("utf-16-le", name="utf-16"),
        declared("utf-16-be", name="utf-8"),
        declared("utf-32"),
        declared("utf-32-be", name="utf-32"),
        declared("utf-7"),
        declared("cp037"),
        declared("cp500", name="ebcdic-cp-be"),
        declared("latin-1", name="cp037"),
        declared("shift_jis"),
        declared("latin-1"),
    ],
)
def test_a_document_type_is_seen_in_every_encoding(part: bytes) -> None:
    """Where it cannot be read at all, nothing of it is followed either."""
    with pytest.raises(UnreadablePaper, match=r"must not have|damaged"):
        read_paper("a.docx", docx(paragraph(run("a")), more={DOCUMENT: part}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["word/document.bin", "media/image.png", "x", "DOCUMENT.XML"])
def test_a_document_type_is_seen_in_a_part_of_any_name(name: str, encoding: str) -> None:
    relations = RELATIONS_OF_PACKAGE.replace("word/document.xml", name).encode()
    part = declared(encoding)
    more = {"_rels/.rels": relations, name: part}
    with pytest.raises(UnreadablePaper, match="must not have"):
        read_paper("a.docx", docx(paragraph(run("a")), more=more))


@pytest.mark.parametrize("kind", ["styles", "numbering", "footnotes", "endnotes", "comments"])
def test_a_document_type_is_seen_in_parts_beside_the_document(kind: str) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{NAMES}/{kind}" Target="odd.dat"/></Relationships>'
    )
    more = {RELATIONS: relations.encode(), "word/odd.dat": declared("utf-16")}
    with pytest.raises(UnreadablePaper, match="must not have"):
        read_paper("a.docx", docx(paragraph(run("a")), more=more))


def test_the_last_of_two_parts_of_one_name_is_looked_at() -> None:
    data = docx(paragraph(run("a")))
    out = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as file:
        file.writestr(DOCUMENT, declared("utf-16"))
    with pytest.raises(UnreadablePaper, match="must not have"):
        read_paper("a.docx", out.getvalue())


def test_markup_under_another_name_is_counted() -> None:
    relations = RELATIONS_OF_PACKAGE.replace("word/document.xml", "a.bin").encode()
    more = {"_rels/.rels": relations, "a.bin": docx_part("<w:p/>" * 2_000_000).encode()}
    with pytest.raises(UnreadablePaper, match="too large once it is unpacked"):
        read_paper("a.docx", docx(paragraph(run("a")), more=more))


def test_a_document_in_utf_16_can_be_read() -> None:
    part = docx_part(paragraph(run("Löwe"))).replace('"1.0"', '"1.0" encoding="utf-16"', 1)
    data = docx(paragraph(run("a")), more={DOCUMENT: part.encode("utf-16")})
    assert read_paper("a.docx", data) == "Löwe"


def test_pictures_are_no_markup() -> None:
    data = docx(paragraph(run("a")), more={"word/media/a.png": b" " * 12_000_000})
    assert read_paper("a.docx", data) == "a"


class Enough(Exception):
    """What a caller raises that wants to end the reading."""


def test_one_file_is_read_at_a_time() -> None:
    """Others wait until it is read, or until their caller has had enough."""
    looks: list[tuple[int, int]] = []

    def look(done: int, of: int) -> None:
        looks.append((done, of))
        if len(looks) == 3:
            papers._READING.release()

    papers._READING.acquire()
    assert read_paper("a.pdf", pdf([["a"]]), look) == "a"
    assert looks[:3] == [(0, 0)] * 3
    for data, words in [(b"%PDF-1.4 x", "damaged"), (pdf([[]]), "scanned")]:
        with pytest.raises(UnreadablePaper, match=words):
            read_paper("a.pdf", data)
    assert read_paper("a.pdf", pdf([["a"]])) == "a"


def test_who_waits_for_another_file_may_go() -> None:
    def go(_done: int, _of: int) -> None:
        raise Enough

    with papers._READING, pytest.raises(Enough):
        read_paper("a.pdf", pdf([["a"]]), go)


def test_its_pages_are_told_while_it_is_read(child: Child) -> None:
    child(
        "import json, sys, time\n"
        "data = sys.stdin.buffer.read()\n"
        "for page in (1, 2):\n"
        "    sys.stderr.write(f'noise\\npage {page} of 2\\n')\n"
        "    sys.stderr.flush()\n"
        "    time.sleep(0.5)\n"
        "sys.stdout.write(json.dumps({'rows': [[str(len(data)), {}, '', None]], 'notes': []}))\n"
    )
    looks: list[tuple[int, int]] = []
    paper = pdf([["a"]]) + b" " * 1_000_000  # more than a pipe holds
    assert read_paper("a.pdf", paper, lambda *look: looks.append(look)) == str(len(paper))
    assert [look for look in dict.fromkeys(looks) if look != (0, 0)] == [(1, 2), (2, 2)]


def test_reading_ends_with_its_program_when_the_caller_has_had_enough(
    child: Child, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    child(
        f"import os, pathlib, time\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )

    def go(_done: int, _of: int) -> None:
        if mark.exists() and mark.read_text():
            raise Enough

    with pytest.raises(Enough):
        read_paper("a.pdf", pdf([["a"]]), go)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    assert read_paper("a.txt", b"a") == "a"


def test_the_real_program_names_its_pages() -> None:
    command = [sys.executable, str(papers._EXTRACT), ".pdf"]
    done = subprocess.run(command, input=pdf([["a"], ["b"]]), capture_output=True, check=True)
    assert papers._page(done.stderr) == (2, 2)


def test_plain_text_waits_for_nobody() -> None:
    with papers._READING:
        assert read_paper("a.txt", b"a") == "a"


def test_a_file_that_computes_too_long_is_given_up(child: Child) -> None:
    child("import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n")
    with pytest.raises(UnreadablePaper, match="too long to read"):
        read_paper("a.pdf", pdf([["a"]]))


def test_word() -> None:
    data = docx(
        paragraph(run("Title")),
        paragraph(run("He had founded the "), run("      ", underlined=True), run(" in 1938.")),
        paragraph(run("It was "), run("great", underlined=True)),
        table(("a|b", "c"), ("d", "e")),
    )
    assert read_paper("a.docx", data).split("\n") == [
        "Title",
        "",
        "He had founded the ______ in 1938.",
        "",
        "It was great",
        "",
        "| a\\|b | c |",
        "| d | e |",
    ]


def test_a_zero_byte_out_of_a_pdf_can_be_stored(child: Child) -> None:
    child(
        'import sys\nsys.stdout.write(\'{"rows": [["a\\\\u0000b", {}, "", null]], "notes": []}\')\n'
    )
    assert read_paper("a.pdf", pdf([["a"]])) == "a\ufffdb"


def test_pdf_pages_follow_each_other() -> None:
    text = read_paper("a.PDF", pdf([["First line", "second ______"], ["on page two"]]))
    assert text.split("\n") == ["First line", "second ______", "on page two"]
