"""Moments that a page of ours wrote, as they come back from anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cast import Cast
from tests.worksheets.sheets import hand_in, place
from worksheets.views.moments import read_moment

# What datetime holds, and no database once it is in UTC.
FIRST, LAST = "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"


@pytest.mark.parametrize(
    "text",
    [FIRST, LAST, "", "soon", "2026-02-30T10:00:00Z", "2026-12-01T10:00:00", "9" * 10_000],
)
def test_another_text_is_no_moment(text: str) -> None:
    assert read_moment(text) is None


def test_our_own_is_read_again() -> None:
    at = datetime(2026, 12, 1, 10, 0, 0, 123456, tzinfo=UTC)
    assert read_moment(at.isoformat()) == at


@pytest.mark.parametrize("text", [FIRST, LAST])
def test_no_page_breaks_at_such_a_moment(cast: Cast, text: str) -> None:
    attempt = hand_in(place(cast), cast.amina)
    get, post, url = cast.ruth.client.get, cast.ruth.client.post, cast.ruth.url
    assert get(url("class"), {"release": text}).status_code == 200
    for more in ({}, {"confirmed": "1"}):
        asked = post(url("selected"), {"act": "take-back", "release": text, **more})
        assert asked["Location"].endswith("notice=nothing-selected")
    marked = post(url("attempt", number=attempt.pk), {"q1-points": "3", "draft-at-mark": text})
    assert marked.status_code in {200, 302}
