"""Two lists to match: read, answered, marked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.markup.helpers import codes
from tests.worksheets.markup.texts import mark_soup
from worksheets.markup import NumberedList, OptionsBlock, Sheet
from worksheets.questions import (
    automatic_marks,
    parse_sheet,
    read_answers,
    same_items,
    saved_fields,
    unanswered,
)

LISTS = "Match them.\n\n1. dog\n2. cat\n3. cow\n\n(a) meows\n(b) barks\n(c) sings\n(d) moos\n\n"
KEYED = f"{LISTS}??? match, 3 marks\npairs: 1b, 2a, 3d\n"
PAIRS = (("1", "b"), ("2", "a"), ("3", "d"))


@pytest.mark.parametrize(
    "line", ["pairs: 1b, 2a, 3d", "PAIRS: 3 d; 1-b,\n 2 = (a)", "pairs: (1) b, 2. A, 3: d"]
)
def test_both_lists_belong_to_the_question(line: str) -> None:
    sheet = parse_sheet(f"{LISTS}??? match, 3 marks\n{line}\n")
    (question,) = sheet.questions
    assert (question.kind, question.prompt) == ("matching", "Match them.")
    assert (question.content.pairs, question.automatic) == (PAIRS, True)
    assert sheet.problems == ()
    assert not any(isinstance(block, NumberedList | OptionsBlock) for block in sheet.blocks)


def test_without_pairs_a_teacher_marks() -> None:
    sheet = parse_sheet(f"{LISTS}??? match, 3 marks")
    assert (sheet.problems, sheet.to_mark) == ((), sheet.questions)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1. a\n2. b\n\n??? match", ["nothing-to-choose"]),
        ("(a) x\n(b) y\n\n??? match", ["nothing-to-choose"]),
        ("1. ___a___\n\n(a) x\n(b) y\n\n??? match", ["nothing-to-choose"]),
        (f"{LISTS}??? match, 1 mark\npairs: 1b, 2a", ["bad-key"]),
        (f"{LISTS}??? match, 1 mark\npairs: 1b, 2a, 3e", ["bad-key"]),
        (f"{LISTS}??? match, 1 mark\npairs: 1b, 1a, 3d", ["bad-key"]),
        (f"{LISTS}??? match, 1 mark\npairs: b, a, d", ["bad-key"]),
        (f"{LISTS}??? match\npairs: 1b, 2a, 3d", ["right-without-marks"]),
        (f"{LISTS}??? match, up to 3 words", ["misplaced-words"]),
    ],
)
def test_each_mistake_is_reported(source: str, expected: list[str]) -> None:
    assert codes(source) == expected


@pytest.mark.parametrize(
    ("letters", "points"),
    [("bad", "3"), ("bbb", "1"), ("b", "1"), ("abc", "0"), ("", "0"), ("bac", "2")],
)
def test_each_pair_earns_the_same(letters: str, points: str) -> None:
    sheet = parse_sheet(KEYED)
    fields = {f"q1-{n}": letter for n, letter in enumerate(letters.ljust(3), 1)}
    (mark,) = automatic_marks(sheet, read_answers(sheet, fields).accepted)
    assert mark.points == Decimal(points)


def test_what_is_said_of_an_answer() -> None:
    sheet = parse_sheet(KEYED)
    answers = read_answers(sheet, {"q1-1": "b", "q1-3": "a"}).accepted
    assert answers["q1"].text == "1b, 3a"
    ((_question, missing),) = unanswered(sheet, answers).half
    assert missing == "not everything is matched"
    assert read_answers(sheet, {"q1-1": "e"}).errors


def test_another_key_asks_the_same_and_another_list_does_not() -> None:
    sheet = parse_sheet(KEYED)
    assert same_items(sheet, parse_sheet(KEYED.replace("3d", "3c")))
    assert not same_items(sheet, parse_sheet(KEYED.replace("sings", "talks")))
    assert not same_items(sheet, parse_sheet(KEYED.replace("cow", "ox")))


@given(st.dictionaries(st.sampled_from(["q1-1", "q1-2"]), st.sampled_from(["a", "b", "x", ""])))
def test_whatever_is_posted_is_read_and_posted_again(fields: dict[str, str]) -> None:
    sheet = parse_sheet(KEYED)
    accepted = read_answers(sheet, fields).accepted
    assert read_answers(sheet, saved_fields(sheet, accepted)).accepted == accepted


@given(
    st.lists(
        st.sampled_from(
            ["\n", "1. x\n", "(a) x\n", "(b) y\n", "???", " match", "pairs:", "1a", ","]
        )
        | mark_soup
    ).map("".join)
)
def test_no_text_raises(source: str) -> None:
    assert isinstance(parse_sheet(source), Sheet)
