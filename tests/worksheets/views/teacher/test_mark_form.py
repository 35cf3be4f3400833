"""Marks and comments that two windows save: neither overwrites what the other one has saved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, place
from worksheets.models import Attempt


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    return hand_in(place(cast), cast.amina)


def posted(cast: Cast, attempt: Attempt) -> dict[str, str]:
    """What a page posts that was opened now."""
    return Page(cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk))).posted


def save(cast: Cast, attempt: Attempt, fields: dict[str, str]) -> Any:
    return cast.ruth.client.post(cast.ruth.url("attempt", number=attempt.pk), fields)


def saved(attempt: Attempt) -> tuple[str, str]:
    mark = attempt.marks.get(item="q1")
    return f"{mark.points.normalize():f}", mark.comment


def test_what_was_not_changed_on_a_page_stays_as_another_one_has_saved_it(
    cast: Cast, attempt: Attempt
) -> None:
    save(cast, attempt, {"q1-points": "2", "q1-comment": "Why?"})
    older = posted(cast, attempt)
    save(cast, attempt, {**posted(cast, attempt), "q1-comment": "Why?\r\nWhen?"})
    assert save(cast, attempt, {**older, "q1-points": "3"}).status_code == 302
    assert saved(attempt) == ("3", "Why?\nWhen?")


def test_what_another_page_has_saved_is_read_before_it_is_overwritten(
    cast: Cast, attempt: Attempt
) -> None:
    older = posted(cast, attempt)
    save(cast, attempt, {**older, "q1-points": "2", "q1-comment": "Of the other."})
    answer = save(cast, attempt, {**older, "q1-points": "2", "q1-comment": "Mine."})
    assert answer.status_code == 422
    page = Page(answer)
    assert "This was saved as “Of the other.” meanwhile." in page.text
    assert page.fields["q1-comment"].value == "Mine."
    assert saved(attempt) == ("2", "Of the other.")
    assert save(cast, attempt, page.posted).status_code == 302
    assert saved(attempt) == ("2", "Mine.")


@pytest.mark.parametrize("seen", ["", "x", "[]", "[" * 10_000, '{"points": 3, "comment": [{}]}'])
def test_what_says_nothing_of_a_page_is_no_error(cast: Cast, attempt: Attempt, seen: str) -> None:
    answer = save(cast, attempt, {"q1-points": "2", "q1-comment": "Why?", "q1-seen": seen})
    assert answer.status_code in {302, 422}
    assert save(cast, attempt, {"q1-points": "3", "q1-comment": "Why?"}).status_code == 302
