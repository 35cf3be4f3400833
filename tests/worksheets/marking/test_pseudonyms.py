"""Numbers that stand for others: each for one, and other ones under another key."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.pseudonyms import LIMIT, Pseudonyms

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
NUMBERS = st.integers(0, LIMIT - 1)


@given(NUMBERS)
def test_each_stands_for_one(number: int) -> None:
    hidden = ONE.hide(number)
    assert 0 <= hidden < LIMIT < 10**15
    assert ONE.reveal(hidden) == number
    assert ONE.hide(ONE.reveal(number)) == number


def test_they_follow_no_order_and_differ_between_keys() -> None:
    hidden = [ONE.hide(number) for number in range(1000)]
    assert len(set(hidden)) == 1000
    assert not set(hidden) & {OTHER.hide(number) for number in range(1000)}
    rising = sum(first < second for first, second in pairwise(hidden))
    assert 400 < rising < 600
    assert ONE.sign("a") == ONE.sign("a") != OTHER.sign("a")


@pytest.mark.parametrize("number", [-1, LIMIT, 10**30])
def test_there_are_no_others(number: int) -> None:
    for ask in (ONE.hide, ONE.reveal):
        with pytest.raises(ValueError, match="48 bits"):
            ask(number)
