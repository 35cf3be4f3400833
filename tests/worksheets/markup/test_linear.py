"""Work grows with the length of the text, for shapes that parsers have stumbled over."""

from __future__ import annotations

import pytest

from tests.work import lines_run
from worksheets.authoring import MAX_SOURCE
from worksheets.questions import parse_sheet

from .texts import SHAPES

pytestmark = pytest.mark.slow

SMALL = 1_000


def work(source: str) -> int:
    return lines_run(lambda: parse_sheet(source))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("before", ["", "- ___x "])
def test_four_times_the_text_is_about_four_times_the_work(shape: str, before: str) -> None:
    times = SMALL // len(shape)
    small, large = (work(before + shape * (times * n)) for n in (1, 4))
    # Quadratic would be 16 times.
    assert large < small * 5


@pytest.mark.parametrize("first", ["right", "#7", "~r*t"])
@pytest.mark.parametrize("sign", ["", "!", "!~*", "! 1"])
def test_many_answers_of_one_gap(first: str, sign: str) -> None:
    """Wrong answers were compared with each other: 20 seconds for 2,000 of them."""

    def gap(count: int) -> str:
        answers = " | ".join(f"{sign}{number}x" for number in range(count))
        return f"A ___{first} | {answers}___ gap."

    small, large = (work(gap(count)) for count in (100, 400))
    assert large < small * 5


def test_a_picture_that_does_not_end_costs_no_more_than_a_link_that_does_not() -> None:
    """Each looks ahead, and none over what the next one looks over again."""
    assert work("![" * SMALL) < work("[" * SMALL * 2) * 2


@pytest.mark.parametrize("shape", SHAPES)
def test_the_longest_text_is_read_at_all(shape: str) -> None:
    """Where a regular expression tries everything, this does not end."""
    parse_sheet(shape * (MAX_SOURCE // len(shape)))
