"""Lines and spans know where they came from."""

from __future__ import annotations

from worksheets.markup.source import Line, read_lines, span


def test_every_kind_of_line_end() -> None:
    assert [line.text for line in read_lines("a\nb\r\nc\rd")] == ["a", "b", "c", "d"]


def test_only_line_ends_divide_lines() -> None:
    assert len(read_lines("a\u2028b\x85c\x0cd\x1ee")) == 1


def test_a_cut_keeps_its_column() -> None:
    line = Line("  abc  ", 3).cut(1)
    assert (line.text, line.number, line.column) == (" abc  ", 3, 2)
    assert line.stripped() == Line("abc", 3, 3)


def test_indentation_counts_tabs_as_far_as_they_reach() -> None:
    assert [Line(text, 1).indent for text in ("a", "  a", "\ta", "  \ta")] == [0, 2, 4, 4]


def test_outdenting_takes_no_text() -> None:
    assert Line("   a", 1).outdented(2) == Line(" a", 1, 3)
    assert Line(" a", 1).outdented(4) == Line("a", 1, 2)
    assert Line("\ta", 1).outdented(2) == Line("a", 1, 2)
    assert Line("  ", 1).outdented(4) == Line("", 1, 3)


def test_a_span_finds_its_way_back() -> None:
    text = span([Line("  one ", 4), Line("two  ", 5, 3)])
    assert text.text == "one \ntwo"
    assert text.position(0) == (4, 3)
    assert text.position(text.text.index("two") + 1) == (5, 4)
