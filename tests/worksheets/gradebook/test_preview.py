"""What the ways of sending show, in words and with the numbers of a sheet."""

from __future__ import annotations

import pytest

from tests.worksheets.sheets import CAUSES, GAPS_ONLY, READING, WRITTEN_ONLY
from worksheets.gradebook import preview
from worksheets.models import Sending
from worksheets.questions.registry import parse_sheet

# Two gaps of a mark each, and three marks by the teacher.
ODD = """# Odd

Japan took ___Manchuria___, Italy took ___Abyssinia___.

1. Why?

??? 3 marks
"""


# And one mark.
ONE = ODD.replace("3 marks", "1 mark")


@pytest.mark.parametrize(
    ("source", "way", "words"),
    [
        (CAUSES, Sending.GAPS_FIRST, "14/14 (100 %) at once, after the release 9/14 (64 %)."),
        (
            CAUSES,
            Sending.GAPS_COLUMN,
            "In their own column 4/4 (100 %) at once."
            " In the other, after the release, 9/14 (64 %).",
        ),
        (CAUSES, Sending.RELEASED, "After the release 9/14 (64 %)."),
        (CAUSES, Sending.GAPS_ONLY, "4/4 (100 %) at once."),
        (ODD, Sending.GAPS_FIRST, "5/5 (100 %) at once, after the release 3.5/5 (70 %)."),
        (ONE, Sending.GAPS_FIRST, "3/3 (100 %) at once, after the release 2.5/3 (83 %)."),
        (GAPS_ONLY, Sending.GAPS_FIRST, "2/2 (100 %) at once."),
        (GAPS_ONLY, Sending.RELEASED, "After the release 2/2 (100 %)."),
        (WRITTEN_ONLY, Sending.GAPS_FIRST, "After the release 5/10 (50 %)."),
        (WRITTEN_ONLY, Sending.GAPS_ONLY, "No mark goes to the gradebook."),
        (READING, Sending.GAPS_FIRST, "No mark goes to the gradebook."),
    ],
)
def test_each_way_says_what_the_gradebook_shows(source: str, way: Sending, words: str) -> None:
    # No line ends between a number and its sign.
    assert preview.sentence(way, parse_sheet(source)) == words.replace(" %", "\u00a0%")


def test_the_pupil_is_described() -> None:
    assert preview.introduction(parse_sheet(CAUSES)) == (
        "The figures are of a pupil with all 4 marks for “Gaps” and 5 of 10 for “Written answers”."
        " Unmarked answers are left out, not counted as 0."
    )
    assert "and 0.5 of 1 for" in preview.introduction(parse_sheet(ONE))
    assert preview.introduction(parse_sheet(GAPS_ONLY)) == ""


def test_a_column_for_the_gaps_is_offered_where_there_is_another() -> None:
    assert preview.ways(parse_sheet(CAUSES)) == list(Sending)
    for source in (GAPS_ONLY, WRITTEN_ONLY):
        assert Sending.GAPS_COLUMN not in preview.ways(parse_sheet(source))
        assert Sending.GAPS_COLUMN in preview.ways(parse_sheet(source), Sending.GAPS_COLUMN)
