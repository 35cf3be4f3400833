"""What one teacher has to mark: which activities, how much of it, where to go on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL
from lti_tool.models import Membership
from tests.cast import PUPIL, TEACHER, Cast, Course, Someone, make_course, make_someone
from tests.worksheets.sheets import (
    GAPS_ONLY,
    assignment_at,
    hand_in,
    mark,
    place,
    publish,
    release,
    save,
)
from worksheets.attempts import GivenMark, give_marks
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Edition, Mark
from worksheets.reports.by_question import question_marking
from worksheets.reports.my_marking import my_marking, parallel_assignments


def use(course: Course, edition: Edition) -> Assignment:
    assigning.assign(course.link, edition, AssignmentRules(), by=TOOL)
    return assignment_at(course.link)


def teach(cast: Cast, course: Course, *roles: str) -> Membership:
    return Membership.objects.create(
        user=cast.ruth.user, context=course.context, roles=list(roles or [TEACHER])
    )


def pupils(course: Course, *subs: str) -> list[Someone]:
    return [make_someone(course, sub, f"Pupil {sub}", PUPIL) for sub in subs]


@pytest.fixture
def here(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def parallel(cast: Cast, here: Assignment) -> Assignment:
    return use(cast.other_course, here.edition)


def figures(cast: Cast) -> list[tuple[str, int, int]]:
    found = my_marking(cast.ruth.user)
    return [
        (str(one.assignment.link.context), one.marked, one.answers)
        for sheet in found.worksheets
        for one in sheet.activities
    ]


def test_twelve_of_so_many(cast: Cast, here: Assignment, parallel: Assignment) -> None:
    assert my_marking(cast.ruth.user).last is None
    amina = hand_in(here, cast.amina)
    save(here, cast.ben, {"q1": "not submitted"})
    hand_in(parallel, cast.otis)
    mark(amina, cast.ruth, q1="1")
    # In the other course nobody knows her as a teacher yet.
    assert figures(cast) == [("Course 2", 1, 2)]
    membership = teach(cast, cast.other_course)
    assert figures(cast) == [("Course 3", 0, 2), ("Course 2", 1, 2)]
    found = my_marking(cast.ruth.user)
    assert (found.marked, found.answers, found.minutes) == (1, 4, None)
    assert found.worksheets[0].may_be_together
    assert found.last is not None
    assert found.last.assignment == here  # where the last mark was given
    membership.status = Membership.Status.GONE
    membership.save()
    assert [name for name, *_rest in figures(cast)] == ["Course 2"]
    # What is released does not wait any more.
    release(amina, cast.ruth, q2="2")
    assert figures(cast) == []
    assert my_marking(cast.zara.user).worksheets == []


def test_a_pupil_of_a_course_has_nothing_to_mark_there(cast: Cast, parallel: Assignment) -> None:
    hand_in(parallel, cast.otis)
    teach(cast, cast.other_course, PUPIL)
    assert figures(cast) == []
    assert parallel_assignments(cast.ruth.user, assignment_at(cast.course.link)) == []


def test_it_counts_as_the_desk_does(cast: Cast, here: Assignment) -> None:
    """Several attempts, people who have left, a sheet without anything to mark."""
    hand_in(here, cast.amina)
    gone = make_someone(cast.course, "77", "Gone Away", PUPIL)
    hand_in(here, gone)
    Membership.objects.filter(user=gone.user).update(status=Membership.Status.GONE)
    third = make_course(cast.course.deployment, "4")
    teach(cast, third)
    gaps = use(third, publish(cast.ruth.user, GAPS_ONLY))
    hand_in(gaps, pupils(third, "41")[0], {"g1": "x"})
    questions = here.edition.sheet.to_mark
    counted = sum(len(question_marking(here, one).answers) for one in questions)
    assert figures(cast) == [("Course 2", 0, counted)] == [("Course 2", 0, 2)]


def test_the_time_left_at_ones_pace(cast: Cast, here: Assignment) -> None:
    question = here.edition.sheet.question("q1")
    works = [hand_in(here, one) for one in pupils(cast.course, *(f"9{n}" for n in range(12)))]
    given = [GivenMark(work.pk, Decimal(1)) for work in works]
    give_marks(here, question, given, cast.ruth.user)
    for n, row in enumerate(Mark.objects.filter(item="q1")):
        row.marked_at = timezone.now() - timedelta(seconds=30 * n)
        row.save()
    found = my_marking(cast.ruth.user)
    assert (found.marked, found.answers, found.minutes) == (12, 24, 6)


def test_parallel_classes_are_one_pile(cast: Cast, here: Assignment, parallel: Assignment) -> None:
    teach(cast, cast.other_course)
    hand_in(here, cast.amina, {"q1": "Fear"})
    hand_in(parallel, cast.otis, {"q1": "fear."})
    question = here.edition.sheet.question("q1")
    others = parallel_assignments(cast.ruth.user, here)
    assert others == [parallel]
    (group,) = question_marking(here, question, others).groups
    assert len(group.answers) == 2
    assert len(question_marking(here, question).answers) == 1


def test_statements_do_not_grow_with_the_activities(
    cast: Cast, here: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hand_in(here, cast.amina)
    for n in range(5, 12):
        course = make_course(cast.course.deployment, str(n))
        teach(cast, course)
        hand_in(use(course, here.edition), pupils(course, f"p{n}")[0])
    with django_assert_max_num_queries(9):
        assert len(figures(cast)) == 8
