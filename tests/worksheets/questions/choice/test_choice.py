"""One of several options, or several of them: read, answered, marked, keyed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.markup.helpers import codes
from tests.worksheets.markup.texts import mark_soup
from worksheets.markup import Sheet
from worksheets.questions import (
    automatic_marks,
    changed_keys,
    parse_sheet,
    read_answers,
    same_items,
    saved_fields,
)
from worksheets.questions.choice import share

OPTIONS = "Which?\n\n(a) Rome\n(b) Oslo\n(c) Bern\n(d) *Bonn*\n\n"
ONE = f"{OPTIONS}??? choose one, 2 marks\ncorrect: b\n"
SEVERAL = f"{OPTIONS}??? choose several, 3 marks\ncorrect: a, c\n"


@pytest.mark.parametrize(
    ("source", "right"),
    [
        (ONE, ("b",)),
        (SEVERAL, ("a", "c")),
        (SEVERAL.replace("a, c", "(c); A"), ("a", "c")),
        (SEVERAL.replace("correct: a, c\n", ""), ()),
        (f"{OPTIONS}??? 3 marks; (Choose  several)\nCORRECT : a,\n c", ("a", "c")),
    ],
)
def test_its_text_says_what_is_right(source: str, right: tuple[str, ...]) -> None:
    sheet = parse_sheet(source)
    (question,) = sheet.questions
    assert (question.kind, question.prompt) == ("choice", "Which?")
    assert (question.content.right, question.automatic) == (right, bool(right))
    assert len(question.content.options) == 4
    assert sheet.problems == ()
    assert "correct" not in repr(sheet.blocks).lower()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("??? choose one", ["nothing-to-choose"]),
        (f"{OPTIONS}??? choose one\ncorrect: b", ["right-without-marks"]),
        (f"{OPTIONS}??? choose one, 1 mark\ncorrect: a, b", ["bad-key"]),
        (f"{OPTIONS}??? choose several, 1 mark\ncorrect: a, e", ["bad-key"]),
        (f"{OPTIONS}??? choose several, 1 mark\ncorrect:", ["bad-key"]),
        (f"{OPTIONS}??? choose several, 1 mark\ncorrect: a\ncorrect: b", ["bad-detail"]),
        (f"{OPTIONS}??? choose one, up to 20 words", ["misplaced-words"]),
        (f"{OPTIONS}??? 1 mark\ncorrect: b", ["misplaced-correct"]),
        (f"{OPTIONS}??? choose one\nrank: A | B", ["misplaced-rank"]),
    ],
)
def test_each_mistake_is_reported(source: str, expected: list[str]) -> None:
    assert codes(source) == expected


def test_a_line_that_was_text_before_stays_text() -> None:
    sheet = parse_sheet("Why?\n\n???\nCorrect: the first one, I think.")
    assert "I think" in repr(sheet.blocks)
    assert sheet.problems == ()


def earned(source: str, fields: dict[str, str]) -> Decimal:
    sheet = parse_sheet(source)
    (mark,) = automatic_marks(sheet, read_answers(sheet, fields).accepted)
    return mark.points


@pytest.mark.parametrize(
    ("source", "chosen", "points"),
    [
        (ONE, "b", "2"),
        (ONE, "a", "0"),
        (ONE, "", "0"),
        (SEVERAL, "ac", "3"),
        (SEVERAL, "a", "1.5"),
        (SEVERAL, "ab", "0"),
        (SEVERAL, "acb", "1.5"),
        (SEVERAL, "abcd", "0"),
        (SEVERAL, "bd", "0"),
        (SEVERAL, "", "0"),
        (SEVERAL.replace("a, c", "a, b, c, d"), "abc", "2.25"),
        (SEVERAL.replace("a, c", "a, b, c").replace("3 marks", "1 mark"), "a", "0.3333"),
    ],
)
def test_its_marks(source: str, chosen: str, points: str) -> None:
    fields = {f"q1-{label}": label if label in chosen else "" for label in "abcd"}
    assert earned(source, fields | {"q1-choice": chosen[:1]}) == Decimal(points)


labels = st.sets(st.sampled_from("abcd"))


@given(labels.filter(bool), labels)
def test_no_choice_earns_more_than_the_right_one_and_all_of_them_nothing(
    right: set[str], chosen: set[str]
) -> None:
    key = f"correct: {', '.join(sorted(right))}"
    (question,) = parse_sheet(SEVERAL.replace("correct: a, c", key)).questions
    earned = share(question.content, sorted(chosen))
    assert 0 <= earned <= 1
    assert (earned == 1) is (chosen == right)
    assert share(question.content, "abcd") == Fraction(right == set("abcd"))


@pytest.mark.parametrize(
    ("source", "fields", "accepted"),
    [
        (ONE, {"q1-choice": "b"}, True),
        (ONE, {"q1-choice": "e"}, False),
        (ONE, {"q1-choice": "a" * 9000}, False),
        (SEVERAL, {"q1-a": "a", "q1-c": ""}, True),
        (SEVERAL, {"q1-a": "b"}, False),
        (SEVERAL, {"q1-a": "x"}, False),
        (SEVERAL, {"q1-a": "\0\ud800"}, False),
    ],
)
def test_only_what_is_offered_is_kept(source: str, fields: dict[str, str], accepted: bool) -> None:
    read = read_answers(parse_sheet(source), fields)
    assert bool(read.accepted) is accepted
    assert bool(read.errors) is not accepted


@given(
    st.sampled_from([ONE, SEVERAL]),
    st.dictionaries(
        st.sampled_from(["q1-choice", "q1-a", "q1-b"]), st.text(max_size=9) | st.sampled_from("ab")
    ),
)
def test_whatever_is_posted_is_read_and_posted_again(source: str, fields: dict[str, str]) -> None:
    sheet = parse_sheet(source)
    accepted = read_answers(sheet, fields).accepted
    assert read_answers(sheet, saved_fields(sheet, accepted)).accepted == accepted


def test_another_key_marks_again_and_another_option_does_not() -> None:
    sheet, other = parse_sheet(SEVERAL), parse_sheet(SEVERAL.replace("a, c", "a, b"))
    assert same_items(sheet, other)
    assert changed_keys(sheet, other) == ("q1",)
    assert not same_items(sheet, parse_sheet(SEVERAL.replace("Oslo", "Kiel")))
    assert not same_items(
        sheet, parse_sheet(SEVERAL.replace("several", "one").replace("a, c", "a"))
    )


@given(
    st.lists(
        st.sampled_from(["\n", "(a) x\n", "(b) y\n", "???", " choose one", "correct:", " a", ","])
        | mark_soup
    ).map("".join)
)
def test_no_text_raises(source: str) -> None:
    assert isinstance(parse_sheet(source), Sheet)
