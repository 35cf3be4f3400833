"""What a teacher sees of a class, and at what cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Membership, ResourceLink, StoredLaunch, User
from lti_tool.protocol.vocabulary import TEST_USER_ROLE
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
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
from worksheets.models import Assignment
from worksheets.reports.class_overview import AttemptProgress, Overview, next_to_mark, overview

ACTIVE, INACTIVE, GONE = (
    Membership.Status.ACTIVE,
    Membership.Status.INACTIVE,
    Membership.Status.GONE,
)


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def names(seen: Overview) -> list[str]:
    return [row.user.display_name for row in seen.rows]


def standings(seen: Overview) -> dict[str, AttemptProgress]:
    return {row.user.sub: row.standing for row in seen.rows}


def enrol(cast: Cast, sub: str, name: str, *roles: str, status: str = ACTIVE) -> Membership:
    """Somebody of whom only the roster knows."""
    registration = cast.course.deployment.registration
    user = User.objects.create(registration=registration, sub=sub, name=name)
    return Membership.objects.create(
        user=user, context=cast.course.context, roles=list(roles), status=status
    )


def leave(someone: Someone) -> None:
    Membership.objects.filter(pk=someone.membership.pk).update(status=GONE)


@pytest.mark.parametrize("size", [1, 12])
def test_eight_statements_whatever_the_size(cast: Cast, assignment: Assignment, size: int) -> None:
    for n in range(size):
        someone = make_someone(cast.course, f"9{n}", f"Pupil Number{n}", PUPIL)
        hand_in(assignment, someone)
        enrol(cast, f"8{n}", f"Absent Number{n}", PUPIL)
    with CaptureQueriesContext(connection) as asked:
        seen = overview(assignment)
        assert [work.tally.automatic for work in seen.works if work.tally] == [4] * size
        assert [work.score_status.given for work in seen.works if work.score_status] == [4] * size
        assert all(work.attempt.edition.sheet.gaps for work in seen.works)
        assert len(names(seen)) == 2 * size + 2  # with Amina and Ben
    assert len(asked) == 8  # and one for dates of single pupils, where they are not read yet


def test_pupils_stand_by_family_name(cast: Cast, assignment: Assignment) -> None:
    for sub, name in [("901", "Zoë Aaron"), ("902", "adam aaron"), ("903", "Bea Young")]:
        save(assignment, make_someone(cast.course, sub, name, PUPIL), {"g1": "Bavaria"})
    save(assignment, cast.ben, {"g1": "Bavaria"})
    assert names(overview(assignment)) == [
        *("adam aaron", "Zoë Aaron", "Amina Abdullahi", "Ben Ashworth", "Bea Young")
    ]


def test_pupils_without_a_name_have_numbers_and_stand_by_them(
    cast: Cast, assignment: Assignment
) -> None:
    people = [enrol(cast, f"9{n}", "", PUPIL) for n in range(12)]
    seen = overview(assignment)
    assert names(seen) == [
        *("Amina Abdullahi", "Ben Ashworth"),
        *(f"Pupil {member.user_id}" for member in people),
    ]
    assert not seen.is_nameless
    User.objects.update(name="", given_name="", family_name="")
    assert overview(assignment).is_nameless


def test_who_came_how_far(cast: Cast, assignment: Assignment) -> None:
    for n in range(3):
        enrol(cast, f"90{n}", f"Cleo {n}", PUPIL)
    save(assignment, make_someone(cast.course, "910", "Dan Dale", PUPIL), RIGHT)
    hand_in(assignment, cast.ben)
    released = hand_in(assignment, make_someone(cast.course, "911", "Eve Egan", PUPIL))
    mark(released, cast.ruth, q1="1", q2="1")
    attempts.release(released, by=TOOL)
    assert standings(overview(assignment)) == {
        "101": AttemptProgress.OPENED,
        "102": AttemptProgress.SUBMITTED,
        "900": AttemptProgress.NEVER_OPENED,
        "901": AttemptProgress.NEVER_OPENED,
        "902": AttemptProgress.NEVER_OPENED,
        "910": AttemptProgress.BEGUN,
        "911": AttemptProgress.RELEASED,
    }


def test_another_link_of_the_course_was_opened_and_this_one_was_not(
    cast: Cast, assignment: Assignment
) -> None:
    other = ResourceLink.objects.create(
        context=cast.course.context, deployment=cast.course.deployment, lti_id="other"
    )
    StoredLaunch.objects.filter(membership=cast.amina.membership).update(link=other)
    assert standings(overview(assignment))["101"] == AttemptProgress.NEVER_OPENED


@pytest.mark.parametrize(
    "roles",
    [[TEACHER], ["Instructor", "Learner"], [PUPIL, TEST_USER_ROLE], ["Mentor"], ["Manager"]],
    ids=repr,
)
def test_who_is_no_pupil(cast: Cast, assignment: Assignment, roles: list[str]) -> None:
    enrol(cast, "901", "Nora No-Pupil", *roles)
    assert names(overview(assignment)) == ["Amina Abdullahi", "Ben Ashworth"]


@pytest.mark.parametrize("roles", [[], ["Learner"], ["Learner", "Mentor"], ["Odd"]], ids=repr)
def test_who_is_one(cast: Cast, assignment: Assignment, roles: list[str]) -> None:
    enrol(cast, "901", "Percy Pupil", *roles)
    assert "Percy Pupil" in names(overview(assignment))


def test_a_test_user_who_wrote_something_is_still_no_pupil(
    cast: Cast, assignment: Assignment
) -> None:
    student = make_someone(cast.course, "999", "Test Student", PUPIL, TEST_USER_ROLE)
    hand_in(assignment, student)
    assert names(overview(assignment)) == ["Amina Abdullahi", "Ben Ashworth"]


def test_who_left_stands_at_the_end_with_their_work_and_is_not_waited_for(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina)
    leave(cast.amina)
    Delivery.objects.update(state=Delivery.State.REFUSED, problem="not-accepted")
    enrol(cast, "901", "Gus Gone", PUPIL, status=GONE)  # and never came
    seen = overview(assignment)
    assert names(seen) == ["Ben Ashworth", "Amina Abdullahi"]
    row = seen.rows[-1]
    assert row.has_left
    assert row.work is not None
    assert row.standing == AttemptProgress.SUBMITTED
    assert (seen.works, seen.releasable) == ([], [])
    assert next_to_mark(assignment, row.work.attempt) is None


def test_who_left_can_be_marked_and_released_all_the_same(
    cast: Cast, assignment: Assignment
) -> None:
    attempt = hand_in(assignment, cast.amina)
    leave(cast.amina)
    mark(attempt, cast.ruth, q1="1", q2="1")
    attempts.release(attempt, by=TOOL)
    assert fresh(attempt).is_released
    assert Delivery.objects.get().score_given == 6


def test_who_is_suspended_stays_in_their_place(cast: Cast, assignment: Assignment) -> None:
    Membership.objects.filter(user=cast.amina.user).update(status=INACTIVE)
    row = overview(assignment).rows[0]
    assert (row.user, row.is_inactive, row.has_left) == (cast.amina.user, True, False)


def test_work_of_a_person_without_membership_is_shown(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.otis)
    assert standings(overview(assignment))["201"] == AttemptProgress.SUBMITTED


def test_how_far_everybody_is(cast: Cast, assignment: Assignment) -> None:
    begun = save(assignment, cast.amina, RIGHT)
    waiting = hand_in(assignment, cast.ben)
    marked = hand_in(assignment, make_someone(cast.course, "901", "Cleo Cole", PUPIL), RIGHT)
    released = hand_in(assignment, make_someone(cast.course, "902", "Dan Dale", PUPIL))
    mark(released, cast.ruth, q1="1", q2="1")
    attempts.release(released, by=TOOL)
    seen = overview(assignment)
    works = {work.attempt.pk: work for work in seen.works}
    assert [pk for pk, work in works.items() if work.waits_for_mark] == [waiting.pk]
    assert [work.attempt.pk for work in seen.releasable] == [marked.pk]
    assert works[begun.pk].tally is None
    assert works[begun.pk].score_status is None
    assert not works[begun.pk].may_release
    assert works[released.pk].standing == AttemptProgress.RELEASED
    waiting_tally = works[waiting.pk].tally
    assert waiting_tally is not None
    assert waiting_tally.unmarked == 2


def test_scores_that_somebody_must_look_at(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben)
    assert not any(work.has_problem for work in overview(assignment).works)
    Delivery.objects.filter(user=cast.ben.user).update(
        state=Delivery.State.REFUSED, problem="column-gone"
    )
    problems = [work.attempt.user for work in overview(assignment).works if work.has_problem]
    assert problems == [cast.ben.user]


def test_other_links_are_not_seen(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    elsewhere = Assignment.objects.create(link=cast.other_course.link, edition=assignment.edition)
    hand_in(elsewhere, cast.otis)
    assert names(overview(assignment)) == ["Amina Abdullahi", "Ben Ashworth"]
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
    assert not any(work.waits_for_mark for work in overview(assignment).works)
    assert next_to_mark(assignment, attempt) is None


def test_who_was_given_it_back_has_begun(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, EVERYTHING)
    attempts.reopen(attempt, by=TOOL)
    (work,) = overview(assignment).works
    assert (work.tally, work.standing) == (None, AttemptProgress.BEGUN)
    assert not fresh(attempt).is_submitted
    assert work.score_status is not None  # what the gradebook shows stays
