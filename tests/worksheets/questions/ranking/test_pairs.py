from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.questions.ranking.pairs import mark_order

FACTORS = ("Economic", "Diplomatic", "Political")
SIX = Decimal(6)


def test_the_right_order_earns_everything_and_the_reverse_nothing() -> None:
    assert mark_order(FACTORS, FACTORS, SIX) == 6
    assert mark_order(FACTORS, FACTORS[::-1], SIX) == 0


def test_every_pair_that_stands_right_earns_the_same() -> None:
    assert mark_order(FACTORS, ("Diplomatic", "Economic", "Political"), SIX) == 4
    assert mark_order(FACTORS, ("Diplomatic", "Political", "Economic"), SIX) == 2


def test_a_third_stays_a_third() -> None:
    assert mark_order(FACTORS, ("Diplomatic", "Political", "Economic"), Decimal(1)) == Fraction(
        1, 3
    )
    assert mark_order(FACTORS, FACTORS, Decimal("0.1")) == Fraction(1, 10)


def test_what_was_not_ranked_earns_no_pair() -> None:
    assert mark_order(FACTORS, ("Economic", "Political"), SIX) == 2
    assert mark_order(FACTORS, ("Economic",), SIX) == 0
    assert mark_order(FACTORS, (), SIX) == 0


def test_of_a_repetition_the_first_counts_and_strangers_are_passed_over() -> None:
    given_ = ("Economic", "Weather", "Diplomatic", "Economic", "Political", "Economic")

    assert mark_order(FACTORS, given_, SIX) == 6


@pytest.mark.parametrize("right", [(), ("Economic",), ("Economic", "Economic")])
def test_without_an_order_there_is_nothing_to_mark(right: tuple[str, ...]) -> None:
    assert mark_order(right, ("Economic",), SIX) is None


@given(st.permutations(range(7)), st.integers(0, 5))
def test_swapping_two_neighbours_costs_or_gains_one_pair(order: list[int], place: int) -> None:
    right = [str(number) for number in range(7)]
    before = [str(number) for number in order]
    after = [*before[:place], before[place + 1], before[place], *before[place + 2 :]]

    earned, earned_after = (mark_order(right, ranking, Decimal(21)) for ranking in (before, after))

    assert earned is not None
    assert earned_after is not None
    assert abs(earned - earned_after) == 1
    assert 0 <= earned <= 21
