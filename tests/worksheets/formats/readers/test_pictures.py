"""Pictures of papers: where they stand, what becomes of them, and none lost without a word."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.worksheets.formats.paper.files import archive, docx, paragraph, run
from tests.worksheets.formats.readers.test_opendocument import odt
from tests.worksheets.images import bomb, picture
from worksheets.formats.paper import read_paper, to_markup
from worksheets.formats.readers import errors
from worksheets.formats.readers.pdf import read_pdf
from worksheets.formats.readers.rows import Note
from worksheets.formats.readers.word import read_docx

_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def shown(identity: str = "rId9") -> str:
    """A run with a picture."""
    return f'<w:r><w:drawing><a:blip {_A} {_R} r:embed="{identity}"/></w:drawing></w:r>'


def with_media(*blocks: str, **media: bytes) -> bytes:
    """A Word file whose pictures have these ids."""
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_IMAGE}" Target="media/{name}.png"/>' for name in media
    )
    related = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{rows}</Relationships>"
    )
    files = {f"word/media/{name}.png": content for name, content in media.items()}
    return docx(*blocks, more={"word/_rels/document.xml.rels": related.encode(), **files})


def pdf_with_images(places: list[tuple[int, int, int, int]], side: int = 30) -> bytes:
    """A page with a line, images in these places, and a line below them."""
    raw = bytes(range(256)) * (side * side * 3 // 256 + 1)
    image = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB" % (
        side,
        side,
    )
    image += b" /BitsPerComponent 8 /Length %d >>\nstream\n" % (side * side * 3)
    image += raw[: side * side * 3] + b"\nendstream"
    drawn = "".join(f"q {w} 0 0 {h} {x} {y} cm /I Do Q " for x, y, w, h in places)
    text = "BT /F1 12 Tf 60 760 Td (Look at the map.) Tj 0 -400 Td (It shows ______ .) Tj ET"
    content = f"{drawn}{text}".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources"
        b" << /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        image,
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_a_picture_of_a_word_file_stands_where_it_stood() -> None:
    data = with_media(
        paragraph(run("Look at the map.")),
        paragraph(shown()),
        paragraph(run("It shows ______ .")),
        rId9=picture(),
    )
    imported = to_markup(read_paper("a.docx", data))
    assert imported.source == "Look at the map.\n\n![](paper-1.png)\n\nIt shows ______ .\n"
    assert imported.pictures == {"paper-1.png": picture()}
    assert not [caution for caution in imported.warnings if caution.code == "picture"]


def test_a_picture_in_a_cell_stands_below_its_table_and_one_twice_is_kept_once() -> None:
    cells = "".join(
        f"<w:tc>{paragraph(*runs)}</w:tc>" for runs in ([run("a"), shown()], [run("b")])
    )
    data = with_media(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", paragraph(shown()), rId9=picture())
    imported = to_markup(read_paper("a.docx", data))
    assert imported.source.count("![](paper-1.png)") == 2
    assert imported.source.index("| a | b |") < imported.source.index("![](paper-1.png)")
    assert list(imported.pictures) == ["paper-1.png"]


def test_a_picture_above_an_answer_box_leaves_its_question_there() -> None:
    data = with_media(
        paragraph(run("1. What does the map show?")),
        paragraph(shown()),
        paragraph(run("______________________________________________________________")),
        rId9=picture("JPEG"),
    )
    source = to_markup(read_paper("a.docx", data)).source
    assert source.index("![](paper-1.jpg)") < source.index("1. What does the map show?")
    assert source.index("1. What does the map show?") < source.index("???")


@pytest.mark.parametrize(
    ("media", "target"),
    [
        ({}, "rId9"),
        ({"rId9": b""}, "rId9"),
        ({"rId9": b"x" * (errors.MAX_PICTURE_BYTES + 1)}, "rId9"),
        ({"rId9": picture()}, "rId7"),
    ],
    ids=["no part", "empty", "too large", "another id"],
)
def test_what_cannot_be_had_is_told(media: dict[str, bytes], target: str) -> None:
    data = with_media(paragraph(run("Text.")), paragraph(shown(target)), **media)
    rows, notes = read_docx(data)
    assert not [row for row in rows if row.picture]
    assert notes == [Note("picture", {"count": 1})]
    (caution,) = [c for c in to_markup(read_paper("a.docx", data)).warnings if c.code == "picture"]
    assert "could not be taken over: 1" in str(caution.message)


def test_more_pictures_than_are_taken_are_counted() -> None:
    media = {f"r{n}": picture(size=(n + 1, 3)) for n in range(errors.MAX_PICTURES + 2)}
    rows, notes = read_docx(with_media(*(paragraph(shown(name)) for name in media), **media))
    assert sum(bool(row.picture) for row in rows) == errors.MAX_PICTURES
    assert notes == [Note("picture", {"count": 2})]


def test_a_picture_of_an_opendocument_text() -> None:
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="Pictures/a.png"'
    body = (
        "<text:p>Look at the map.</text:p>"
        f"<text:p><draw:frame><draw:image {link}/></draw:frame></text:p>"
        "<text:p>It shows ______ .</text:p>"
    )
    imported = to_markup(read_paper("a.odt", odt(body, more={"Pictures/a.png": picture()})))
    assert imported.source == "Look at the map.\n\n![](paper-1.png)\n\nIt shows ______ .\n"


def test_images_of_a_pdf_are_cut_out_where_they_are_printed() -> None:
    data = pdf_with_images([(60, 500, 100, 120), (160, 500, 100, 120)])
    paper = read_paper("a.pdf", data)
    assert str(paper) == "Look at the map.\n\nIt shows ______ ."
    imported = to_markup(paper)
    assert imported.source.split("\n\n")[1].startswith("![](paper-1.")
    (content,) = imported.pictures.values()
    with Image.open(io.BytesIO(content)) as cut:
        assert cut.size == (500, 300)  # the two touch: 200 by 120 points


def test_what_fills_a_page_is_a_background_and_told() -> None:
    _rows, notes = read_pdf(pdf_with_images([(0, 0, 595, 842)]))
    assert Note("picture", {"count": 1}) in notes


def test_a_file_without_pictures_has_none() -> None:
    assert to_markup(read_paper("a.docx", docx(paragraph(run("Text."))))).pictures == {}


def test_a_picture_bomb_is_only_carried() -> None:
    """It is unpacked by a program of its own, later, which refuses it."""
    data = with_media(paragraph(run("Text.")), paragraph(shown()), rId9=bomb())
    assert to_markup(read_paper("a.docx", data)).pictures == {"paper-1.png": bomb()}


def test_pictures_of_the_printed_answers_are_not_shown() -> None:
    data = with_media(
        paragraph(run("1. The sky is ______ .")),
        paragraph(run("Answers")),
        paragraph(run("1. blue")),
        paragraph(shown()),
        rId9=picture(),
    )
    imported = to_markup(read_paper("a.docx", data))
    assert "paper-1" not in imported.source
    assert [c for c in imported.warnings if c.code == "key-picture"]


def test_a_zip_in_a_zip_is_a_picture_of_no_kind() -> None:
    inner = archive({"a.xml": b"x" * 1000})
    data = with_media(paragraph(run("Text.")), paragraph(shown()), rId9=inner)
    assert list(to_markup(read_paper("a.docx", data)).pictures) == ["paper-1.png"]
