"""Questions: their kinds, numbers, prompts."""

from __future__ import annotations

from typing import Any

import pytest

from worksheets.markup import Question, Text
from worksheets.questions import parse_sheet

from .helpers import codes, gap_keys, question_keys, shown


def only(source: str) -> Question[Any]:
    (question,) = parse_sheet(source).questions
    return question


def test_written() -> None:
    question = only("1. Why *now*?\n\n???")
    assert question.kind == "written"
    assert (question.key, question.number, question.prompt) == ("q1", 1, "Why now?")


def test_options_are_chosen_where_an_answer_follows() -> None:
    question = only("1. Which?\n(a) x *y*\n(b) z\n\nYour answer: ??? 3 marks")
    assert question.kind == "options"
    assert [(o.label, shown(o)) for o in question.content] == [("a", "x  y"), ("b", "z")]
    assert question.prompt == "Which?"


def test_text_between_options_and_answer_makes_them_a_list() -> None:
    sheet = parse_sheet("(a) x\n(b) y\n\ntext\n\n???")
    assert sheet.questions[0].kind == "written"
    assert sheet.questions[0].prompt == "text"


def test_an_option_to_choose_has_no_gap() -> None:
    sheet = parse_sheet("(a) x ___SECRET___\n(b) y\n???")
    assert sheet.gaps == ()
    assert [p.code for p in sheet.errors] == ["gap-not-here"]
    assert "SECRET" not in repr(sheet.questions)


def test_an_interpretation_to_complete() -> None:
    question = only("A. x > y > z\n\n??? 6 marks\nmodel: m")
    assert question.kind == "complete"
    assert question.content == ("x", "y", "z")
    assert question.prompt == "Interpretation A: x > y > z"
    assert question.model == "m"


def test_which_convinces() -> None:
    question = only("A. x > y\none\n\nB. y > x\ntwo\n\n1. Which?\n\n??? which, 6 marks")
    assert question.kind == "convincing"
    assert [(o.label, o.children) for o in question.content] == [
        ("A", (Text("x > y"),)),
        ("B", (Text("y > x"),)),
    ]


def test_which_counts_the_interpretation_to_complete() -> None:
    sheet = parse_sheet("A. x > y\none\n\nC. y > x\n???\n\n1. Which?\n??? which")
    assert [o.label for o in sheet.questions[1].content] == ["A", "C"]


def test_which_looks_no_further_than_its_part() -> None:
    assert "no-interpretations" in codes("A. x > y\none\n\n## Two\n??? which")
    assert "interpretation-twice" not in codes("A. x > y\none\n\n## Two\n\nA. x > y\ntwo")


@pytest.mark.parametrize("above", ["(a) x\n(b) y", "A. x > y"])
def test_which_has_its_place(above: str) -> None:
    assert codes(f"{above}\n??? which") == ["misplaced-which"]


def test_an_answer_after_the_text_of_an_interpretation_is_its_own_question() -> None:
    assert only("A. x > y\ntext\n\n???").kind == "written"


def test_numbers_count_within_a_part() -> None:
    sheet = parse_sheet("???\n## One\n???\n???\n## Two\n???")
    assert [(q.part, q.number) for q in sheet.questions] == [(0, 1), (1, 1), (1, 2), (2, 1)]
    assert [part.title for part in sheet.parts] == ["", "One", "Two"]


@pytest.mark.parametrize(
    ("above", "prompt"),
    [
        ("1. a\n2. b", "b"),
        ("1. a\n\nb", "b"),
        ("b\n\n- c", "b"),
        ("b\n\n- c?", "c?"),
        ("b\n\n> c", "b"),
        ("b\n\n![c](d.png)", "b"),
        ("b ___c___ d", "b ____ d"),
        ("b[^1]\n\n[^1]: c", "b"),
        ("a\n\n## c", ""),
        ("a\n\n???", ""),
        ("A. x > y\n???", ""),
        ("b\n\nYour answer:", "b"),
        ("", ""),
    ],
)
def test_the_prompt_is_the_nearest_text_that_asks(above: str, prompt: str) -> None:
    assert parse_sheet(f"{above}\n\n???").questions[-1].prompt == prompt


def test_questions_stand_in_the_blocks_once() -> None:
    sheet = parse_sheet("???\n\n(a) x\n(b) y\n???\n\nA. x > y\n???\n\n1. a\n??? which")
    assert question_keys(sheet) == [q.key for q in sheet.questions] == ["q1", "q2", "q3", "q4"]
    assert gap_keys(sheet.questions) == []


def test_the_line_is_that_of_the_answer() -> None:
    assert only("1. Why?\n\n???").line == 3
