"""Marks that teachers enter without an attempt: who can have one, what the gradebook is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lti_tool.audit import TOOL, AuditKind, person
from lti_tool.models import AuditEntry, Delivery, Membership, User
from lti_tool.protocol.vocabulary import TEST_USER_ROLE
from tests.cast import PUPIL, Cast, Someone
from tests.worksheets.sheets import (
    GAPS_ONLY,
    RULES,
    assignment_at,
    hand_in,
    hand_in_again,
    mark,
    place,
    save,
)
from worksheets import attempts
from worksheets.attempts import EntryState, Wanted
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import Assignment, EnteredMark, Sending
from worksheets.reports.class_overview import attempts_of, overview


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def paper(points: str) -> Entry:
    return Entry(Outcome.ON_PAPER, Decimal(points))


def enter(
    assignment: Assignment, cast: Cast, pupil: Someone, entry: Entry | None, **more: object
) -> EntryState:
    row = assignment.entered_marks.filter(user=pupil.user).first()
    values = {"seen": attempts.standing_entry(row), **more}
    wanted = Wanted(pupil.user.pk, entry, **values)  # type: ignore[arg-type]
    (done,) = attempts.enter(assignment, [wanted], by=person(cast.ruth.user))
    return done.state


def release(assignment: Assignment, cast: Cast) -> set[int]:
    return attempts.release_entered(assignment, by=person(cast.ruth.user))


def shown(pupil: Someone) -> list[Any]:
    rows = Delivery.objects.filter(user=pupil.user).order_by("line_item__tag")
    return [(row.score_given, row.score_maximum, row.line_item.tag) for row in rows]


def test_a_mark_reaches_the_gradebook_with_the_release_and_not_before(
    cast: Cast, assignment: Assignment
) -> None:
    assert enter(assignment, cast, cast.ben, paper("13.5")) is EntryState.SAVED
    assert enter(assignment, cast, cast.ben, paper("13.5")) is EntryState.SAME
    assert not Delivery.objects.exists()
    assert release(assignment, cast) == {cast.ben.user.pk}
    assert release(assignment, cast) == set()
    assert shown(cast.ben) == [(Decimal("13.5"), 14, "")]
    assert Delivery.objects.get().comment == "On paper: 13.5 / 14"
    # A released one changes only once somebody has read what becomes of it.
    assert enter(assignment, cast, cast.ben, paper("12")) is EntryState.RELEASED
    assert shown(cast.ben) == [(Decimal("13.5"), 14, "")]
    assert enter(assignment, cast, cast.ben, paper("12"), confirmed=True) is EntryState.SAVED
    assert shown(cast.ben) == [(Decimal(12), 14, "")]
    # What has no mark leaves what stands there.
    excused = Entry(Outcome.EXCUSED)
    assert enter(assignment, cast, cast.ben, excused, confirmed=True) is EntryState.SAVED
    assert shown(cast.ben) == [(Decimal(12), 14, "")]
    kinds = list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-4:] == [AuditKind.MARK, AuditKind.RELEASE, AuditKind.MARK, AuditKind.MARK]


@pytest.mark.parametrize("outcome", [Outcome.ABSENT, Outcome.EXCUSED, Outcome.ABSENT_ZERO])
def test_absent_is_0_only_if_that_is_chosen(
    cast: Cast, assignment: Assignment, outcome: Outcome
) -> None:
    is_zero = outcome is Outcome.ABSENT_ZERO
    enter(assignment, cast, cast.ben, Entry(outcome, Decimal(0) if is_zero else None))
    release(assignment, cast)
    assert shown(cast.ben) == ([(Decimal(0), 14, "")] if is_zero else [])


def test_work_on_paper_without_a_mark_is_not_released(cast: Cast, assignment: Assignment) -> None:
    enter(assignment, cast, cast.ben, Entry(Outcome.ON_PAPER))
    assert release(assignment, cast) == set()
    enter(assignment, cast, cast.ben, paper("3"))
    assert release(assignment, cast) == {cast.ben.user.pk}
    enter(assignment, cast, cast.ben, Entry(Outcome.ON_PAPER), confirmed=True)
    assert not EnteredMark.objects.get().is_released


def test_who_can_have_one(cast: Cast, assignment: Assignment) -> None:
    """Pupils of this course, also those who never opened the tool; nobody else."""
    context = cast.course.context
    registration = context.deployment.registration

    def member(sub: str, *roles: str, status: str = Membership.Status.ACTIVE) -> int:
        user = User.objects.create(registration=registration, sub=sub, name=sub)
        Membership.objects.create(user=user, context=context, roles=list(roles), status=status)
        return user.pk

    never_here = member("800", PUPIL)
    others = [
        *(member("801", PUPIL, TEST_USER_ROLE), cast.ruth.user.pk, cast.otis.user.pk),
        *(member("802", PUPIL, status=Membership.Status.GONE), cast.zara.user.pk, 10**9),
    ]
    wanted = [Wanted(pk, paper("3")) for pk in [*others, never_here]]
    done = attempts.enter(assignment, wanted, by=TOOL)
    assert [one.state for one in done[:-1]] == [EntryState.NO_PUPIL] * len(others)
    assert done[-1].state is EntryState.SAVED
    release(assignment, cast)
    assert Delivery.objects.get().user_id == never_here
    with pytest.raises(ValueError, match="more than 14"):
        attempts.enter(assignment, [Wanted(never_here, paper("14.01"))], by=TOOL)


def test_two_teachers_do_not_overwrite_each_other(cast: Cast, assignment: Assignment) -> None:
    enter(assignment, cast, cast.ben, paper("12"))
    assert enter(assignment, cast, cast.ben, paper("9"), seen="") is EntryState.CHANGED
    assert enter(assignment, cast, cast.ben, None, seen="") is EntryState.CHANGED
    assert EnteredMark.objects.get().points == 12
    assert enter(assignment, cast, cast.ben, None) is EntryState.SAVED
    assert not EnteredMark.objects.exists()
    hand_in(assignment, cast.ben)
    assert enter(assignment, cast, cast.ben, paper("9")) is EntryState.SUBMITTED
    assert not EnteredMark.objects.exists()


@pytest.mark.parametrize("sending", list(Sending))
def test_work_here_does_not_wipe_it_until_a_teacher_says_so(cast: Cast, sending: Sending) -> None:
    assignment = place(cast, sending=sending)
    enter(assignment, cast, cast.ben, paper("7"))
    release(assignment, cast)
    total = [] if sending == Sending.GAPS_ONLY else [(Decimal(7), Decimal(14), "")]
    assert shown(cast.ben) == total
    attempt = hand_in(assignment, cast.ben)
    mark(attempt, cast.ruth, q1="4", q2="6")
    attempts.release(attempt, by=TOOL)
    assert shown(cast.ben) == total
    attempts.choose_what_counts(assignment, cast.ben.user, entered=False, by=TOOL)
    gaps = (Decimal(4), Decimal(4), "gaps")
    by_work = {
        Sending.GAPS_ONLY: [(Decimal(4), Decimal(4), "")],
        Sending.GAPS_COLUMN: [(Decimal(14), Decimal(14), ""), gaps],
    }
    assert shown(cast.ben) == by_work.get(sending, [(Decimal(14), Decimal(14), "")])
    attempts.choose_what_counts(assignment, cast.ben.user, entered=True, by=TOOL)
    if sending != Sending.GAPS_ONLY:
        assert shown(cast.ben)[0] == total[0]


def test_other_rules_send_it_and_leave_it_alone(cast: Cast) -> None:
    assignment = place(cast, sending=Sending.GAPS_ONLY)
    enter(assignment, cast, cast.ben, paper("7"))
    release(assignment, cast)
    assert shown(cast.ben) == []
    rules = AssignmentRules(RULES["feedback"], sending=Sending.RELEASED)
    planned = changes.plan(assignment, assignment.edition, rules, mark_again=False)
    assert [(one.user, one.direction) for one in planned.changes] == [(cast.ben.user, "rises")]
    changes.apply(
        assignment, assignment.edition, rules, mark_again=False, seen=planned.digest, by=TOOL
    )
    assert shown(cast.ben) == [(Decimal(7), 14, "")]
    again = assignment_at(cast.course.link)
    assert not changes.plan(again, again.edition, rules, mark_again=False).scores_to_send


def test_a_sheet_of_gaps_alone_has_marks_on_paper_too(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, sending=Sending.GAPS_ONLY)
    enter(assignment, cast, cast.ben, paper("1"))
    release(assignment, cast)
    assert shown(cast.ben) == [(Decimal(1), 2, "")]


def test_it_counts_in_the_total_and_in_no_figure_of_gaps(
    cast: Cast, assignment: Assignment
) -> None:
    save(assignment, cast.ben, {"g1": "Manchuria"})
    enter(assignment, cast, cast.ben, paper("7"))
    row = next(row for row in overview(assignment).rows if row.user == cast.ben.user)
    assert (row.counts_entered, row.may_enter, row.standing) == (True, True, "begun")
    assert row.entered is not None
    assert row.entered.points == 7


def test_no_attempt_of_several_counts_beside_it(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    enter(assignment, cast, cast.ben, paper("7"))
    hand_in(assignment, cast.ben)
    hand_in_again(assignment, cast.ben)
    assert [work.counts for work in attempts_of(assignment, cast.ben.user)] == [False, False]
    attempts.choose_what_counts(assignment, cast.ben.user, entered=False, by=TOOL)
    assert sum(work.counts for work in attempts_of(assignment, cast.ben.user)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "absent", "points": 3},
        {"outcome": "excused", "points": 0},
        {"outcome": "absent-zero"},
        {"outcome": "absent-zero", "points": 1},
        {"outcome": "gone"},
        {"outcome": "on-paper", "points": 15},
        {"outcome": "on-paper", "points": -1},
        {"outcome": "on-paper", "released_at": "2026-11-01T00:00Z"},
    ],
)
def test_the_database_keeps_no_other(
    cast: Cast, assignment: Assignment, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EnteredMark.objects.create(assignment=assignment, user=cast.ben.user, maximum=14, **values)
