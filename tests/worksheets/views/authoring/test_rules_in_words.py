"""The settings of an activity as the sentence above the press that uses a worksheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lti_tool.models import StoredLaunch
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, GAPS_ONLY, READING, WRITTEN_ONLY, place

LMS = "LMS of client-1"


def said(cast: Cast, source: str, **rules: Any) -> str:
    worksheet = place(cast, source, **rules).edition.worksheet
    return Page(cast.ruth.client.get(cast.ruth.url("keys", number=worksheet.pk))).text


@pytest.mark.parametrize(
    ("source", "rules", "words"),
    [
        (CAUSES, {"feedback": "score"}, "Pupils see how many gaps are right; marks reach"),
        (CAUSES, {"feedback": "answers"}, "Pupils see the right answers; marks reach"),
        (CAUSES, {"sending": "released"}, f"marks reach {LMS} when you release them; one attempt."),
        (CAUSES, {"sending": "gaps-only"}, f"only the marks for the gaps reach {LMS}, at once;"),
        (CAUSES, {"sending": "gaps-column"}, f"reach a column of their own in {LMS} at once, the"),
        (CAUSES, {"attempt_limit": 3}, "for the rest; 3 attempts."),
        (CAUSES, {"attempt_limit": 0}, "for the rest; any number of attempts."),
        (GAPS_ONLY, {}, f"which gaps are right; marks reach {LMS} at once; one attempt."),
        (WRITTEN_ONLY, {}, f"Marks reach {LMS} when you release them; one attempt."),
        (READING, {}, f"No marks reach {LMS}; one attempt."),
        (
            CAUSES,
            {"closes_at": datetime(2030, 5, 1, 12, tzinfo=UTC)},
            "one attempt; closes on 1 May 2030, 12:00 (UTC).",
        ),
    ],
)
def test_the_rules_of_an_activity(
    cast: Cast, source: str, rules: dict[str, Any], words: str
) -> None:
    assert words in said(cast, source, **rules)


def test_dates_of_the_lms_are_said_to_be_there(cast: Cast) -> None:
    StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(
        due_at=datetime(2030, 5, 1, 12, tzinfo=UTC)
    )
    assert f"one attempt; dates as in {LMS}." in said(cast, CAUSES)
