"""Answers decided afterwards stand in the key as decided, and can be put back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.markup.editing import CannotEdit
from worksheets.questions import parse_sheet
from worksheets.questions.correcting import (
    Verdict,
    correct,
    count_again,
    marks_value,
    put_back,
    rivals,
)
from worksheets.questions.keying import key_value

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
