"""Paragraphs, lists, quotations, tables, rules."""

from __future__ import annotations

import pytest

from worksheets.markup import (
    BulletList,
    Heading,
    HorizontalRule,
    LineBreak,
    NumberedList,
    Paragraph,
    Quotation,
    Table,
    Text,
)
from worksheets.questions import parse_sheet

from .helpers import codes, gap_keys, shape, shown


def paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def bullets(*items: str) -> BulletList:
    return BulletList(tuple((paragraph(item),) for item in items))


class TestParagraphs:
    def test_lines_are_joined_by_spaces(self) -> None:
        assert parse_sheet("one \n  two\nthree").blocks == (paragraph("one two three"),)

    @pytest.mark.parametrize("end", ["\\\n", "  \n"])
    def test_a_line_break_can_be_asked_for(self, end: str) -> None:
        (block,) = parse_sheet(f"one{end}two").blocks
        assert block == Paragraph((Text("one"), LineBreak(), Text("two")))

    @pytest.mark.parametrize("blank", ["\n\n", "\n \n", "\r\n\r\n", "\n\f\n", "\n\t\n\n"])
    def test_empty_lines_separate_them(self, blank: str) -> None:
        assert parse_sheet(f"one{blank}two").blocks == (paragraph("one"), paragraph("two"))

    @pytest.mark.parametrize("indent", ["    ", "\t", "  ", "          "])
    def test_indentation_makes_no_code(self, indent: str) -> None:
        assert parse_sheet(f"{indent}one\n{indent}two").blocks == (paragraph("one two"),)

    @pytest.mark.parametrize(
        "text", ["<b>one</b>", "&amp; &copy;", "```", "~~~", "one\n===", "\\a"]
    )
    def test_what_is_special_in_markdown_alone_is_text(self, text: str) -> None:
        assert parse_sheet(text).blocks == (paragraph(text.replace("\n", " ")),)


class TestBullets:
    @pytest.mark.parametrize("mark", ["-", "*", "+", "▪", "•", "◦", "●", "–", "·", "\uf0b7"])
    def test_marks(self, mark: str) -> None:
        assert parse_sheet(f"{mark} one\n{mark} two").blocks == (bullets("one", "two"),)

    @pytest.mark.parametrize("mark", ["-", "▪"])
    def test_a_wrapped_line_goes_on(self, mark: str) -> None:
        source = f"{mark} one\nwrapped\n{mark} two\n  wrapped"
        assert parse_sheet(source).blocks == (bullets("one wrapped", "two wrapped"),)

    def test_empty_lines_between_them_do_not_matter(self) -> None:
        assert parse_sheet("▪ one\n\n▪ two").blocks == (bullets("one", "two"),)

    def test_a_mark_without_text_takes_the_next_line(self) -> None:
        assert parse_sheet("▪\none").blocks == (bullets("one"),)

    def test_a_no_break_space_is_a_space(self) -> None:
        assert parse_sheet("•\u00a0one\n-\u00a0two").blocks == (bullets("one"), bullets("two"))

    @pytest.mark.parametrize("text", ["-one", "*one*", "+1", "–one", "·5", "-", "*"])
    def test_these_are_none(self, text: str) -> None:
        assert "BulletList" not in shape(text)

    def test_further_in_they_are_part_of_the_one_above(self) -> None:
        (block,) = parse_sheet("- one\n  - two\n  - three\n- four").blocks
        assert block == BulletList(
            ((paragraph("one"), bullets("two", "three")), (paragraph("four"),))
        )

    def test_a_paragraph_further_in_is_part_of_the_item(self) -> None:
        (block,) = parse_sheet("- one\n\n  two\n- three").blocks
        assert isinstance(block, BulletList)
        assert block.items[0] == (paragraph("one"), paragraph("two"))

    def test_a_paragraph_at_the_edge_is_not(self) -> None:
        assert shape("- one\n\ntwo") == ["BulletList", "Paragraph"]

    def test_another_mark_begins_another_list(self) -> None:
        assert shape("- one\n* two") == ["BulletList", "BulletList"]

    def test_they_interrupt_a_paragraph(self) -> None:
        assert shape("one\n▪ two") == ["Paragraph", "BulletList"]
        assert shape("one\n- two") == ["Paragraph", "BulletList"]

    def test_a_dash_does_not(self) -> None:
        assert parse_sheet("one\n– two").blocks == (paragraph("one – two"),)

    def test_deep_nesting_stops_and_loses_nothing(self) -> None:
        sheet = parse_sheet("- " * 50 + "deep ______")
        assert len(sheet.gaps) == 1
        assert shown(sheet.blocks).endswith("deep ")


class TestNumbers:
    @pytest.mark.parametrize(("source", "start"), [("1. a", 1), ("7) a", 7), ("12. a", 12)])
    def test_the_number_is_the_authors(self, source: str, start: int) -> None:
        assert parse_sheet(source).blocks == (NumberedList(start, ((paragraph("a"),),)),)

    @pytest.mark.parametrize("text", ["1936. was", "1.a", "1 a", "100. a", "1936 was"])
    def test_these_are_none(self, text: str) -> None:
        assert parse_sheet(text).blocks == (paragraph(text),)

    def test_items_follow_each_other(self) -> None:
        (block,) = parse_sheet("1. a\nwrapped\n2. b\n\n3. c").blocks
        assert isinstance(block, NumberedList)
        assert len(block.items) == 3

    def test_the_first_and_the_next_interrupt_a_paragraph(self) -> None:
        assert shape("text\n1. a") == ["Paragraph", "NumberedList"]
        assert shape("1. a\n\ntext\n2. b") == ["NumberedList", "Paragraph", "NumberedList"]

    def test_a_date_in_a_wrapped_line_does_not(self) -> None:
        assert parse_sheet("born on\n12. March").blocks == (paragraph("born on 12. March"),)
        assert parse_sheet("1. born on\n12. March").blocks == (
            NumberedList(1, ((paragraph("born on 12. March"),),)),
        )

    def test_a_list_goes_on_after_an_answer(self) -> None:
        lists = [
            b for b in parse_sheet("1. a ???\n2. b ???\n2. c").blocks if isinstance(b, NumberedList)
        ]
        assert [block.start for block in lists] == [1, 2, 2]

    def test_numbers_that_jump_begin_another_list(self) -> None:
        assert shape("1. a\n\n5. b") == ["NumberedList", "NumberedList"]


class TestQuotations:
    def test_a_quotation(self) -> None:
        assert parse_sheet("> one\n> two\n>\n> - three").blocks == (
            Quotation((paragraph("one two"), bullets("three"))),
        )

    def test_it_cannot_interrupt_a_paragraph(self) -> None:
        assert parse_sheet("Economic\n> Political").blocks == (paragraph("Economic > Political"),)
        assert shape("- Economic\n> Political") == ["BulletList"]

    def test_a_heading_in_it_is_no_part(self) -> None:
        sheet = parse_sheet("> ## one")
        assert sheet.blocks == (Quotation((Heading(2, (Text("one"),)),)),)
        assert len(sheet.parts) == 1


class TestRules:
    @pytest.mark.parametrize("rule", ["---", "***", "-----", " --- ", "- - -", "* * *"])
    def test_rules(self, rule: str) -> None:
        assert parse_sheet(f"a\n{rule}\nb").blocks == (
            paragraph("a"),
            HorizontalRule(),
            paragraph("b"),
        )

    @pytest.mark.parametrize("text", ["--", "**", "-*-", "=="])
    def test_these_are_none(self, text: str) -> None:
        assert "HorizontalRule" not in shape(text)


class TestTables:
    def test_a_table(self) -> None:
        (block,) = parse_sheet("| a | b |\n| --- | :-: |\n| *c* | d |\n| e | f |\n\ntext").blocks[
            :1
        ]
        assert isinstance(block, Table)
        assert [shown(cell) for cell in block.head] == ["a", "b"]
        assert [[shown(cell) for cell in row] for row in block.rows] == [["c", "d"], ["e", "f"]]

    def test_bars_at_the_ends_are_optional(self) -> None:
        (block,) = parse_sheet("a | b\n---|---\nc | d").blocks
        assert isinstance(block, Table)
        assert len(block.rows) == 1

    def test_a_bar_in_a_gap_has_a_backslash(self) -> None:
        sheet = parse_sheet("| a |\n|---|\n| ___x \\| y___ |")
        assert [answer.text for answer in sheet.gaps[0].accepted] == ["x", "y"]
        assert sheet.problems == ()

    def test_without_it_the_gap_is_an_error(self) -> None:
        assert "unclosed-gap" in codes("| a | b |\n|---|---|\n| ___x | y___ |")

    def test_a_literal_bar_in_a_gap_has_two_backslashes(self) -> None:
        sheet = parse_sheet("| a |\n|---|\n| ___x \\\\| y___ |")
        assert [answer.text for answer in sheet.gaps[0].accepted] == ["x | y"]

    def test_uneven_rows_lose_nothing(self) -> None:
        sheet = parse_sheet("| a | b |\n|---|---|\n| ____ |\n| c | d | ____ |")
        assert gap_keys(sheet.blocks) == ["g1", "g2"]
        assert codes("| a |\n|---|\n| b | c |") == ["uneven-table"]

    @pytest.mark.parametrize("source", ["| a |\n| b |", "| a |\n|---|---|", "a\n---|", "|\n|"])
    def test_these_are_none(self, source: str) -> None:
        assert "Table" not in shape(source)

    def test_it_interrupts_a_paragraph(self) -> None:
        assert shape("text\n| a |\n|---|\n| b |") == ["Paragraph", "Table"]
