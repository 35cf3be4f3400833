"""Small Word and PDF files, made here."""

from __future__ import annotations

import io
import zipfile

DOCUMENT = "word/document.xml"
_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS_OF_PACKAGE = (
    '<?xml version="1.0"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def run(text: str, *, underlined: bool = False) -> str:
    look = '<w:rPr><w:u w:val="single"/></w:rPr>' if underlined else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*blocks: str, before: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A Word file of some blocks; ``more`` are further entries of its archive."""
    return archive(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": RELATIONS_OF_PACKAGE.encode(),
            DOCUMENT: docx_part(*blocks, before=before).encode(),
            **(more or {}),
        }
    )


def docx_part(*blocks: str, before: str = "") -> str:
    """The part of a Word file that has its text."""
    body = f'<?xml version="1.0"?>{before}<w:document {_NAMES}><w:body>{"".join(blocks)}'
    return f"{body}</w:body></w:document>"


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def pdf(pages: list[list[str]], trailer: str = "", beside: str = "") -> bytes:
    """A PDF with some lines of text on each page, and annotations ``beside`` it."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    font = 3 + 2 * len(pages)
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
        content = f"BT /F1 12 Tf 60 760 Td {shown}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> /Annots [{beside}] >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    return _write_pdf(objects, trailer)


def locked_pdf() -> bytes:
    """A PDF whose password nobody knows."""
    junk = "00" * 32
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{junk}> /U <{junk}> >>"
    return pdf([["secret"]], f"{lock} /ID [<00> <00>]")


def _write_pdf(objects: list[str], trailer: str) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(out)
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


Placed = tuple[list[tuple[int, int, str]], list[tuple[int, int, int, int]]]


def placed_pdf(pages: list[Placed]) -> bytes:
    """A PDF with texts and lines at places, counted in points from the bottom left corner."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    font = 3 + 2 * len(pages)
    for number, (texts, lines) in enumerate(pages):
        shown = "".join(
            f"BT /F1 12 Tf {x} {y} Td <{text.encode('cp1252').hex()}> Tj ET "
            for x, y, text in texts
        )
        content = shown + "".join(f"{a} {b} m {c} {d} l S " for a, b, c, d in lines)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    return _write_pdf(objects, "")
