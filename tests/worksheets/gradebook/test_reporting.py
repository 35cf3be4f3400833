"""What the gradebook is told, and when it is told nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.audit import TOOL
from lti_tool.grades import Score, ScoreProgress
from lti_tool.models import Delivery, LineItem, Registration
from tests.cast import Cast
from tests.worksheets.sheets import (
    EVERYTHING,
    RIGHT,
    assignment_at,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    place,
    release,
)
from worksheets import attempts, gradebook
from worksheets.gradebook import reporting
from worksheets.models import Assignment, Attempt, Sending

WRONG = {"g1": "Bavaria"}


@pytest.fixture
def submitted(cast: Cast) -> Attempt:
    return hand_in(place(cast), cast.amina, {**EVERYTHING, "g1": "Bavaria"})


def test_the_comment_is_never_empty(cast: Cast, submitted: Attempt) -> None:
    """An empty one would erase what the gradebook shows."""
    assert Delivery.objects.get().comment
    mark(submitted, cast.ruth, q1="4", q2="6")
    attempts.release(submitted, by=TOOL)
    assert Delivery.objects.get().comment


def test_receipts_come_from_the_same_rows(cast: Cast, submitted: Attempt) -> None:
    link = submitted.assignment.link
    (receipt,) = gradebook.statuses_of(submitted.assignment, cast.amina.user)
    assert receipt.progress == ScoreProgress.ON_ITS_WAY
    assert gradebook.statuses(submitted.assignment) == {cast.amina.user.pk: [receipt]}
    assert gradebook.statuses_of(submitted.assignment, cast.ben.user) == []
    Delivery.objects.update(state=Delivery.State.REFUSED, problem="column-gone")
    gradebook.send_again(link, [cast.amina.user])
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_a_column_that_we_make_has_room_for_the_total(cast: Cast, submitted: Attempt) -> None:
    LineItem.objects.update(url="")
    Delivery.objects.all().delete()
    gradebook.report(fresh(submitted))
    assert LineItem.objects.get(link=cast.course.link).maximum == 14


def test_with_gaps_only_it_has_room_for_those(cast: Cast) -> None:
    assignment = place(cast, sending=Sending.GAPS_ONLY)
    LineItem.objects.update(url="")
    hand_in(assignment, cast.amina)
    assert LineItem.objects.get(link=cast.course.link).maximum == 4


# --- when nothing is told ---


def revision(cast: Cast) -> int:
    return Delivery.objects.get(user=cast.amina.user).revision


def test_the_same_is_not_told_twice(cast: Cast, submitted: Attempt) -> None:
    Delivery.objects.update(state=Delivery.State.KEPT)
    gradebook.report(fresh(submitted))
    row = Delivery.objects.get()
    assert (row.revision, row.state) == (1, Delivery.State.KEPT)
    release(submitted, cast.ruth, q1="1", q2="1")
    assert revision(cast) == 2
    mark(fresh(submitted), cast.ruth, q1="1")
    assert revision(cast) == 2


def test_an_attempt_that_does_not_count_is_told_once_and_by_its_number(cast: Cast) -> None:
    """The comment begins to name the attempt; after that nothing changes."""
    assignment = place(cast, attempt_limit=0)
    hand_in(assignment, cast.amina, RIGHT)
    hand_in_again(assignment, cast.amina, WRONG)
    assert revision(cast) == 2
    assert Delivery.objects.get().comment.startswith("Attempt 1. Gaps: 4 out of 4.")
    hand_in_again(assignment, cast.amina, WRONG)
    assert revision(cast) == 2


class TestOnceReleased:
    @pytest.fixture
    def assignment(self, cast: Cast) -> Assignment:
        return place(cast, sending=Sending.RELEASED)

    def test_most_lmss_hear_nothing_before_it(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina)
        assert not Delivery.objects.exists()
        release(attempt, cast.ruth, q1="1", q2="1")
        assert Delivery.objects.get().score_given == 6

    @pytest.mark.usefixtures("assignment")
    def test_canvas_hears_that_something_was_handed_in(self, cast: Cast) -> None:
        Registration.objects.update(product="canvas")
        attempt = hand_in(assignment_at(cast.course.link), cast.amina)
        row = Delivery.objects.get()
        assert (row.score_given, row.score_maximum) == (None, Decimal(14))
        assert row.submitted_at == attempt.submitted_at
        release(attempt, cast.ruth, q1="1", q2="1")
        assert (Delivery.objects.get().score_given, revision(cast)) == (Decimal(6), 2)

    def test_a_mark_that_is_there_is_not_taken_back(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        """Neither by giving the worksheet back nor by handing it in again."""
        Registration.objects.update(product="canvas")
        attempt = release(hand_in(assignment, cast.amina), cast.ruth, q1="1", q2="1")
        attempts.reopen(attempt, by=TOOL)
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
        assert (Delivery.objects.get().score_given, revision(cast)) == (Decimal(6), 2)


@pytest.mark.parametrize(
    ("given", "before", "is_changed"),
    [
        ("3", None, True),
        ("3", "3", False),
        ("3", "3.0000", False),
        ("3", "2", True),
        ("3", "-", True),
        ("-", None, True),
        ("-", "-", False),
        ("-", "3", False),
    ],
)
def test_what_is_reported(given: str, before: str | None, is_changed: bool) -> None:
    def score(points: str) -> Score:
        return Score(None if points == "-" else Decimal(points), Decimal(4), "Gaps.")

    assert reporting.is_changed(score(given), score(before) if before else None) is is_changed


def test_a_changed_comment_is_reported() -> None:
    one, other = (Score(Decimal(3), Decimal(4), words) for words in ("Good.", "Very good."))
    assert reporting.is_changed(one, other)
