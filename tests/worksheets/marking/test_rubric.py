"""The lines of a rubric as teachers write them, and what those that are chosen make."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.rubric import (
    MAX_LINES,
    NoSuchChoice,
    RubricLine,
    choose,
    digest,
    points_of,
    read_rubric,
)

SIX = Decimal(6)


@pytest.mark.parametrize(
    ("row", "points", "text"),
    [
        ("2 marks for each reason", "2", "each reason"),
        ("- 1 mark for a date", "1", "a date"),
        ("up to 3 marks for evidence", "3", "evidence"),
        ("bis zu 3 Punkte für Belege", "3", "Belege"),
        ("1,5 Punkte: ein Datum", "1.5", "ein Datum"),
        ("+1 a date", "1", "a date"),
        ("2: names one cause", "2", "names one cause"),
        ("2 = names <b>one</b> cause", "2", "names <b>one</b> cause"),
        ("0 marks for a list alone", "0", "a list alone"),
    ],
)
def test_a_line(row: str, points: str, text: str) -> None:
    assert read_rubric(row, SIX) == [RubricLine(1, text, Decimal(points))]


@pytest.mark.parametrize(
    "row",
    ["Look for dates.", "1935 was the year", "2", "7 marks for too much", "marks for a reason", ""],
)
def test_a_remark(row: str) -> None:
    assert read_rubric(row, SIX) == []


def test_levels_and_points() -> None:
    text = "Read twice.\nlevel 2: names one cause\nStufe 4: explains it\n- 1 mark for a date"
    lines = read_rubric(text, SIX)
    assert [(one.number, one.points, one.is_level) for one in lines] == [
        (1, Decimal(2), True),
        (2, Decimal(4), True),
        (3, Decimal(1), False),
    ]
    assert points_of(choose(lines, [3, 2]), SIX) == 5
    assert points_of(choose(lines, [3, 2]), Decimal(4)) == 4  # at most the question's
    for wrong in ([1, 2], [9]):
        with pytest.raises(NoSuchChoice):
            choose(lines, wrong)


def test_a_digest_is_of_what_stands_there() -> None:
    lines = read_rubric("+1 a date", SIX)
    assert digest(lines) == digest([RubricLine(1, "a date", Decimal("1.00"))])
    assert len({digest(lines), digest([]), digest(read_rubric("+1 dates", SIX))}) == 3


@given(st.text(max_size=300))
def test_whatever_is_written_there(text: str) -> None:
    lines = read_rubric(text, SIX)
    assert len(lines) <= MAX_LINES
    assert all(0 <= one.points <= SIX and one.text for one in lines)
