from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from tests.work import lines_run
from tests.worksheets.marking.sheets import BANK, gap, mark, mark_one, sheet
from worksheets.marking import MAX_RESPONSE_LENGTH, GapMarks, GapResult, GapVerdict, mark_gaps
from worksheets.words.key import Mode

PAPER = sheet(*[gap(word, bank=0) for word in BANK], words=BANK, each_once=True)


def test_results_stand_in_the_order_of_the_sheet() -> None:
    marks = mark_gaps(PAPER, {"g8": "Comintern", "g1": "collectivisation"})

    assert [result.key for result in marks.results] == [f"g{number}" for number in range(1, 9)]
    assert marks.results[0] == GapResult(
        "g1", "collectivisation", Decimal(1), Decimal(1), GapVerdict.RIGHT
    )
    assert marks.results[7] == GapResult(
        "g8", "Comintern", Decimal(0), Decimal(1), GapVerdict.WRONG
    )
    assert (marks.points, marks.maximum) == (Decimal(1), Decimal(8))
    assert marks.answered == 2


def test_a_blank_is_unanswered_not_wrong() -> None:
    marks = mark(PAPER, "", "  ", "\u00a0\u200b", "\x00")

    assert {result.verdict for result in marks.results} == {GapVerdict.UNANSWERED}
    assert marks.answered == 0


def test_nothing_answered_has_no_mark_until_it_is_submitted() -> None:
    marks = mark(PAPER)

    assert marks.mark(submitted=False) is None
    assert marks.mark(submitted=True) == 0


def test_anything_answered_has_a_mark() -> None:
    assert mark(PAPER, "Comintern").mark(submitted=False) == 0
    assert mark(PAPER, "collectivisation").mark(submitted=False) == 1


def test_the_response_is_kept_as_given() -> None:
    assert mark_one(gap("Manchuria"), " Mancuria\x00 ").response == " Mancuria\x00 "


def test_strange_keys_are_passed_over() -> None:
    assert mark_gaps(PAPER, {"g9": "Comintern", "": "", "x": "y"}) == mark_gaps(PAPER, {})


def test_a_bank_that_gives_each_word_once_is_not_marked_otherwise() -> None:
    again = sheet(*[gap(word, bank=0) for word in BANK], words=BANK, each_once=False)
    twice = ["Comintern"] * 8

    assert mark(PAPER, *twice) == mark(again, *twice)


def test_a_sheet_without_gaps() -> None:
    marks = mark_gaps(sheet(), {"g1": "x"})

    assert marks == GapMarks(results=(), points=Decimal(0), maximum=Decimal(0), answered=0)


def test_what_is_too_long_is_wrong_even_where_anything_would_do() -> None:
    anything = gap("*", mode=Mode.PATTERN)

    assert mark_one(anything, "x" * MAX_RESPONSE_LENGTH).verdict is GapVerdict.RIGHT
    assert mark_one(anything, "x" * (MAX_RESPONSE_LENGTH + 1)).verdict is GapVerdict.WRONG
    assert mark_one(anything, " " * (MAX_RESPONSE_LENGTH + 1)).verdict is GapVerdict.UNANSWERED


def test_what_is_too_long_once_it_is_written_out_is_wrong_too() -> None:
    anything, sign = gap("*", mode=Mode.PATTERN), "\ufdfa"  # eighteen letters
    assert mark_one(anything, sign * (MAX_RESPONSE_LENGTH // 18)).verdict is GapVerdict.RIGHT
    assert mark_one(anything, sign * (MAX_RESPONSE_LENGTH // 18 + 1)).verdict is GapVerdict.WRONG


@pytest.mark.parametrize(
    "response",
    [
        "x" * 100_000,
        "\ufdfa" * 100_000,  # eighteen letters each, once normalised
        "a\u0301" * 50_000,
        "\ufdfa" * MAX_RESPONSE_LENGTH,
        "a " * (MAX_RESPONSE_LENGTH // 2),
        "." * MAX_RESPONSE_LENGTH,
        "1," * (MAX_RESPONSE_LENGTH // 2),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_long_responses_are_marked_with_bounded_work(response: str, mode: Mode) -> None:
    any_order = sheet(*[gap("a*b*c", "1936", mode=mode, group="g")] * 8)

    assert mark(any_order, *[response] * 8).points == 0

    assert lines_run(lambda: mark(any_order, *[response] * 8)) < 30 * MAX_RESPONSE_LENGTH * 8


@pytest.mark.parametrize(
    "response",
    [
        "\x00",
        "\ud800",
        "😀👩‍👩‍👧‍👦",
        "\u202eabc\u202c",
        "السلام عليكم",
        "\u0345",
        "\U0010ffff",
        "-",
        "*",
        "\\*",
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_no_text_is_too_strange(response: str, mode: Mode) -> None:
    assert mark_one(gap("Manchuria", "1936", mode=mode), response).points == 0


def test_marks_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        mark(PAPER).points = Decimal(8)  # type: ignore[misc]
