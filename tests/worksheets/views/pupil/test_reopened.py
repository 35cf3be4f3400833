"""The pages of work that is open again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.audit import TOOL
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, GAPS_ONLY, fresh, hand_in, mark, place, save
from worksheets import attempts
from worksheets.models import Assignment, Feedback, NewAttempt

HALF = {"g1": "Manchuria", "g2": "Rhineland", "q1": "A reason."}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def home(cast: Cast) -> Page:
    return Page(cast.amina.client.get(cast.amina.url("home")))


def take_back(cast: Cast, number: int = 1) -> Page:
    address = cast.amina.url("take-back", number=number)
    return Page(cast.amina.client.post(address, follow=True))


def test_a_pupil_takes_it_back_and_submits_again(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, HALF)
    assert "Take it back" in home(cast).text
    page = take_back(cast)
    assert "You took this back. What was marked at once stays as it is." in page.text
    assert "g1" not in page.fields  # marked, and no longer to be changed
    assert "Manchuria ✓" in page.text
    assert "Rhineland ✗" in page.text
    assert page.fields["q1"].value == "A reason."
    # A page of before is told to load anew.
    state = cast.amina.client.get(cast.amina.url("answers")).json()["state"]
    assert state not in ("1", "1-submitted")
    assert f'data-state="{state}"' in page.html
    check = Page(cast.amina.client.get(cast.amina.url("submit")))
    assert "gap" not in check.text.split("Not answered yet")[1].split("After you submit")[0]
    posted = {"edition": str(assignment.edition_id), "attempt": "1"}
    cast.amina.client.post(cast.amina.url("submit"), posted)
    assert fresh(attempt).is_submitted


def test_a_sheet_has_the_styles_of_results_only_when_it_is_open_again(
    cast: Cast, assignment: Assignment
) -> None:
    assert "worksheets/results.css" not in home(cast).html
    save(assignment, cast.amina, HALF)
    assert "worksheets/results.css" not in home(cast).html
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert "worksheets/results.css" in home(cast).html
    assert "worksheets/results.css" in take_back(cast).html


def test_how_many_are_right_tells_no_more_than_before(cast: Cast) -> None:
    hand_in(place(cast, feedback=Feedback.SCORE), cast.amina, HALF)
    page = take_back(cast)
    assert "✓" not in page.text
    assert "✗" not in page.text


def test_the_right_answers_do_not_come_before_the_end(cast: Cast) -> None:
    hand_in(place(cast, feedback=Feedback.ANSWERS), cast.amina, HALF)
    page = take_back(cast)
    assert "Right: Abyssinia" not in page.html
    assert "1928" not in page.html


@pytest.mark.parametrize("source", [GAPS_ONLY])
def test_it_is_not_offered_where_nothing_can_be_changed(cast: Cast, source: str) -> None:
    hand_in(place(cast, source), cast.amina, {"g1": "Manchuria"})
    assert "Take it back" not in home(cast).text


def test_it_is_not_offered_once_a_teacher_marks(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina)
    page = home(cast)
    mark(attempt, cast.ruth, q1="1")
    assert "Take it back" in page.text  # still open in the pupil's browser
    assert "it stays submitted" in take_back(cast).text
    assert "Take it back" not in home(cast).text


def test_only_the_last_attempt_is_taken_back(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    hand_in(assignment, cast.amina)
    attempts.begin_again(assignment, cast.amina.user)
    page = Page(cast.amina.client.get(cast.amina.url("own-attempt", number=1)))
    assert "Take it back" not in page.text


def test_a_comment_stands_where_the_answer_is_written(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina)
    question = attempt.edition.sheet.question("q1")
    attempts.give_mark(attempt, question, Decimal(2), "Whose <trial>?", cast.ruth.user)
    attempts.reopen(attempt, by=TOOL)
    page = home(cast)
    assert "This worksheet is open again for you." in page.text
    assert "Your teacher wrote: Whose <trial>?" in page.text
    assert "2/4" not in page.text
    assert page.fields["g1"].value == "Manchuria"
    save(assignment, cast.amina, {**EVERYTHING, "q1": "The trial of 1928."})
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    teacher = Page(cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk)))
    assert "Before: 2/4 Whose <trial>?" in teacher.text


@pytest.mark.parametrize(
    ("start", "sentence", "kept"),
    [
        (NewAttempt.BLANK, "You start from a blank sheet.", ""),
        (NewAttempt.RIGHT, "You start with what was right and with your written answers.", ""),
        (NewAttempt.ALL, "You start with your answers as they were.", "Rhineland"),
    ],
)
def test_another_attempt_says_what_it_begins_with(
    cast: Cast, start: NewAttempt, sentence: str, kept: str
) -> None:
    hand_in(place(cast, attempt_limit=2, new_attempt=start), cast.amina, HALF)
    assert sentence in home(cast).text
    page = Page(cast.amina.client.post(cast.amina.url("try-again"), follow=True))
    assert sentence in page.text
    assert page.fields["g2"].value == kept


def test_one_question_again_and_all_else_is_to_be_read(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, {**HALF, "q2": "Early.", "q2-choice": "a"})
    mark(attempt, cast.ruth, q2="1")
    question = attempt.edition.sheet.question("q2")
    attempts.release_question(assignment, attempt.edition.sheet.question("q1"), [attempt], by=TOOL)
    before = home(cast)
    attempts.reopen_question(attempt, question, "Which source?", by=TOOL)
    page = home(cast)
    assert "look at question 2 again: Which source?" in page.text
    assert 'href="#question-q2"' in page.html
    assert "q2" in page.fields
    assert not {"g1", "g2", "g3", "g4", "q1"} & page.fields.keys()
    assert "A reason." in page.text  # what was submitted, to be read
    assert "Manchuria ✓" in page.text
    state = cast.amina.client.get(cast.amina.url("answers")).json()["state"]
    assert f'data-state="{state}"' not in before.html
    check = Page(cast.amina.client.get(cast.amina.url("submit")))
    assert (
        "gap" not in check.text.split("After you submit")[0].lower().split("not answered yet")[-1]
    )
    # A page of before, on another device, that still has fields for all: a script's request.
    stale = {"edition": str(assignment.edition_id), "attempt": "1", "g1": "Bavaria", "q2": "Late."}
    answer = cast.amina.client.post(
        cast.amina.url("answers"), stale, content_type="application/json"
    ).json()
    assert set(answer["errors"]) == {"g1"}
    assert "Your teacher has opened another question." in answer["errors"]["g1"]
    texts = dict(attempt.answers.values_list("item", "text"))
    assert (texts["g1"], texts["q2"]) == ("Manchuria", "Late.")


def test_marks_that_were_released_stay_in_sight_while_one_is_open(
    cast: Cast, assignment: Assignment
) -> None:
    attempt = hand_in(assignment, cast.amina, EVERYTHING)
    mark(attempt, cast.ruth, q1="3", q2="1")
    attempts.release(attempt, by=TOOL)
    question = attempt.edition.sheet.question("q2")
    attempts.reopen_question(attempt, question, by=TOOL)
    page = home(cast)
    assert "Your teacher asks you to look at question 2 again." in page.text
    assert "3 / 4" in page.text
    assert fresh(attempt).marks_seen_at is not None
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    assert "3 / 4" not in home(cast).text
