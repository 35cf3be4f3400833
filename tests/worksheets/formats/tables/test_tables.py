"""Tables for spreadsheets: what is text stays text, both ways."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.reported import reported
from worksheets.formats.tables import (
    Table,
    UnreadableTable,
    read_table,
    reading,
    write_csv,
    write_xlsx,
)
from worksheets.formats.tables.guards import guard, unguard
from worksheets.formats.tables.program import read

RISKY = [
    *('=HYPERLINK("http://x","Ann")', "=1+1", "+49", "-Lee", "@me", "\t=1", "\r=1"),
    *("＝1+1", "﹢1", "\u200f=1", "\ufeff=1", "\x01=1", " =1", "'=1", "''=1", "-1 for spelling"),
]
ODD = ["van der Berg, Ann", 'O"Neil', "a name\nin two lines", '; , tab \t " and \r\n', "'tis", ""]


def cut(length: int) -> str:
    return f"(cut, {length:,} characters: see CSV)"


def table(*texts: str) -> Table:
    return Table("Answers", ["Name", "Mark"], [[text, Decimal("1234.5")] for text in texts])


def members(content: bytes) -> str:
    """All XML of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@reported("desk-15")
def test_a_csv_is_in_the_forms_of_the_language_and_no_cell_shifts() -> None:
    made = table(*ODD)
    german = write_csv(made, decimal_comma=True)
    assert german.startswith(b"\xef\xbb\xbfName;Mark\r\n")
    rows = list(csv.reader(io.StringIO(german.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [2] * (len(ODD) + 1)
    assert {row[1] for row in rows[1:]} == {"1234,5"}
    english = write_csv(made, decimal_comma=False)
    assert english.startswith(b"\xef\xbb\xbfName,Mark\r\n")
    for content, number in [(german, "1234,5"), (english, "1234.5")]:
        assert read(content) == [["Name", "Mark"], *([text, number] for text in ODD)]


@reported("desk-16")
def test_no_text_becomes_a_formula_and_the_guard_comes_off_again() -> None:
    made = Table("x", ["Answer", "Deduction"], [[text, Decimal(-1)] for text in RISKY])
    content = write_csv(made, decimal_comma=False)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    assert all(row[0].startswith("'") for row in rows)
    assert {row[1] for row in rows} == {"-1"}  # a number is none
    assert [row[0] for row in read(content)[1:]] == RISKY
    xlsx = write_xlsx(made, cut_note=cut)
    xml = members(xlsx)
    assert "<f>" not in xml
    assert "<hyperlink " not in xml
    # A workbook keeps a lone carriage return as an escape; all else is the very text.
    held = [row[0].replace("_x000D_", "\r") for row in read(xlsx)[1:]]
    assert held == RISKY
    assert {row[1] for row in read(xlsx)[1:]} == {"-1"}


@given(st.text())
def test_every_text_survives_its_guard(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not re.match(r"[=+\-@\t\r＝﹦]", guard(text))


@reported("desk-17")
def test_xlsx_leaves_nothing_out_and_says_what_it_cuts() -> None:
    long, emoji = "x" * 40_000, "x" * 32_700 + "🙂" * 100
    texts = [*["https://example.org/a"] * 66_000, "mailto:x", "a\x00b\ufffec", long, emoji]
    made = Table("Answers", ["Answer"], [[text] for text in texts])
    xlsx = write_xlsx(made, cut_note=cut)
    xml = members(xlsx)
    assert "<hyperlink " not in xml
    assert xml.count('<c r="A') == len(texts) + 1
    shared = re.findall(r"<si><t[^>]*>(.*?)</t></si>", xml, re.DOTALL)
    kept = {text[-60:] for text in shared}
    assert any(text.endswith("(cut, 40,000 characters: see CSV)") for text in kept)
    assert any(text.endswith("(cut, 32,800 characters: see CSV)") for text in kept)
    for text in shared:
        assert len(text.encode("utf-16-le")) // 2 <= 32_767
        assert "\ufffd" not in text
    assert "\x00" not in xml
    assert long in write_csv(made, decimal_comma=False).decode()


def test_a_time_and_what_is_empty() -> None:
    made = Table("x", ["At", "Mark"], [[datetime(2026, 10, 28, 18), None], [None, Decimal("2.50")]])
    assert read(write_csv(made, decimal_comma=True))[1:] == [["2026-10-28 18:00", ""], ["", "2,5"]]
    assert read(write_xlsx(made, cut_note=cut))[1:] == [["2026-10-28 18:00:00", ""], ["", "2.5"]]
    with pytest.raises(ValueError, match="other cells"):
        Table("x", ["a"], [["b", "c"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    assert read("Name\tMark\r\nZoë\t2,5\r\n".encode(encoding))[1] == ["Zoë", "2,5"]


@reported("desk-15")
def test_lines_that_end_as_on_an_older_mac() -> None:
    assert read(b"Name;Mark\rAnn;a, b, c\rBen;2,5\r")[1:] == [["Ann", "a, b, c"], ["Ben", "2,5"]]


@reported("desk-18")
def test_a_number_is_what_the_spreadsheet_shows_of_it() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, number in enumerate([1.1 + 2.2, 0.1 + 0.7, 2.5, 3.0, 0.125]):
        sheet.write_formula(row, 0, "=A9", None, number)
    book.close()
    assert [row[0] for row in read(out.getvalue())] == ["3.3", "0.8", "2.5", "3", "0.125"]


def far_away() -> bytes:
    """A workbook of a few bytes whose cells a reader would lay out as sixteen thousand million."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "a")
    sheet.write_string(1_048_575, 16_383, "b")
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        far_away(),
        b"PK\x03\x04 no zip",
        b"\xd0\xcf\x11\xe0",
        b"a;" * 2000,
        b"a\n" * 6000,
        b'"' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_table(data)
    assert str(refused.value.sentence)


def test_a_process_of_its_own_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_table(write_xlsx(table("=1"), cut_note=cut)) == [["Name", "Mark"], ["=1", "1234.5"]]
    assert read_table(b"") == []
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 3)
    with pytest.raises(UnreadableTable):
        read_table(b"a;b;c")
