"""Lists with letters of other alphabets."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.letters import with_latin_letters
from worksheets.formats.readers.rows import Row
from worksheets.questions import parse_sheet


@pytest.mark.parametrize(
    ("rows", "made"),
    [
        (["а) кот", "б) пёс"], ["a) кот", "b) пёс"]),
        (["2) в:", "أ) الفم    ب) المريء"], ["2) в:", "a) الفم    b) المريء"]),
        (["(א) כלב", "", "(ב) חתול"], ["(a) כלב", "", "(b) חתול"]),
        (["а) один"], ["а) один"]),
        (["б) два", "в) три"], ["б) два", "в) три"]),
        (["а) x", *[""] * 9, "б) y"], ["а) x", *[""] * 9, "б) y"]),
    ],
)
def test_letters_that_count_items_are_replaced(rows: list[str], made: list[str]) -> None:
    assert [str(row) for row in with_latin_letters([Row(row) for row in rows])] == made


def test_a_bank_ends_where_the_items_begin() -> None:
    text = "1. Вставьте слова: кот / пёс / лев\nа) Это ______.\nб) Там ______.\nв) Вот ______.\n"
    sheet = parse_sheet(to_markup(text).source)
    assert sheet.banks[0].words == ("кот", "пёс", "лев")
    assert len(sheet.gaps) == 3
