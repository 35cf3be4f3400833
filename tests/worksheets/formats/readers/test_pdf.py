"""PDF files as lines of a paper."""

from __future__ import annotations

import zlib

import pytest

from tests.reported import reported
from tests.worksheets.formats.paper.files import Placed, pdf, placed_pdf
from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup
from worksheets.formats.readers.pdf import read_pdf
from worksheets.formats.readers.rows import Row
from worksheets.questions import parse_sheet

Texts = list[tuple[int, int, str]]


def rows(*pages: Placed) -> list[Row]:
    return read_pdf(placed_pdf(list(pages)))[0]


def frame(left: int, bottom: int, right: int, top: int) -> list[tuple[int, int, int, int]]:
    return [
        (left, bottom, right, bottom), (left, top, right, top),
        (left, bottom, left, top), (right, bottom, right, top),
    ]  # fmt: skip


def test_lines_and_the_space_between_paragraphs() -> None:
    texts: Texts = [(60, 760, "one"), (60, 746, "two"), (60, 732, "three"), (60, 700, "four")]
    assert rows((texts, [])) == ["one", "two", "three", "", "four"]


def test_drawn_lines_are_blanks_and_underlines_are_none() -> None:
    texts: Texts = [(60, 700, "The"), (160, 700, "flies and"), (260, 700, "sings")]
    drawn = [(82, 698, 155, 698), (258, 698, 292, 698)]
    (row,) = rows((texts, drawn))
    assert row.startswith("The ____")
    assert row.endswith("_ flies and sings") or row.endswith("flies and   sings")
    assert row.count("_ ") == 1


def test_lines_to_write_on_and_a_rule() -> None:
    texts: Texts = [(60, 700, "Why is it so?"), (60, 600, "A text of its own that is longer.")]
    drawn = [(60, 680, 540, 680), (60, 660, 540, 660), (60, 560, 540, 560)]
    found = rows((texts, drawn))
    assert sum("____" in row for row in found) == 2
    assert "---" in found


def test_two_columns() -> None:
    left: Texts = [(60, 700 - 14 * n, f"left line number {n} has words") for n in range(6)]
    right: Texts = [(330, 700 - 14 * n, f"right line number {n} has words") for n in range(6)]
    title: Texts = [
        (60, 740, "A title that goes over the whole width of the page, as titles may do")
    ]
    found = [row for row in rows((title + left + right, [])) if row]
    assert [row.split()[0] for row in found] == ["A", *["left"] * 6, *["right"] * 6]


def test_words_side_by_side_are_no_columns() -> None:
    texts: Texts = [
        (x, 700 - 16 * n, word)
        for n in range(4)
        for x, word in ((60, "cat"), (220, "dog"), (400, "bird"))
    ]
    assert [row.split() for row in rows((texts, [])) if row] == [["cat", "dog", "bird"]] * 4


def test_a_box_and_a_table() -> None:
    texts: Texts = [
        (70, 705, "red     blue"),
        (70, 605, "one"),
        (270, 605, "two"),
        (70, 585, "three"),
    ]
    drawn = [
        *frame(60, 700, 300, 720),
        *frame(60, 580, 460, 620),
        (60, 600, 460, 600),
        (260, 580, 260, 620),
    ]
    found = [row for row in rows((texts, drawn)) if row]
    assert [(row.look.box, row.look.table) for row in found] == [(1, 0), (0, 1), (0, 1)]
    assert found[1:] == ["| one | two |", "| three |  |"]


def test_the_foot_of_pages_is_left_out_and_said() -> None:
    pages: list[Placed] = [
        ([(60, 700, f"Text of page {n}."), (60, 30, f"Unit 6   {n}")], []) for n in (1, 2, 3)
    ]
    found, notes = read_pdf(placed_pdf(pages))
    assert not any("Unit" in row for row in found)
    assert [note.code for note in notes] == ["furniture"]
    imported = to_markup(read_paper("a.pdf", placed_pdf(pages)))
    assert "Unit 6" in "".join(str(caution.message) for caution in imported.warnings)


def test_letters_of_three_pages_are_all_there() -> None:
    pages: list[Placed] = [
        ([(60, 760 - 14 * n, f"page {p} line {n} fi ffl") for n in range(40)], []) for p in range(3)
    ]
    found = "\n".join(rows(*pages))
    assert all(f"page {p} line {n}" in found for p in range(3) for n in range(40))


def test_hyphens_at_the_ends_of_lines() -> None:
    texts: Texts = [
        (60, 700, "They went through a long and quite hard process of industri-"),
        (60, 686, "alisation that changed the country."),
    ]
    source = to_markup(read_paper("a.pdf", placed_pdf([(texts, [])]))).source
    assert "industrialisation that" in source


def hostile(body: bytes) -> bytes:
    return b"%PDF-1.4\n" + body + b"\n%%EOF\n"


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (
        len(packed),
        more,
        packed,
    )


@pytest.mark.parametrize(
    "data",
    [
        hostile(b""),
        hostile(b"1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj trailer << /Root 1 0 R >>"),
        hostile(
            b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj"
            b" 2 0 obj << /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >> endobj"
            b" trailer << /Root 1 0 R >>"
        ),
        hostile(
            b"1 0 obj << /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >> endobj"
            b" 2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj"
            b" 3 0 obj << /First 3 0 R /Next 3 0 R >> endobj trailer << /Root 1 0 R >>"
        ),
        pdf([["some text"]])[:400],
        b"%PDF-1.7\n" + bytes(range(256)) * 40,
        pdf([["x"]] * 5000),
        hostile(
            b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj"
            b" 2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj"
            b" 3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >> endobj"
            b" 4 0 obj "
            + _stream(b"0 0 m 9 9 l S " * 3_000_000)
            + b" endobj trailer << /Root 1 0 R >>"
        ),
    ],
    ids=[
        "empty",
        "loop",
        "pages in themselves",
        "outlines only",
        "cut",
        "noise",
        "5,000 pages",
        "bomb",
    ],
)
def test_hostile_files(data: bytes) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper("a.pdf", data)
    assert str(caught.value).endswith((".", "?"))


@pytest.mark.slow
def test_fifty_pages() -> None:
    pages: list[Placed] = [
        (
            [
                (60, 770 - 15 * n, f"{n}. The word of page {p} is ______ and no other here.")
                for n in range(48)
            ],
            [],
        )
        for p in range(50)
    ]
    sheet = parse_sheet(to_markup(read_paper("a.pdf", placed_pdf(pages))).source)
    assert len(sheet.gaps) == 50 * 48


@reported("desk-25")
def test_comments_beside_the_text_are_told_and_no_text() -> None:
    def note(kind: str, said: str) -> str:
        place = "/Rect [10 10 30 30] /DA (/Helv 12 Tf)"
        return f"<< /Type /Annot /Subtype /{kind} {place} /Contents {said} >>"

    long = "very " * 5000 + "long"
    beside = [
        *(note("Text", "(KEY: blue)"), note("FreeText", "<FEFF00C4006E>")),
        *(note("Popup", "(KEY: blue)"), note("Highlight", "()"), note("Text", f"({long})")),
        "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] >>",
    ]
    rows, notes = read_pdf(pdf([["The sky is ____."]], beside=" ".join(beside)))
    assert rows == ["The sky is ____."]
    (told,) = notes
    assert told.code == "comments"
    assert str(told.values["text"]).startswith("KEY: blue · Än · very very")
