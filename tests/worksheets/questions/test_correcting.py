"""Answers decided afterwards stand in the key as decided, and can be put back as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.questions.test_kinds import EXAMPLES
from tests.worksheets.sheets import no_picture
from worksheets.markup.editing import CannotEdit
from worksheets.questions import asks_the_same, changed_keys, parse_sheet, read_answers, same_items
from worksheets.questions.correcting import (
    Verdict,
    correct,
    count_again,
    marks_value,
    put_back,
    rivals,
)
from worksheets.questions.keying import key_value
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling
from worksheets.rendering.results import TO_TEACHER, Results

TYPED = "Italy took ___Abyssinia | !Libya: That was in 1911.___ and ___the Rhineland___.\n"


def test_an_answer_is_accepted_and_put_back_to_the_very_text() -> None:
    text = correct(TYPED, "g1", ["Abisynia", "ABISYNIA", "Ethiopia"], Verdict.RIGHT)
    assert "___Abyssinia | !Libya: That was in 1911. | Abisynia | Ethiopia___" in text
    assert correct(text, "g1", ["Ethiopia"], Verdict.RIGHT) == text  # twice changes nothing
    former = key_value(parse_sheet(TYPED).gap("g1"))
    assert put_back(text, "g1", ["Abisynia", "Ethiopia"], former) == TYPED


def test_what_was_foreseen_as_wrong_is_right_then_and_comes_back_with_its_words() -> None:
    former = key_value(parse_sheet(TYPED).gap("g1"))
    half = correct(TYPED, "g1", ["libya"], Verdict.HALF)
    assert "50%: libya" in half
    assert "1911" not in half
    other = correct(half, "g1", ["Adowa"], Verdict.WRONG, "A battle.")
    back = put_back(other, "g1", ["libya"], former)
    gap = parse_sheet(back).gap("g1")
    assert [one.feedback for one in gap.anticipated] == ["A battle.", "That was in 1911."]
    assert [one.text for one in gap.accepted] == ["Abyssinia"]  # the later decision stays


def test_a_key_that_cannot_have_it_is_left_alone() -> None:
    number = "It began in ___#1928___.\n"
    bank = "Japan took ___Manchuria___.\n\n[[ Manchuria | Bavaria ]]\n"
    for source, answer in ((number, "in autumn"), (TYPED, " ")):
        with pytest.raises(CannotEdit):
            correct(source, "g1", [answer], Verdict.RIGHT)
    with pytest.raises(CannotEdit):
        correct(TYPED, "g9", ["x"], Verdict.RIGHT)
    assert "Bavaria" in correct(bank, "g1", ["Bavaria"], Verdict.RIGHT).split("[[")[0]


def test_the_gap_is_named_whose_word_it_is_where_each_word_is_used_once() -> None:
    text = "In ___A___ and ___B___.\n\n[[ %sA | B | C ]]\n"
    once, often = parse_sheet(text % "each word once: "), parse_sheet(text % "")
    assert [gap.key for gap in rivals(once, "g1", ["b"])] == ["g2"]
    assert rivals(once, "g1", ["C"]) == rivals(often, "g1", ["B"]) == []


@given(st.text(max_size=40))
def test_any_answer_is_written_as_text_or_refused(answer: str) -> None:
    try:
        text = correct(TYPED, "g1", [answer], Verdict.RIGHT)
    except CannotEdit:
        return
    before, after = parse_sheet(TYPED), parse_sheet(text)
    assert after.gaps[1:] == before.gaps[1:]
    assert len(after.gaps) == len(before.gaps)
    assert len(after.gaps[0].accepted) <= 2


@pytest.mark.parametrize(
    "written",
    [
        "___Rome___",
        "___Rome | Roma | !Milan: No. | [2.5 marks]___",
        "___#1935 ±1___",
        "___~Rom*___",
        "___choose: was | !were___",
        "___&towns: Rome___ and ___&towns: Paris | [3 marks]___",
        "___Rome___ or ___Paris___\n\n[[ each word once: Rome | Paris | Bonn ]]\n",
    ],
)
def test_a_gap_is_taken_out_of_the_marks_and_counted_again_as_before(written: str) -> None:
    for source in (f"In {written}.\n", f"| {written} |\n|---|\n".replace(" | ", " \\| ", 9)):
        before = parse_sheet(source)
        if before.errors or not before.gaps:
            continue
        gap = before.gap("g1")
        text = correct(source, "g1", (), Verdict.OMITTED)
        after = parse_sheet(text)
        assert after.gap("g1").points == 0
        assert after.errors == ()
        assert after.uncounted == {"g1"}
        assert after.gap("g1").accepted == gap.accepted
        assert after.gaps[1:] == before.gaps[1:]
        assert after.automatic_marks == before.automatic_marks - gap.points
        assert correct(text, "g1", (), Verdict.OMITTED) == text  # twice changes nothing
        # What is decided about its answers stays when it is counted again.
        again = parse_sheet(count_again(text, "g1", marks_value(gap)))
        assert again.gaps == before.gaps
        assert count_again(source, "g1", marks_value(gap)) == source


def test_only_a_gap_of_the_sheet_is_taken_out_of_the_marks() -> None:
    with pytest.raises(CannotEdit):
        correct(TYPED, "g9", (), Verdict.OMITTED)
    text = correct(TYPED, "g1", (), Verdict.OMITTED)
    for hostile in ({"marks": "many"}, {"marks": 3}, {"marks": "1e999"}, {"marks": "-1"}):
        with pytest.raises(CannotEdit):
            count_again(text, "g1", hostile)


QUESTIONS = [
    "1. Why?\n\n??? 6 marks, 40-120 words\nmodel: So.\nrubric:\n- 2 marks: a date\n",
    "Why? ??? [6 points]\n",
    "Which?\n\n(a) x\n(b) y\n\n??? 4 marks\n",
    "Which?\n\n(a) x\n(b) y\n\n??? choose one; 1.5 marks\ncorrect: a\n",
    "1. x\n2. y\n??? true or false, 2 marks\ntrue: 1\n",
    "1. x\n2. y\n\n(a) v\n(b) w\n??? match, 2 marks\npairs: 1a, 2b\n",
    "??? 3 marks\r\nrank: A | B\r\nright: B > A\r\nbecause: 2 marks, 20-60 words\r\n",
    "A. x > y\n??? 2 marks\n\nB. y > x\n??? 2 marks\n\n??? which, 3 marks\n",
]


@pytest.mark.parametrize("source", QUESTIONS)
def test_a_question_is_taken_out_of_the_marks_and_counted_again_as_before(source: str) -> None:
    before = parse_sheet(source)
    assert before.errors == ()
    for question in before.questions:
        text = correct(source, question.key, (), Verdict.OMITTED)
        after = parse_sheet(text)
        left_out = replace(question, is_left_out=True)
        rows = [left_out if one.key == question.key else one for one in before.questions]
        assert list(after.questions) == rows
        assert after.errors == ()
        assert after.uncounted == {question.key}
        best = before.automatic_marks + before.teacher_marks
        assert after.automatic_marks + after.teacher_marks == best - question.points
        assert left_out not in after.must_be_marked
        # It is the same to answer, to mark and to compare, and known to be decided otherwise.
        assert same_items(before, after)
        assert asks_the_same(after, question)
        assert changed_keys(before, after) == (question.key,)
        assert correct(text, question.key, (), Verdict.OMITTED) == text  # twice changes nothing
        again = count_again(text, question.key, marks_value(question))
        assert again == source
        assert count_again(source, question.key, {}) == source


def test_only_a_question_with_marks_is_taken_out_of_them() -> None:
    for source, key in (("Why? ???\n", "q1"), ("Why?\n\n......\n", "q1"), (TYPED, "q1")):
        with pytest.raises(CannotEdit):
            correct(source, key, (), Verdict.OMITTED)
        with pytest.raises(CannotEdit):
            count_again(source, key, {})


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_kind_says_on_its_pages_that_it_does_not_count(name: str) -> None:
    source, posted = EXAMPLES[name]
    sheet = parse_sheet(source.replace("???", "??? 3 marks, not counted,", 1))
    assert sheet.errors == ()
    read = read_answers(sheet, posted)
    page = render_sheet(sheet, Filling(sheet, read.accepted, {}, no_picture).widgets)
    assert "3 marks, not counted" in page
    result = render_sheet(sheet, Results(sheet, read.accepted, {}, TO_TEACHER, no_picture).widgets)
    assert "This question does not count" in result
