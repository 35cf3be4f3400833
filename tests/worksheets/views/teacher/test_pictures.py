"""The pictures of a class's answers: on the page, for its script, for the projector."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, hand_in_again, place, save
from worksheets.models import Assignment

SHEET = """# Terror

Before you read: what mattered most?

??? 3 marks
rank: Money | Fear
right: Fear > Money

A. Fear > Money
Everybody was afraid.

B. Money > Fear
Everybody was poor.

??? which, 4 marks

Now that you have read: what mattered most?

???
rank: Fear | Money
"""
FEAR_FIRST = {"q1-1": "1", "q1-2": "2"}  # the fields go by the alphabet: Fear, Money
MONEY_FIRST = {"q1-1": "2", "q1-2": "1"}
LATER_MONEY = {"q3-1": "2", "q3-2": "1"}


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast, SHEET)


def pupils(cast: Cast, count: int) -> list[Someone]:
    return [make_someone(cast.course, f"9{n}", f"P{n} Q", PUPIL) for n in range(count)]


def answered(assignment: Assignment, cast: Cast) -> None:
    """Five who change their mind but one, one blank, one who still writes."""
    for number, someone in enumerate(pupils(cast, 5)):
        later = LATER_MONEY if number else {"q3-1": "1", "q3-2": "2"}
        hand_in(assignment, someone, {**FEAR_FIRST, "q2-choice": "A", "q2": "So.", **later})
    hand_in(assignment, cast.amina, {"q1-1": "", "q2": " "})
    save(assignment, cast.ben, {**MONEY_FIRST, "q2-choice": "B"})


def get(someone: Someone, name: str, query: str = "") -> Page:
    return Page(someone.client.get(someone.url(name) + query))


def test_the_page_shows_who_put_what_first_and_who_changed_their_mind(
    cast: Cast, placed: Assignment
) -> None:
    answered(placed, cast)
    page = get(cast.ruth, "class-answers")
    assert "5 answered · 1 blank" in page.text
    assert "All put “Fear” first. Most had each of them right." in page.text
    assert "Interpretation A convinced all." in page.text
    assert "Most put “Money” first (4 of 5)." in page.text
    assert "Since question 1" in page.text
    assert "Changed their mind: 4 of 5, most often from “Fear” to “Money” (4)." in page.text
    assert page.html.count("<table") == 4
    assert 'style="' not in page.html
    # A sheet without a gap has its live figures, its pause and its projector all the same.
    assert 'id="answers-live"' in page.html
    assert cast.ruth.url("class-answers-projector") in page.links


def test_first_attempts_stand_beside_last_ones(cast: Cast) -> None:
    placed = place(cast, SHEET, attempt_limit=2, counting="last")
    hand_in(placed, cast.amina, FEAR_FIRST)
    hand_in_again(placed, cast.amina, MONEY_FIRST)
    hand_in(placed, cast.ben, FEAR_FIRST)
    text = get(cast.ruth, "class-answers").text
    assert "From the first attempt to the last" in text
    assert "Changed their mind: 1 of 1, most often from “Fear” to “Money” (1)." in text


def test_the_script_gets_pictures_and_the_projector_shows_no_key_before_it_is_asked(
    cast: Cast, placed: Assignment
) -> None:
    answered(placed, cast)
    live = cast.ruth.client.get(cast.ruth.url("class-answers-live"))
    rows = live.json()["rows"]
    assert rows.keys() == {"q1", "q1-plain", "q2", "q2-plain", "q3", "q3-plain"}
    assert ("Most had each" in rows["q1"], 'class="right"' in rows["q1"]) == (True, True)
    assert "All put “Fear” first" in rows["q1-plain"]
    assert ("had each" in rows["q1-plain"], "right" in rows["q1-plain"]) == (False, False)
    seen = {"If-None-Match": live["ETag"]}
    again = cast.ruth.client.get(cast.ruth.url("class-answers-live"), headers=seen)
    assert again.status_code == 304

    shown = get(cast.ruth, "class-answers-projector")
    assert "1 of 3" in shown.text
    assert 'data-figures="q1-plain"' in shown.html
    assert ("right" in shown.text, "marks" in shown.text, "P1" in shown.text) == (False,) * 3
    assert "?gap=q2" in shown.links
    with_key = get(cast.ruth, "class-answers-projector", "?gap=q1&answers=1")
    assert "Most had each of them right." in with_key.text
    assert 'data-figures="q1"' in with_key.html
    assert "2 of 3" in get(cast.ruth, "class-answers-projector", "?gap=q2").text
    assert "1 of 3" in get(cast.ruth, "class-answers-projector", "?gap=%00q9").text


def test_pictures_cost_as_many_statements_for_any_class(cast: Cast, placed: Assignment) -> None:
    counts = []
    for someone in [None, *pupils(cast, 4)]:
        if someone:
            hand_in(placed, someone, {**FEAR_FIRST, "q2-choice": "A"})
        cast.ruth.client.get(cast.ruth.url("class-answers"))
        with CaptureQueriesContext(
            connection,
        ) as statements:
            cast.ruth.client.get(cast.ruth.url("class-answers"))
        counts.append(len(statements))
    assert len(set(counts[1:])) == 1


def test_gaps_say_how_many_had_them_right_in_words(cast: Cast) -> None:
    placed = place(cast, "Italy took ___Abyssinia___.")
    for number, someone in enumerate(pupils(cast, 6)):
        hand_in(placed, someone, {"g1": "Abyssinia" if number < 4 else "Egypt"})
        if number == 3:
            assert "(too few to tell)" in get(cast.ruth, "class-answers").text
    assert "most had this right (67 %)" in get(cast.ruth, "class-answers").text
