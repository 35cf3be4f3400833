"""Each reported fault has a test, and each test speaks of one that was reported."""

from __future__ import annotations

import pytest

from tests import ROOT
from tests.reported import CASES, rows, tried
from tests.worksheets.marking.test_reported_words import CASES_OF_ROWS

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason=f"the reported faults are not at {CASES}: nobody counts them"
)


def test_each_row_has_a_test_and_no_test_a_row_that_is_none() -> None:
    marked = {number for number in tried(ROOT / "tests") if number.startswith("lti-")}
    assert marked == set(rows("lti_cases.jsonl"))


# Of a table of marks and answers for the teacher nothing is expected but that there is one.
NOT_THERE_YET = {"N3"}


def test_so_it_is_with_words_and_sheets() -> None:
    others = ("lti-", "desk-")
    marked = {number for number in tried(ROOT / "tests") if not number.startswith(others)}
    words = {number for number, *_rest in CASES_OF_ROWS}
    assert marked | words | NOT_THERE_YET == set(rows("activity_cases.jsonl"))


def test_so_it_is_with_the_desk() -> None:
    marked = {number for number in tried(ROOT / "tests") if number.startswith("desk-")}
    assert marked == set(rows("desk_cases.jsonl"))
