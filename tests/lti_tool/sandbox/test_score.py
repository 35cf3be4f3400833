"""Reading a posted score, member by member."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.sandbox.services import json_body
from lti_tool.sandbox.services.score import BadScoreError, Score, parse, parse_timestamp
from tests.lti_tool.sandbox import lms


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.999Z",
        "2026-03-01T10:00:00.123456789Z",
        "2026-03-01T10:00:00,5+00:00",
        "2026-03-01T11:30:00+01:30",
        "2026-03-01T05:00:00-0500",
    ],
)
def test_a_time_is_taken_in_whole_seconds(text: str) -> None:
    assert parse_timestamp(text) == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T10:00Z",
        "2026-03-01T10:00:00",
        "2026-03-01 10:00:00Z",
        "2026-03-01T10:00:00z",
        "20260301T100000Z",
        "2026-02-30T10:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T10:00:61Z",
        "2026-03-01T10:00:00+25:00",
        "2026-03-01T10:00:00Z ",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "٢٠٢٦-03-01T10:00:00Z",
        "1772359200",
    ],
)
def test_what_is_no_time_with_seconds_and_zone_is_refused(text: str) -> None:
    with pytest.raises(BadScoreError):
        parse_timestamp(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": ...},
        {"userId": ""},
        {"userId": 101},
        {"userId": None},
        {"timestamp": ...},
        {"timestamp": 1772359200},
        {"activityProgress": ...},
        {"activityProgress": "completed"},
        {"activityProgress": None},
        {"gradingProgress": ...},
        {"gradingProgress": "Done"},
        {"gradingProgress": ["FullyGraded"]},
        {"scoreMaximum": ...},
        {"scoreMaximum": 0},
        {"scoreMaximum": -8},
        {"scoreMaximum": "8"},
        {"scoreMaximum": None},
        {"scoreGiven": -1},
        {"scoreGiven": "6"},
        {"scoreGiven": True},
        {"scoreGiven": None},
        {"scoreGiven": 10**10, "scoreMaximum": 10**10},
        {"comment": 7},
        {"comment": None},
    ],
)
def test_each_member_is_looked_at(changes: dict[str, object]) -> None:
    with pytest.raises(BadScoreError) as caught:
        parse(lms.a_score(**changes))
    assert caught.value.status == 400


def test_a_well_formed_absurdity_is_422() -> None:
    with pytest.raises(BadScoreError) as caught:
        parse(lms.a_score(scoreGiven=801))
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("given_points", "of", "expected"),
    [
        (6, 8, "75"),
        (0, 8, "0"),
        (1, 3, "33.33333"),
        (2, 3, "66.66667"),
        (8, 8, "100"),
        (9, 8, "100"),
    ],
)
def test_points_are_scaled_to_the_column_and_not_beyond(
    given_points: int, of: int, expected: str
) -> None:
    score = parse(lms.a_score(scoreGiven=given_points, scoreMaximum=of))
    assert score.scaled_to(Decimal(100)) == Decimal(expected)


def test_a_score_may_have_no_points() -> None:
    score = parse(lms.a_score(scoreGiven=..., scoreMaximum=...))
    assert score.scaled_to(Decimal(100)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(lms.a_score())), JSON))
def test_nothing_but_a_score_or_a_reason_comes_of_any_json(changes: dict[str, object]) -> None:
    try:
        score = parse(lms.a_score(**changes))
    except BadScoreError as error:
        assert error.status in {400, 422}  # noqa: PT017 either outcome is fine
    else:
        assert isinstance(score, Score)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e1000000000000000000000"])
def test_what_is_no_number_of_json_is_no_json(literal: str) -> None:
    with pytest.raises(json_body.BadJsonError):
        json_body.read_object(f'{{"scoreGiven": {literal}}}')


NUMBERS = st.one_of(
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(["1e400", "1e-400", "1e999999999", "1e-999999999", "-0", "0e99"]),
)


@given(NUMBERS, NUMBERS)
def test_any_two_numbers_make_a_score_of_the_column_or_none(points: object, of: object) -> None:
    try:
        body = json_body.read_object(f'{{"scoreGiven": {points}, "scoreMaximum": {of}}}')
        scaled = parse(lms.a_score(**body)).scaled_to(Decimal(100))
    except (json_body.BadJsonError, BadScoreError):
        return
    assert scaled is not None
    assert 0 <= scaled <= 100
