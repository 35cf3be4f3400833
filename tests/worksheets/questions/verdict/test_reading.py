"""A statement in a teacher's text, and what pupils say of it, read without a page."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.worksheets.markup.helpers import codes, shown
from tests.worksheets.markup.texts import mark_soup
from tests.worksheets.questions.verdict.sheets import (
    BY_TEACHER,
    KEYED,
    OTHER_KEY,
    RIGHT,
    STATEMENT,
    SUMMARY,
)
from worksheets.markup import Sheet
from worksheets.questions import parse_sheet, read_answers, saved_fields, unanswered


@pytest.mark.parametrize(
    ("source", "truth"),
    [
        (KEYED, "false"),
        (OTHER_KEY, "true"),
        (BY_TEACHER, None),
        (f"{STATEMENT} ??? Right or  Wrong; 2 marks\nTRUTH : TRUE", "true"),
        (f"{STATEMENT}\n??? 2 marks, (right or wrong)\nmodel: Look.\n\ntruth: false", "false"),
    ],
)
def test_the_detail_makes_the_kind_and_the_truth_its_key(source: str, truth: str | None) -> None:
    sheet = parse_sheet(source)
    (question,) = sheet.questions
    assert (question.kind, question.prompt, question.marks) == ("verdict", STATEMENT, Decimal(2))
    assert (question.content, question.automatic) == (truth, truth is not None)
    assert sheet.problems == ()
    assert "truth" not in shown(sheet.blocks).lower()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(a) x\n(b) y\n\n??? right or wrong", ["misplaced-verdict"]),
        ("A. x > y\n??? right or wrong\ntruth: false", ["misplaced-verdict", "misplaced-truth"]),
        ("A. x > y\nz\n\n??? which, right or wrong", ["misplaced-verdict"]),
        ("Why?\n??? 2 marks\ntruth: false", ["misplaced-truth"]),
        ("Some text.\ntruth: false\nMore.", ["misplaced-truth"]),
        ("x\n??? right or wrong\ntruth: perhaps", ["bad-truth"]),
        ("x\n??? right or wrong\ntruth: ______", ["bad-truth"]),
        ("x\n??? right or wrong\ntruth:\nMore.", ["bad-truth"]),
        ("x\n??? right or wrong\ntruth: true\ntruth: false", ["bad-detail"]),
        ("x\n??? right or wrong, right or wrong", ["bad-detail"]),
        ("Truth: it dies first.", []),
    ],
)
def test_each_mistake_is_reported(source: str, expected: list[str]) -> None:
    assert codes(source) == expected
    assert "false" not in shown(parse_sheet(source).blocks)


def test_text_that_begins_with_the_word_of_a_line_stays_text() -> None:
    """So an edition that was published before there was the kind stays as it was."""
    sheet = parse_sheet("1. Why?\n\n??? 2 marks\n\nTruth: the first casualty of war.")
    assert "the first casualty" in shown(sheet.blocks)
    assert sheet.problems == ()


@given(
    st.lists(
        st.sampled_from(["\n", "???", " right or wrong", "truth:", "false", ","]) | mark_soup
    ).map("".join)
)
def test_no_text_raises(source: str) -> None:
    assert isinstance(parse_sheet(source), Sheet)


@given(mark_soup, st.sampled_from(["truth: false", "Truth : FALSE ", "  truth:false"]), mark_soup)
def test_no_truth_is_shown(before: str, line: str, after: str) -> None:
    """Wherever such a line stands, as with a model answer."""
    assume("[[" not in before and "---" not in before and "![" not in before)
    sheet = parse_sheet(f"{before}\n{line}\n{after}")
    texts = repr((sheet.blocks, sheet.parts, sheet.footnotes, sheet.title)).lower()
    assert re.search("truth ?: ?false", texts) is None


@given(
    st.dictionaries(st.sampled_from(["q1", "q1-verdict"]), st.text(max_size=250) | st.just("true"))
)
def test_whatever_is_posted_is_read_and_posted_again(fields: dict[str, str]) -> None:
    sheet = parse_sheet(KEYED)
    read = read_answers(sheet, fields)
    assert len(read.posted) == len(read.accepted) + len(read.errors) == bool(fields)
    assert read_answers(sheet, saved_fields(sheet, read.accepted)).accepted == read.accepted


@pytest.mark.parametrize(
    ("fields", "text", "lacks"),
    [
        ({"q1": "", "q1-verdict": ""}, "", "q1"),
        ({"q1": "  "}, "", "q1"),
        ({"q1-verdict": "true"}, "true", ""),
        (RIGHT, SUMMARY, ""),
        ({"q1": " It is in Germany."}, "It is in Germany.", "choose true or false"),
    ],
)
def test_what_is_said_and_what_is_missing(fields: dict[str, str], text: str, lacks: str) -> None:
    sheet = parse_sheet(KEYED)
    answers = read_answers(sheet, fields).accepted
    empty = unanswered(sheet, answers)
    assert answers["q1"].text == text
    assert [q.key for q in empty.questions] + [message for _, message in empty.half] == (
        [lacks] if lacks else []
    )
