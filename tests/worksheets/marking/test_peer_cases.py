"""Our marks beside those of other tools; every difference is one on purpose."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.worksheets.marking.peer_cases import ORDER_CASES, PEER_CASES, OrderCase, PeerCase
from tests.worksheets.marking.sheets import gap, mark, sheet
from worksheets.marking import GapMarks
from worksheets.questions.ranking.pairs import mark_order
from worksheets.words.settings import Settings

by_id = pytest.mark.parametrize("case", PEER_CASES, ids=lambda case: f"{case.id} {case.tool}")


def mark_case(case: PeerCase, *, strict: bool) -> GapMarks:
    settings = Settings(spelling_counts=strict, case_counts=case.case_counts)
    gaps = [
        gap(
            *answers,
            mode=case.mode,
            tolerance=str(case.tolerance),
            group=case.group,
            bank=0 if case.bank else None,
        )
        for answers in case.keys
    ]
    words = tuple(answers[0] for answers in case.keys) if case.bank else ()
    return mark(sheet(*gaps, settings=settings, words=words), *case.response)


def fraction(marks: GapMarks) -> Fraction:
    return Fraction(marks.points) / Fraction(marks.maximum)


@by_id
def test_everyday(case: PeerCase) -> None:
    assert fraction(mark_case(case, strict=False)) == case.ours


@by_id
def test_where_spelling_counts(case: PeerCase) -> None:
    expected = case.ours if case.strict is None else case.strict

    assert fraction(mark_case(case, strict=True)) == expected


@by_id
def test_a_difference_has_a_reason_and_an_agreement_none(case: PeerCase) -> None:
    assert (case.ours != case.theirs) == bool(case.why)


def test_a_blank_sheet_has_no_mark_with_us_either_until_it_is_submitted() -> None:
    blank = [case for case in PEER_CASES if not any(case.response)]

    assert [case.theirs for case in blank] == [None]
    assert [mark_case(case, strict=False).mark(submitted=False) for case in blank] == [None]


@pytest.mark.parametrize("case", ORDER_CASES, ids=lambda case: f"{case.id} {case.scheme}")
def test_orders_are_marked_by_pairs_whatever_others_count(case: OrderCase) -> None:
    earned = mark_order(case.right, case.given, Decimal(1))

    assert earned == case.ours


def test_no_case_is_there_twice() -> None:
    ids = [case.id for case in (*PEER_CASES, *ORDER_CASES)]

    assert len(ids) == len(set(ids)) == 51
