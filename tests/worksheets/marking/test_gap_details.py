"""The marking of gaps that offer choices, speak, have marks, or lack a part of a word."""

from __future__ import annotations

from decimal import Decimal

import pytest

from worksheets.marking import GapResult, GapVerdict, mark_gaps
from worksheets.questions import parse_sheet, read_answers


def result(key: str, response: str, around: tuple[str, str] = ("", "")) -> GapResult:
    sheet = parse_sheet(f"x {around[0]}___{key}___{around[1]} y")
    return mark_gaps(sheet, {"g1": response}).results[0]


@pytest.mark.parametrize(
    ("response", "points", "said"),
    [
        ("Rome", "3", "Yes."),
        ("Milan", "0", "Larger."),
        ("Turin", "0", "No."),
        ("Roma", "1.5", ""),
        ("", "0", ""),
    ],
)
def test_marks_and_what_is_said(response: str, points: str, said: str) -> None:
    key = "Rome | 50%: Roma | !Milan: Larger. | =: Yes. | !: No. | [3 marks]"
    found = result(key, response)
    assert (found.points, found.maximum) == (Decimal(points), Decimal(3))
    assert found.feedback == said


@pytest.mark.parametrize(
    ("response", "is_right"),
    [
        ("ecause", True),
        ("because", True),
        ("BECAUSE", True),
        (" because ", True),
        ("b", False),
        ("becuse", True),  # one letter wrong in the whole word
        ("bcaus", False),
        ("because of", False),
        ("", False),
    ],
)
def test_the_whole_word_is_as_good_as_the_part_that_is_missing(
    response: str, is_right: bool
) -> None:
    assert (result("ecause", response, ("b", "")).verdict is GapVerdict.RIGHT) is is_right


def test_the_whole_word_is_no_slip() -> None:
    assert result("ecause", "because", ("b", "")).spelling == ""


def test_letters_on_both_sides() -> None:
    assert result("believ", "unbelievable", ("un", "able")).verdict is GapVerdict.RIGHT
    assert result("believ", "unbeliev", ("un", "able")).verdict is GapVerdict.WRONG
    # What the key itself says goes first.
    assert result("a | !ba: No.", "ba", ("b", "")).feedback == ""


def test_a_choice_is_what_was_chosen_and_never_a_slip() -> None:
    sheet = parse_sheet("x ___choose: collective | !collection___ y")
    assert mark_gaps(sheet, {"g1": "collectiv"}).points == 0
    assert mark_gaps(sheet, {"g1": "collective"}).points == 1
    assert read_answers(sheet, {"g1": "Collective"}).accepted["g1"].text == "collective"
    assert "g1" in read_answers(sheet, {"g1": "collections"}).errors
    assert read_answers(sheet, {"g1": ""}).blank == {"g1"}


def test_a_repeated_answer_of_a_group_is_not_called_wrong() -> None:
    sheet = parse_sheet("___&m: gold | !: No.___ ___&m: silver | !: No.___")
    first, second = mark_gaps(sheet, {"g1": "gold", "g2": "gold"}).results
    assert {first.feedback, second.feedback} == {""}
    assert mark_gaps(sheet, {"g1": "iron"}).results[0].feedback == "No."
