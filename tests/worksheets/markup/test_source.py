"""Lines and spans know where they came from."""

from __future__ import annotations

import pytest

from worksheets.markup.source import Extent, Line, read_lines, span


def test_every_kind_of_line_end() -> None:
    assert [line.text for line in read_lines("a\nb\r\nc\rd")] == ["a", "b", "c", "d"]


def test_only_line_ends_divide_lines() -> None:
    assert len(read_lines("a\u2028b\x85c\x0cd\x1ee")) == 1


def test_a_cut_knows_where_it_begins() -> None:
    line = Line("  abc  ", 3, 10).cut(1)
    assert line == Line(" abc  ", 3, 11)
    assert line.stripped() == Line("abc", 3, 12)
    assert line.extent == Extent(12, 15)


def test_indentation_counts_tabs_as_far_as_they_reach() -> None:
    assert [Line(text, 1).indent for text in ("a", "  a", "\ta", "  \ta")] == [0, 2, 4, 4]


def test_outdenting_takes_no_text() -> None:
    assert Line("   a", 1).outdented(2) == Line(" a", 1, 2)
    assert Line(" a", 1).outdented(4) == Line("a", 1, 1)
    assert Line("\ta", 1).outdented(2) == Line("a", 1, 1)
    assert Line("  ", 1).outdented(4) == Line("", 1, 2)


def test_a_span_finds_its_way_back() -> None:
    text = span([Line("  one ", 4, 10), Line("two  ", 5, 20)])
    assert text.text == "one \ntwo"
    assert text.extent_of(0, 1) == Extent(12, 13)
    assert text.extent_of(6, 8) == Extent(21, 23)
    assert text.extent_of(0, 8) == text.extent == Extent(12, 23)
    assert text.extent_of(5, 5) == Extent(20, 20)


@pytest.mark.parametrize(
    ("source", "starts"),
    [
        ("a\nbc\n", [0, 2, 5]),
        ("a\r\nb\rc", [0, 3, 5]),
        ("\ufeffa\nb", [1, 3]),
        ("\ufeff", [1]),
        ("\0\f\v\ud800\nb", [0, 5]),
        ("😀\nb", [0, 2]),
        ("", [0]),
    ],
)
def test_lines_know_where_they_begin(source: str, starts: list[int]) -> None:
    assert [line.start for line in read_lines(source)] == starts
