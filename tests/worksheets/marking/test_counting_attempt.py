"""Which attempt counts: the rule, in examples and in what always holds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worksheets.marking.counting_attempt import Candidate, CountingRule, counting, may_count

RULES = st.sampled_from(CountingRule)
SHARES = st.fractions(0, 1, max_denominator=8)


@st.composite
def several(draw: st.DrawFn, least: int = 1) -> list[Candidate]:
    """Attempts of different numbers, in any order."""
    numbers = draw(st.lists(st.integers(1, 50), min_size=least, max_size=6, unique=True))
    return [Candidate(number, draw(SHARES), draw(st.booleans())) for number in numbers]


def one(number: int, share: str, *, final: bool = True) -> Candidate:
    return Candidate(number, Fraction(share), final)


def of(rule: CountingRule, *candidates: Candidate) -> int:
    found = counting(rule, candidates)
    assert found is not None
    return found.number


def chosen(rule: CountingRule, candidates: list[Candidate]) -> Candidate:
    found = counting(rule, candidates)
    assert found is not None
    return found


# --- examples ---


@pytest.mark.parametrize("rule", CountingRule)
def test_of_none_none_counts(rule: CountingRule) -> None:
    assert counting(rule, []) is None
    assert may_count(rule, []) == frozenset()


def test_best_last_first() -> None:
    three = (one(1, "1/2"), one(2, "3/4"), one(3, "1/4"))
    assert [
        of(rule, *three) for rule in (CountingRule.BEST, CountingRule.LAST, CountingRule.FIRST)
    ] == [2, 3, 1]


def test_of_equal_ones_the_later_is_the_best() -> None:
    assert of(CountingRule.BEST, one(1, "1/2"), one(2, "1/2")) == 2


def test_of_equal_ones_the_final_is_the_best() -> None:
    assert of(CountingRule.BEST, one(1, "1/2"), one(2, "1/2", final=False)) == 1


def test_the_best_may_wait_for_marks_if_it_is_better_without_them() -> None:
    assert of(CountingRule.BEST, one(1, "1/4"), one(2, "1/2", final=False)) == 2


def test_the_last_waits_for_its_marks_while_another_is_final() -> None:
    assert of(CountingRule.LAST, one(1, "0"), one(2, "1", final=False)) == 1
    assert of(CountingRule.LAST, one(1, "0", final=False), one(2, "0", final=False)) == 2


def test_the_first_is_the_first() -> None:
    assert of(CountingRule.FIRST, one(3, "1"), one(2, "0", final=False)) == 2


# --- what always holds ---


@given(RULES, several())
def test_it_is_one_of_them(rule: CountingRule, candidates: list[Candidate]) -> None:
    assert counting(rule, candidates) in candidates


@given(RULES, several(), st.randoms())
def test_the_order_of_reading_does_not_matter(
    rule: CountingRule, candidates: list[Candidate], chance: st.DataObject
) -> None:
    shuffled = sorted(candidates, key=lambda _one: chance.random())  # type: ignore[attr-defined]
    assert counting(rule, shuffled) == counting(rule, candidates)


@given(several())
def test_no_other_is_better_than_the_best(candidates: list[Candidate]) -> None:
    best = chosen(CountingRule.BEST, candidates)
    assert all(other.share <= best.share for other in candidates)
    ties = [c for c in candidates if c.share == best.share and c.is_final == best.is_final]
    assert best.number == max(c.number for c in ties)


@given(
    st.sampled_from([CountingRule.BEST, CountingRule.LAST, CountingRule.FIRST]), several(), SHARES
)
def test_an_unmarked_later_one_never_replaces_a_final_better_one(
    rule: CountingRule, candidates: list[Candidate], share: Fraction
) -> None:
    before = chosen(rule, candidates)
    assume(before.is_final)
    assume(share <= before.share)
    later = Candidate(max(c.number for c in candidates) + 1, share, is_final=False)
    assert counting(rule, [*candidates, later]) == before


@given(RULES, several(), SHARES)
def test_more_marks_for_the_one_that_counts_never_make_another_count(
    rule: CountingRule, candidates: list[Candidate], more: Fraction
) -> None:
    before = chosen(rule, candidates)
    after = replace(before, share=max(before.share, more), is_final=True)
    rest = [c for c in candidates if c != before]
    assert counting(rule, [*rest, after]) == after


@given(RULES, several(2), SHARES)
def test_a_release_makes_another_count_only_by_being_that_one(
    rule: CountingRule, candidates: list[Candidate], more: Fraction
) -> None:
    before = chosen(rule, candidates)
    other = next(c for c in candidates if c != before)
    released = replace(other, share=max(other.share, more), is_final=True)
    after = chosen(rule, [*(c for c in candidates if c != other), released])
    assert after in (before, released)


@given(RULES, several(), st.data())
def test_marks_for_others_than_may_count_change_nothing_in_the_end(
    rule: CountingRule, candidates: list[Candidate], data: st.DataObject
) -> None:
    """Once those are final, the one that counts is one of them, whatever the others get."""
    wanted = may_count(rule, candidates)
    finished = [
        replace(c, is_final=True)
        if c.number in wanted
        else replace(c, share=data.draw(SHARES), is_final=data.draw(st.booleans()))
        for c in candidates
    ]
    assert chosen(rule, finished).number in wanted
