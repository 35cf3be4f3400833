"""Marks as they are posted: whatever a browser, or somebody without one, can send."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from worksheets.attempts import GivenMark
from worksheets.markup import Question
from worksheets.questions import parse_sheet
from worksheets.views.teacher.given_marks import MAX_MARKS, read_form, read_json

QUESTION: Question[Any] = parse_sheet("1. Why?\n\n??? 6 marks\n").questions[0]

texts = st.text(max_size=30) | st.sampled_from(
    ["3", "3.5", "6", "6.01", "-1", "NaN", "\0", "\ud800"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "attempt": st.integers() | values,
        "points": texts | st.none() | values,
        "comment": texts | values,
        "seen": st.lists(texts, max_size=3) | values,
        "confirmed": st.booleans() | values,
        "read": texts | values,
    },
)


def is_sound(mark: GivenMark | None) -> bool:
    if mark is None:
        return True
    points = mark.points
    is_within = points is None or 0 <= points <= 6
    stored = [mark.comment, *mark.seen, mark.read or ""]
    return is_within and mark.attempt_id > 0 and all("\0" not in one for one in stored)


@given(st.lists(rows, max_size=3) | values)
def test_no_json_is_too_odd(marks: object) -> None:
    found = read_json(json.dumps({"marks": marks}).encode(), QUESTION)
    assert found is None or all(is_sound(one.given) for one in found)
    for one in found or []:
        assert bool(one.error) == (one.given is None)
        if one.given:
            one.given.comment.encode()


@given(st.binary(max_size=50))
def test_no_bytes_are_too_odd(body: bytes) -> None:
    assert read_json(body, QUESTION) is None or body.strip() == b'{"marks":[]}'


@given(st.dictionaries(st.sampled_from(["attempt", "points", "number", "comment"]), texts))
def test_no_form_is_too_odd(fields: dict[str, str]) -> None:
    posted = QueryDict(mutable=True)
    posted.update(fields)
    assert all(is_sound(one.given) for one in read_form(posted, QUESTION, []))


def test_a_mark_of_a_script() -> None:
    row = {"attempt": 7, "points": "3.50", "comment": " a\r\nb ", "seen": ["", "2|x\r\ny"]}
    row |= {"read": "2026-12-01"}
    (one,) = read_json(json.dumps({"marks": [row]}).encode(), QUESTION) or []
    assert one.given == GivenMark(7, Decimal("3.50"), "a\nb", ("", "2|x\ny"), read="2026-12-01")
    assert one.given is not None
    assert one.given.wanted == "3.5|a\nb"


def test_a_mark_taken_back_has_no_comment() -> None:
    row = {"attempt": 7, "points": None, "comment": "gone", "seen": ["3|gone"]}
    (one,) = read_json(json.dumps({"marks": [row]}).encode(), QUESTION) or []
    assert one.given == GivenMark(7, None, "", ("3|gone",), read="")


def test_a_zero_has_no_sign() -> None:
    row = {"attempt": 7, "points": "-0", "seen": [""]}
    (one,) = read_json(json.dumps({"marks": [row]}).encode(), QUESTION) or []
    assert one.given is not None
    assert one.given.wanted == "0|"


def test_a_form_names_many_and_the_mark_that_each_had() -> None:
    posted = QueryDict(
        "attempt=1&attempt=2&attempt=1&attempt=x&seen-2=1|&read-2=then&points=4&number=2"
    )
    assert [one.given for one in read_form(posted, QUESTION, [])] == [
        GivenMark(1, Decimal(4), "", ("",), read=""),
        GivenMark(2, Decimal(4), "", ("1|",), read="then"),
    ]


def test_there_is_an_end_to_them() -> None:
    posted = QueryDict("&".join(f"attempt={n}" for n in range(1, MAX_MARKS + 50)) + "&points=1")
    assert len(read_form(posted, QUESTION, [])) == MAX_MARKS
