"""What a sheet still lacks of its answers, and which words are moved."""

from __future__ import annotations

import pytest

from worksheets.markup.editing import CannotEdit
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


@pytest.mark.parametrize(
    ("source", "word", "text"),
    [
        ("b______ it", "because", "b___ecause___ it"),
        ("b______ it", "ecause", "b___ecause___ it"),
        ("b______ it", "b", "b___b___ it"),
        ("un______able", "unbelievable", "un___believ___able"),
        ("___choose: !was | !were___ x", "were", "___choose: were | !was___ x"),
        ("___choose: was | !were: No.___ x", "were", "___choose: were | !was___ x"),
        ("___choose: was | !were___ x", "", "___choose: !was | !were___ x"),
        ("___choose: was | !were___ x", "are", "___choose: are | !was | !were___ x"),
        ("x ___a | ?: b | [2 marks]___", "c", "x ___c | ?:b | [2 marks]___"),
        ("x ___a | ?: b___", "", "x ___?:b___"),
    ],
)
def test_words_of_gaps_that_have_more_than_a_key(source: str, word: str, text: str) -> None:
    assert keying.write_words(source, {"g1": word}) == text


LISTS = "1. x\n2. y\n\n(a) v\n(b) w\n\n"


@pytest.mark.parametrize(
    ("source", "fields", "text"),
    [
        (
            "(a) x\n(b) y\n??? choose one, 1 mark\nmodel: z",
            {"q1-choice": "b"},
            "(a) x\n(b) y\n??? choose one, 1 mark\ncorrect: b\nmodel: z",
        ),
        (
            "(a) x\n(b) y\n??? choose several\r\ncorrect: a\r\n",
            {"q1-a": "a", "q1-b": "b"},
            "(a) x\n(b) y\n??? choose several\r\ncorrect: a, b\r\n",
        ),
        (
            "(a) x\n(b) y\n??? choose several\ncorrect: a\n\nMore.",
            {"q1-a": "", "q1-b": ""},
            "(a) x\n(b) y\n??? choose several\n\nMore.",
        ),
        (
            "1. x\n2. y ??? true or false\nas: vrai | faux",
            {"q1-1": "false", "q1-2": "true"},
            "1. x\n2. y ??? true or false\nas: vrai | faux\ntrue: 2",
        ),
        (
            "1. x\n2. y\n\n??? true or false\nas: p |\nq\ntrue: 1\nmodel: z",
            {"q1-1": "false", "q1-2": "false"},
            "1. x\n2. y\n\n??? true or false\nas: p |\nq\ntrue: none\nmodel: z",
        ),
        (f"{LISTS}??? match", {"q1-1": "b", "q1-2": "b"}, f"{LISTS}??? match\npairs: 1b, 2b"),
        (
            "???\nrank: A | B > C",
            {"q1-1": "2", "q1-2": "1"},
            "???\nrank: A | B > C\nright: B \\> C > A",
        ),
    ],
)
def test_a_right_answer_is_given_as_a_pupil_would(
    source: str, fields: dict[str, str], text: str
) -> None:
    assert keying.write_solution(source, "q1", fields) == text


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("1. x\n2. y\n\n??? true or false", {"q1-1": "true"}),
        (f"{LISTS}??? match", {"q1-1": "a"}),
        ("???\nrank: A | B", {"q1-1": "1"}),
    ],
)
def test_half_a_key_is_not_written(source: str, fields: dict[str, str]) -> None:
    with pytest.raises(keying.HalfKey):
        keying.write_solution(source, "q1", fields)


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("Why?\n???", {"q1": "So."}),
        ("(a) x\n(b) y\n??? choose one", {"q1-choice": "c"}),
        ("(a) x\n(b) y\n??? choose one", {"q2-choice": "a"}),
    ],
)
def test_what_is_no_key_is_refused(source: str, fields: dict[str, str]) -> None:
    with pytest.raises(CannotEdit):
        keying.write_solution(source, "q1", fields)


def test_questions_that_lack_their_key() -> None:
    sheet = parse_sheet(f"{LISTS}??? match\n\n???\n\n???\nrank: A | B\nright: B > A")
    assert keying.without_key(sheet) == 1
