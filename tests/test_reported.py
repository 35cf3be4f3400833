"""Each reported fault has a test, and each test speaks of one that was reported."""

from __future__ import annotations

import pytest

from tests import ROOT
from tests.reported import CASES, rows, tried

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason=f"the reported faults are not at {CASES}: nobody counts them"
)


def test_each_row_has_a_test_and_no_test_a_row_that_is_none() -> None:
    marked = {number for number in tried(ROOT / "tests") if number.startswith("lti-")}
    assert marked == set(rows("lti_cases.jsonl"))
