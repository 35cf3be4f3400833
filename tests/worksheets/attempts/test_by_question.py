"""Marks for one question and many pupils: what is saved, and what is never overwritten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.worksheets.sheets import (
    CAUSES,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    place,
    publish,
    release,
    save,
)
from worksheets import attempts
from worksheets.attempts import GivenMark, MarkState, give_marks, standing
from worksheets.attempts.in_chunks import RELEASED_AT_ONCE
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark
from worksheets.reports.history import history_of_work


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def amina(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.amina)


def question(assignment: Assignment, item: str = "q1") -> Question[Any]:
    return assignment.edition.sheet.question(item)


def give(assignment: Assignment, who: Someone, *given: GivenMark) -> list[MarkState]:
    found = give_marks(assignment, question(assignment), given, who.user)
    return [outcome.state for outcome in found]


def points(attempt: Attempt, item: str = "q1") -> Decimal | None:
    row = attempt.marks.filter(item=item).first()
    return row.points if row else None


def three(attempt: Attempt, **more: Any) -> GivenMark:
    return GivenMark(attempt.pk, Decimal(3), **more)


def test_marks_are_saved_and_recorded(cast: Cast, assignment: Assignment, amina: Attempt) -> None:
    ben = hand_in(assignment, cast.ben)
    given = [three(amina, comment="Well argued."), GivenMark(ben.pk, Decimal("1.5"))]
    assert give(assignment, cast.ruth, *given) == [MarkState.SAVED, MarkState.SAVED]
    row = Mark.objects.get(attempt=amina, item="q1")
    assert (row.points, row.maximum, row.comment) == (Decimal(3), Decimal(4), "Well argued.")
    assert (row.source, row.marked_by) == (Mark.Source.TEACHER, cast.ruth.user)
    assert points(ben) == Decimal("1.5")
    entries = AuditEntry.objects.filter(kind=AuditKind.MARK).order_by("pk")
    assert [entry.person_id for entry in entries] == [cast.amina.user.pk, cast.ben.user.pk]
    assert entries[0].after == {"item": "q1", "points": "3", "maximum": "4", "comment": True}


def test_the_same_again_changes_nothing(cast: Cast, assignment: Assignment, amina: Attempt) -> None:
    for _ in range(2):  # the answer to the first was lost on its way
        assert give(assignment, cast.ruth, three(amina)) == [MarkState.SAVED]
    assert AuditEntry.objects.filter(kind=AuditKind.MARK).count() == 1


def test_a_mark_that_was_not_seen_is_not_overwritten(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
    assert give(assignment, okafor, three(amina)) == [MarkState.SAVED]
    four = GivenMark(amina.pk, Decimal(4))
    (outcome,) = give_marks(assignment, question(assignment), [four], cast.ruth.user)
    assert (outcome.state, points(amina)) == (MarkState.OTHER, Decimal(3))
    assert outcome.mark is not None
    assert outcome.mark.marked_by == okafor.user
    seen = [standing(outcome.mark)]
    assert give(assignment, okafor, GivenMark(amina.pk, Decimal(2), seen=seen))
    # What stands when it is pressed is not what was shown.
    pressed = GivenMark(amina.pk, Decimal(4), seen=seen)
    assert give(assignment, cast.ruth, pressed) == [MarkState.OTHER]
    pressed = GivenMark(amina.pk, Decimal(4), seen=[*seen, "2|"])
    assert give(assignment, cast.ruth, pressed) == [MarkState.SAVED]
    assert points(amina) == 4


def test_an_answer_that_was_not_read_is_not_marked(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    old = three(amina, read=amina.submission)
    attempts.reopen(amina, by=TOOL)
    hand_in(assignment, cast.amina, {"q1": "A wholly new text."})
    assert give(assignment, cast.ruth, old) == [MarkState.UNREAD]
    assert points(amina) is None
    # A reopened attempt has lost its marks: there is nothing to take back.
    back = GivenMark(amina.pk, None, seen=["3|"], read=amina.submission)
    assert give(assignment, cast.ruth, back) == [MarkState.SAVED]
    new = three(amina, read=fresh(amina).submission)
    assert give(assignment, cast.ruth, new) == [MarkState.SAVED]
    assert points(amina) == 3


def test_the_last_one_counts_where_an_attempt_is_named_twice(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    give(assignment, cast.ruth, GivenMark(amina.pk, Decimal(2)))
    given = [GivenMark(amina.pk, Decimal(n), seen=["2|"]) for n in (4, 2)]
    assert give(assignment, cast.ruth, *given) == [MarkState.SAVED]
    assert points(amina) == 2  # which stands already


def test_another_comment_is_another_mark(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    give(assignment, cast.ruth, three(amina, comment="Why?"))
    assert give(assignment, cast.ruth, three(amina, seen=["3|"])) == [MarkState.OTHER]
    assert give(assignment, cast.ruth, three(amina, seen=["3|Why?"])) == [MarkState.SAVED]


def test_a_mark_is_taken_back(cast: Cast, assignment: Assignment, amina: Attempt) -> None:
    give(assignment, cast.ruth, three(amina))
    back = GivenMark(amina.pk, None, seen=["3|"])
    assert give(assignment, cast.ruth, back, back) == [MarkState.SAVED]
    assert points(amina) is None
    last = history_of_work(amina)[0]
    assert last.what == ("Answer 1: mark taken back, 3 out of 4 before.",)
    # It may have been taken back there already, and nothing is said of it.
    assert give(assignment, cast.ruth, back) == [MarkState.SAVED]


def test_a_released_mark_is_asked_about_and_reported(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    mark(amina, cast.ruth, q1="3", q2="2")
    attempts.release(amina, by=TOOL)
    four = GivenMark(amina.pk, Decimal(4), seen=["3|"])
    before = Delivery.objects.get().score_given or Decimal(0)
    assert give(assignment, cast.ruth, four) == [MarkState.RELEASED]
    assert Delivery.objects.get().score_given == before
    confirmed = GivenMark(amina.pk, Decimal(4), seen=["3|"], is_confirmed=True)
    assert give(assignment, cast.ruth, confirmed) == [MarkState.SAVED]
    assert Delivery.objects.get().score_given == before + 1
    taken = GivenMark(amina.pk, None, seen=["4|"], is_confirmed=True)
    assert give(assignment, cast.ruth, taken) == [MarkState.RELEASED]


def test_few_released_marks_are_changed_at_once(
    cast: Cast, assignment: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [make_someone(cast.course, f"9{n}", "", PUPIL) for n in range(RELEASED_AT_ONCE + 2)]
    works = [hand_in(assignment, someone) for someone in people]
    for work in works:
        release(work, cast.ruth, q1="1", q2="2")
    given = [three(work, seen=["1|"], is_confirmed=True) for work in works]
    with django_assert_max_num_queries(15 + 11 * RELEASED_AT_ONCE):
        states = give(assignment, cast.ruth, *given)
    assert states == [MarkState.SAVED] * RELEASED_AT_ONCE + [MarkState.RELEASED] * 2
    assert [points(work) for work in works[-3:]] == [3, 1, 1]


def test_nothing_is_reported_before_the_release(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    before = Delivery.objects.get().revision
    give(assignment, cast.ruth, three(amina))
    assert Delivery.objects.get().revision == before


def test_what_is_open_or_not_here_is_left(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    begun = save(assignment, cast.ben, {"q1": "Not yet"})
    gone = GivenMark(10**9, Decimal(1))
    assert give(assignment, cast.ruth, three(begun), gone, three(amina)) == [
        *(MarkState.OPEN, MarkState.MISSING, MarkState.SAVED)
    ]
    elsewhere = cast.elsewhere.link
    assigning.assign(elsewhere, publish(cast.zara.user), AssignmentRules("score"), by=TOOL)
    other = hand_in(Assignment.objects.get(link=elsewhere), cast.zara)
    assert give(assignment, cast.ruth, three(other)) == [MarkState.MISSING]


def test_an_edition_that_asks_something_else_is_left(
    cast: Cast, assignment: Assignment, amina: Attempt
) -> None:
    newer = publish(cast.ruth.user, CAUSES.replace("??? 4 marks", "??? 5 marks"))
    changed = newer.sheet.question("q1")
    (outcome,) = give_marks(assignment, changed, [three(amina)], cast.ruth.user)
    assert (outcome.state, points(amina)) == (MarkState.STALE, None)


@pytest.mark.parametrize("wrong", ["-1", "4.01"])
def test_points_are_within_the_maximum(
    cast: Cast, assignment: Assignment, amina: Attempt, wrong: str
) -> None:
    with pytest.raises(ValueError, match="is not between"):
        give(assignment, cast.ruth, GivenMark(amina.pk, Decimal(wrong)))


def test_many_cost_as_much_as_one(
    cast: Cast, assignment: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    works = [hand_in(assignment, make_someone(cast.course, f"9{n}", "", PUPIL)) for n in range(12)]
    with django_assert_max_num_queries(9):
        states = give(assignment, cast.ruth, *map(three, works))
    assert states == [MarkState.SAVED] * 12


def test_each_attempt_by_itself(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    first, second = hand_in(assignment, cast.amina), hand_in_again(assignment, cast.amina)
    assert give(assignment, cast.ruth, three(second)) == [MarkState.SAVED]
    assert (points(first), points(second)) == (None, Decimal(3))
