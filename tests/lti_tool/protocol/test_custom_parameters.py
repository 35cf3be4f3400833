"""Custom values are anybody's text: what cannot be read is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.protocol.custom_parameters import MAX_HISTORY, Dates, dates, history

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("7", ("7",)),
        ("7,3", ("7", "3")),
        (" 7 , 3 ", ("7", "3")),
        ("7,,3,", ("7", "3")),
        ("a%2Fb,one%2Ctwo", ("a/b", "one,two")),
        ("100%", ("100%",)),
        ("a%00b", ("ab",)),
        ("", ()),
        ("$ResourceLink.id.history", ()),
        ("x" * 256, ()),
    ],
)
def test_histories(value: str, ids: tuple[str, ...]) -> None:
    assert history({"link_history": value}, "link_history") == ids


def test_a_missing_history_is_none() -> None:
    assert history({}, "context_history") == ()


def test_a_history_has_an_end() -> None:
    assert len(history({"h": ",".join(map(str, range(1000)))}, "h")) == MAX_HISTORY


@pytest.mark.parametrize(
    "text",
    ["2026-05-01T12:00:00Z", "2026-05-01T14:00:00+02:00", " 2026-05-01T12:00:00 "],
)
def test_times(text: str) -> None:
    assert dates({"submission_until": text}).closes_at == NOON


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$ResourceLink.submission.endDateTime",
        "soon",
        "2026-13-01T00:00:00Z",
        "9999-12-31T23:59:59Z",  # 'no limit': no other time zone could show it
        "9999-12-31T23:59:59-23:00",
        "1999-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    custom = dict.fromkeys(("submission_until", "available_from", "canvas_due_at"), text)
    assert dates(custom) == Dates()


@pytest.mark.parametrize(
    ("value", "lead"), [("17", True), ("$Canvas.assignment.id", False), ("", False)]
)
def test_an_assignment_of_canvas_has_dates_even_where_it_names_none(
    value: str, *, lead: bool
) -> None:
    assert dates({"canvas_assignment": value}) == Dates(lead=lead)


def test_of_several_the_strictest_holds() -> None:
    early, late = "2026-05-01T12:00:00Z", "2027-05-01T12:00:00Z"
    told = dates(
        {
            "available_from": early,
            "submission_from": late,
            "available_until": late,
            "canvas_lock_at": early,
            "canvas_due_at": early,
        }
    )
    assert told == Dates(NOON.replace(year=2027), NOON, NOON)


def test_the_end_of_submission_closes() -> None:
    assert dates({"submission_until": "2026-05-01T12:00:00Z"}) == Dates(closes_at=NOON)


@pytest.mark.parametrize("due", ["2026-05-01T12:00:00Z", "$Canvas.assignment.dueAt.iso8601"])
def test_canvas_says_by_it_when_work_is_due_and_closes_nothing(due: str) -> None:
    told = dates(
        {
            "submission_until": "2026-05-01T12:00:00Z",
            "canvas_due_at": due,
            "canvas_lock_at": "2027-05-01T12:00:00Z",
        }
    )
    assert told == Dates(due_at=NOON, closes_at=NOON.replace(year=2027))


@given(st.dictionaries(st.sampled_from(["available_from", "submission_until"]), st.text()))
def test_no_text_trips_it(custom: dict[str, str]) -> None:
    told = dates(custom)
    assert all(time is None or time.tzinfo is UTC for time in (told.opens_at, told.closes_at))
