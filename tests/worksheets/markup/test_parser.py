"""The whole: limits, titles, parts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from worksheets.markup import Part, parse
from worksheets.markup.parser import _MAX_KEPT, _MIN_SIZE, MAX_BYTES, MAX_LINES, _kept
from worksheets.questions import parse_sheet

from .helpers import codes


def test_nothing() -> None:
    sheet = parse_sheet("")
    assert (sheet.title, sheet.blocks, sheet.gaps, sheet.problems) == ("", (), (), ())
    assert sheet.parts == (Part(0, ""),)


def test_the_title_is_the_first_heading_of_its_kind() -> None:
    assert parse_sheet("## a\n# *b* ___c___\n# d").title == "b ____"


def test_parts_begin_at_second_level_headings() -> None:
    sheet = parse_sheet("___a___\n# t\n## One\n___b___\n### x\n___c___\n## Two ___d___")
    assert [gap.part for gap in sheet.gaps] == [0, 1, 1, 2]
    assert [part.title for part in sheet.parts] == ["", "One", "Two ____"]


def test_a_text_that_is_too_long_is_not_read() -> None:
    assert codes("ä" * (MAX_BYTES // 2)) == []
    sheet = parse_sheet("ä" * (MAX_BYTES // 2) + "!")
    assert [problem.code for problem in sheet.errors] == ["too-long"]
    assert sheet.blocks == ()


@pytest.mark.parametrize(("gaps", "expected"), [(500, []), (2000, []), (2001, ["too-many-gaps"])])
def test_many_gaps(gaps: int, expected: list[str]) -> None:
    sheet = parse_sheet("___a___ " * gaps)
    assert len(sheet.gaps) == gaps
    assert [problem.code for problem in sheet.problems] == expected


def test_many_lines_are_read_and_cannot_be_published() -> None:
    assert codes("a\n\n" * MAX_LINES) == []
    sheet = parse_sheet("___a___\n\n" * MAX_LINES + "___a___")
    assert "too-many-lines" in {problem.code for problem in sheet.errors}
    assert sheet.is_too_large
    assert len(sheet.gaps) == MAX_LINES + 1  # what was published before keeps all of them


def test_a_text_that_was_read_just_before_is_not_read_again() -> None:
    sheet = parse_sheet("# Kept\n\n___a___")
    assert parse_sheet("# Kept\n\n" + "___a___") is sheet
    assert parse("# Kept\n\n___a___", []) is not sheet  # other kinds make another sheet
    for number in range(5):
        parse_sheet(f"{number}" + "x" * (MAX_BYTES // 2))
    assert parse_sheet("# Kept\n\n___a___") is not sheet


def test_a_sheet_finds_its_gaps_and_questions() -> None:
    sheet = parse_sheet("___a___ ___b___\n\n??? 2 marks")
    assert sheet.gap("g2").accepted[0].text == "b"
    assert sheet.question("q1").marks == 2
    assert (sheet.automatic_marks, sheet.teacher_marks) == (Decimal(2), Decimal(2))
    for key in ("g3", "g0", "q1", "", "g", "gx", "g-1"):
        with pytest.raises(KeyError):
            sheet.gap(key)


def test_the_same_text_makes_the_same_sheet() -> None:
    source = "# t\n___a___ ____ [x](https://y.z)[^1]\n\n[^1]: n\n\n[[ * | b ]]"
    assert parse_sheet(source) == parse_sheet(source)


def test_few_sheets_are_kept_of_short_texts_too() -> None:
    most = _MAX_KEPT // _MIN_SIZE
    for number in range(most + 50):
        parse(f"{number}", ())
    assert _kept.cache is not None
    assert len(_kept.cache) <= most
