"""What a pupil finds after submitting: result, earlier attempts, another try."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, Someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    EVERYTHING,
    GAPS_ONLY,
    hand_in,
    hand_in_again,
    place,
    release,
    save,
)
from worksheets import attempts
from worksheets.models import (
    UNLIMITED,
    Answer,
    Assignment,
    Attempt,
    Feedback,
    NewAttempt,
    Sending,
)
from worksheets.models.assignment import MAX_ATTEMPTS

POOR = {**EVERYTHING, "g1": "Bavaria", "g2": "Bavaria", "q1": "The first time."}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, attempt_limit=3, new_attempt=NewAttempt.BLANK)


def get(someone: Someone, name: str = "home", **where: object) -> Page:
    return Page(someone.client.get(someone.url(name, **where)))


def again(someone: Someone) -> Page:
    answer = someone.client.post(someone.url("try-again"))
    assert answer.status_code == 302
    return Page(someone.client.get(answer["Location"]))


def close(assignment: Assignment) -> None:
    assignment.closes_at = timezone.now() - timedelta(seconds=1)
    assignment.save()


def test_try_again_leads_to_an_empty_sheet(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina, POOR)
    page = get(cast.amina)
    assert "Try again You start from a blank sheet. Your submitted work is kept." in page.text
    assert "Your best attempt counts." in page.text
    assert "Your attempts" not in page.text
    page = again(cast.amina)
    assert "Attempt 2 of 3. You start from a blank sheet." in page.text
    assert "The first time." not in page.html
    assert page.fields["attempt"].value == "2"
    assert all(page.fields[key].value == "" for key in EVERYTHING)


def test_without_scripts_the_second_attempt_is_saved_and_submitted(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina, POOR)
    posted = again(cast.amina).posted
    cast.amina.client.post(cast.amina.url("answers"), {**posted, **EVERYTHING})
    check = get(cast.amina, "submit")
    cast.amina.client.post(cast.amina.url("submit"), check.posted)
    page = get(cast.amina)
    assert "Submitted: attempt 2" in page.text
    assert "Attempt 1" in page.text
    assert "Gaps: 2 out of 4" in page.text
    assert "Gaps: 4 out of 4 This one counts." in page.text


def test_an_earlier_attempt_can_be_looked_at(cast: Cast, assignment: Assignment) -> None:
    first = hand_in(assignment, cast.amina, POOR)
    hand_in_again(assignment, cast.amina)
    release(first, cast.ruth, q1="1", q2="1")
    page = get(cast.amina, "own-attempt", number=1)
    assert "Submitted: attempt 1" in page.text
    assert "The first time." in page.text
    assert "Total 4 out of 14" in page.text
    assert "Total: 4 out of 14" in get(cast.amina).text
    assert "The first time." not in get(cast.amina).text


@pytest.mark.parametrize("number", [0, 2, 3, 999_999, 10**25])
def test_a_number_that_was_not_handed_in(cast: Cast, assignment: Assignment, number: int) -> None:
    hand_in(assignment, cast.amina)
    attempts.begin_again(assignment, cast.amina.user)
    answer = cast.amina.client.get(cast.amina.url("own-attempt", number=number))
    assert answer.status_code == 404


def test_a_number_is_only_ever_ones_own(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina, POOR)
    answer = cast.ben.client.get(cast.ben.url("own-attempt", number=1))
    assert answer.status_code == 404
    hand_in(assignment, cast.ben, {"q1": "Ben's"})
    page = get(cast.ben, "own-attempt", number=1)
    assert "Ben" in page.text
    assert "The first time." not in page.html


def test_with_one_attempt_there_is_no_second(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    page = get(cast.amina)
    assert "Try again" not in page.text
    assert "attempt" not in page.text
    assert "You have no attempts left." in again(cast.amina).text
    assert Attempt.objects.count() == 1


def test_after_the_close_there_is_none(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    close(assignment)
    assert "Try again" not in get(cast.amina).text
    assert "This worksheet is closed." in again(cast.amina).text
    assert Attempt.objects.count() == 1


def test_who_was_writing_again_at_the_close_finds_the_earlier_one(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina)
    attempts.begin_again(assignment, cast.amina.user)
    close(assignment)
    page = get(cast.amina)
    assert "This worksheet closed on" in page.text
    assert "Attempt 1" in page.text
    assert "This one counts." in page.text
    assert "Attempt 2 not submitted" in page.text


def test_nobody_else_begins_by_asking(cast: Cast, assignment: Assignment) -> None:
    """Who has nothing, or something open, just comes to the sheet."""
    assert "You have no attempts left." in again(cast.amina).text
    assert not Attempt.objects.exists()
    save(assignment, cast.amina, EVERYTHING)
    assert again(cast.amina).posted["q1"] == EVERYTHING["q1"]
    assert cast.ruth.client.post(cast.ruth.url("try-again")).status_code == 403


def test_right_answers_wait_until_no_attempt_is_left(cast: Cast) -> None:
    assignment = place(cast, feedback=Feedback.ANSWERS, attempt_limit=2)
    hand_in(assignment, cast.amina, POOR)
    page = get(cast.amina)
    assert "Right: Manchuria" not in page.text
    assert "You will see the right answers after your last attempt." in page.text
    again(cast.amina)
    assert "Right: Manchuria" not in get(cast.amina, "own-attempt", number=1).text
    hand_in_again(assignment, cast.amina, POOR)
    assert "Right: Manchuria" in get(cast.amina).text
    assert "Right: Manchuria" in get(cast.amina, "own-attempt", number=1).text


def test_as_often_as_one_likes(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, attempt_limit=UNLIMITED)
    assert "You can try as often as you like" in get(cast.amina).text
    hand_in(assignment, cast.amina, {})
    assert "Attempt 2. You can try as often as you like." in again(cast.amina).text
    Attempt.objects.filter(number=2).update(number=MAX_ATTEMPTS)
    assert "Attempt 100. This is your last one." in get(cast.amina).text


def test_a_tab_of_the_first_attempt_is_told(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina, POOR)
    again(cast.amina)
    body = {"edition": str(assignment.edition_id), "q1": "from the old tab"}
    for number in ("1", "", "x", "-2", "7", "9" * 20):
        answer: Any = cast.amina.client.post(
            cast.amina.url("answers"),
            json.dumps({**body, "attempt": number}),
            content_type="application/json",
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "AlreadySubmitted")
        form = {**body, "attempt": number}
        for name in ("answers", "submit"):
            assert cast.amina.client.post(cast.amina.url(name), form).status_code == 302
    assert not Answer.objects.filter(attempt__number=2).exists()
    assert not Attempt.objects.get(number=2).is_submitted


def test_the_script_hears_which_attempt_is_open(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina, POOR)
    again(cast.amina)
    told = cast.amina.client.get(cast.amina.url("answers")).json()
    assert (told["attempt"], told["submitted"], told["fields"]) == (2, False, {})


@pytest.mark.parametrize("product", ["moodle", "canvas"])
def test_once_released_it_says_when_the_mark_comes(cast: Cast, product: str) -> None:
    registration = cast.course.deployment.registration
    registration.product = product
    registration.save()
    hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
    says = "The mark goes to the gradebook when your teacher releases it."
    assert (says in get(cast.amina).text) is (product == "moodle")
    assert ("The gradebook will update shortly" in get(cast.amina).text) is (product == "canvas")
