"""What a teacher sees of a class, and at what cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti_tool.models import Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import (
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    fresh,
    hand_in,
    mark,
    place,
    save,
)
from worksheets import attempts
from worksheets.class_view import Overview, next_to_mark, overview
from worksheets.models import Assignment


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def names(seen: Overview) -> list[str]:
    return [row.user.display_name for row in seen.rows]


@pytest.mark.parametrize("size", [1, 12])
def test_three_statements_whatever_the_size(cast: Cast, assignment: Assignment, size: int) -> None:
    for n in range(size):
        someone = make_someone(cast.course, f"9{n}", f"Pupil Number{n}", PUPIL)
        hand_in(assignment, someone)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        seen = overview(assignment)
        assert [row.tally.gaps for row in seen.rows if row.tally] == [4] * size
        assert [row.receipt.given for row in seen.rows if row.receipt] == [4] * size
        assert all(row.attempt.edition.sheet.gaps for row in seen.rows)
    assert len(asked) == 3


def test_pupils_stand_by_family_name(cast: Cast, assignment: Assignment) -> None:
    for sub, name in [("901", "Zoë Aaron"), ("902", "adam aaron"), ("903", "Bea Young")]:
        save(assignment, make_someone(cast.course, sub, name, PUPIL), {"g1": "Bavaria"})
    save(assignment, cast.ben, {"g1": "Bavaria"})
    assert names(overview(assignment)) == ["adam aaron", "Zoë Aaron", "Ben Ashworth", "Bea Young"]


def test_a_pupil_without_a_name_has_a_number(cast: Cast, assignment: Assignment) -> None:
    someone = make_someone(cast.course, "901", "", PUPIL)
    save(assignment, someone, {"g1": "Bavaria"})
    assert names(overview(assignment)) == [f"Pupil {someone.user.pk}"]


def test_how_far_everybody_is(cast: Cast, assignment: Assignment) -> None:
    begun = save(assignment, cast.amina, RIGHT)
    waiting = hand_in(assignment, cast.ben)
    marked = hand_in(assignment, make_someone(cast.course, "901", "Cleo Cole", PUPIL), RIGHT)
    released = hand_in(assignment, make_someone(cast.course, "902", "Dan Dale", PUPIL))
    mark(released, cast.ruth, q1="1", q2="1")
    attempts.release(released)
    seen = overview(assignment)
    rows = {row.attempt.pk: row for row in seen.rows}
    assert (seen.submitted, seen.to_mark, seen.released) == (3, 1, 1)
    assert [row.attempt.pk for row in seen.releasable] == [marked.pk]
    assert rows[begun.pk].tally is None
    assert rows[begun.pk].receipt is None
    assert not rows[begun.pk].may_release
    waiting_tally = rows[waiting.pk].tally
    assert waiting_tally is not None
    assert waiting_tally.unmarked == 2


def test_scores_that_somebody_must_look_at_are_counted(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben)
    assert overview(assignment).not_accepted == 0
    Delivery.objects.filter(user=cast.ben.user).update(
        state=Delivery.State.REFUSED, problem="column-gone"
    )
    assert overview(assignment).not_accepted == 1


def test_other_links_are_not_seen(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    elsewhere = Assignment.objects.create(link=cast.other_course.link, edition=assignment.edition)
    hand_in(elsewhere, cast.otis)
    assert names(overview(assignment)) == ["Amina Abdullahi"]
    assert names(overview(elsewhere)) == ["Otis Fairweather"]


def test_the_next_to_mark_is_the_next_by_name_and_then_from_the_top(
    cast: Cast, assignment: Assignment
) -> None:
    amina, ben = hand_in(assignment, cast.amina), hand_in(assignment, cast.ben)
    cleo = hand_in(assignment, make_someone(cast.course, "901", "Cleo Cole", PUPIL), RIGHT)
    assert next_to_mark(assignment, amina) == ben
    assert next_to_mark(assignment, ben) == amina  # Cleo left nothing to mark
    assert next_to_mark(assignment, cleo) == amina
    mark(amina, cast.ruth, q1="1", q2="1")
    assert next_to_mark(assignment, ben) is None
    assert next_to_mark(assignment, cleo) == ben


def test_nothing_to_mark_in_a_sheet_of_gaps(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY)
    attempt = hand_in(assignment, cast.amina, {"g1": "Manchuria"})
    assert overview(assignment).to_mark == 0
    assert next_to_mark(assignment, attempt) is None


def test_who_was_given_it_back_has_begun(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, EVERYTHING)
    attempts.reopen(attempt)
    (row,) = overview(assignment).rows
    assert row.tally is None
    assert not fresh(attempt).is_submitted
    assert row.receipt is not None  # what the gradebook shows stays
