"""What a sheet still lacks of its answers, and which words are moved."""

from __future__ import annotations

import pytest

from worksheets.questions import keying, parse_sheet

TWO = "a ___{}___ b ___{}___\n\n[[ {} ]]"


@pytest.mark.parametrize(
    ("bank", "moves"),
    [
        ("p | q", True),
        ("p | q | r", True),
        ("p", False),
        ("each word once: p", True),
    ],
)
def test_a_word_moves_where_there_are_enough_of_them(bank: str, moves: bool) -> None:
    sheet = parse_sheet(TWO.format("p", "q", bank))
    assert keying.words_move(sheet, 0) is moves


def test_words_that_are_right_for_no_gap() -> None:
    sheet = parse_sheet(
        TWO.format("the Ruhr | Saar", "~*burg", "Ruhr | Saar | Hamburg | Peace | 1")
    )
    assert keying.left_over(sheet) == ["Peace", "1"]
    assert keying.left_over(parse_sheet("[[ a | b ]]")) == []


def test_an_answer_that_no_pupil_can_choose() -> None:
    sheet = parse_sheet(TWO.format("Ruhr", "Rome", "Ruhr | Saar"))
    assert keying.gaps_not_in_bank(sheet) == {"g2"}
    assert [error.code for error in keying.other_errors(sheet)] == [keying.NOT_IN_BANK]


def test_a_gap_without_its_answer_is_no_error_here() -> None:
    sheet = parse_sheet("____ and ___b___")
    assert keying.other_errors(sheet) == []
    assert (keying.with_answer(sheet), keying.has_all_answers(sheet)) == (1, False)


@pytest.mark.parametrize(
    ("key", "word", "text"),
    [
        ("#1936 ±1", "1937", "#1937 ±1"),
        ("#1936 ±1", "soon", "soon"),
        ("~St*lin", "L*nin", "~L*nin"),
        ("~St*lin", "Lenin", "Lenin"),
        ("a | b | !c: d", "b", "b | a | !c: d"),
        ("a | b | !c: d", "C", "C"),
        ("a | !c: d", "e", "e | !c: d"),
    ],
)
def test_another_answer_is_compared_as_it_can_be(key: str, word: str, text: str) -> None:
    assert keying.write_words(f"x ___{key}___ y", {"g1": word}) == f"x ___{text}___ y"


def test_an_empty_gap_is_a_blank_again() -> None:
    assert keying.write_words("___#1936 ±1___", {"g1": "  "}) == "____"
    assert keying.write_words("___a | !b: c___", {"g1": ""}) == "___!b: c___"
