"""What is taken off late work: once, exactly, of whatever the gradebook shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import Cast
from tests.reported import reported
from tests.worksheets.sheets import GAPS_ONLY, hand_in, hand_in_again, place
from worksheets import attempts
from worksheets.attempts import GivenDates
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes, reporting, scoring
from worksheets.models import Assignment, Attempt, Mark, Sending
from worksheets.policy.schedule import Schedule

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 10, 21, 18, tzinfo=BERLIN)
TWELVE = "# Twelve gaps\n\n" + " ".join(f"___word{n}___" for n in range(1, 13)) + "\n"
ALL = {f"g{n}": f"word{n}" for n in range(1, 13)}
TEN = {key: text for key, text in ALL.items() if key not in {"g1", "g2"}}


def late_class(cast: Cast, **rules: Any) -> Assignment:
    found: dict[str, Any] = {
        "due_at": DUE,
        "late_deduction": 20,
        "attempt_limit": 0,
        "new_attempt": "blank",
    }
    return place(cast, TWELVE, **{**found, **rules})


def finish(attempt: Attempt, moment: datetime) -> None:
    """The attempt was submitted then, and is reported as such."""
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=moment, saved_at=moment)
    fresh = Attempt.objects.select_related("assignment__link", "user").get(pk=attempt.pk)
    reporting.report(fresh)


def in_gradebook(cast: Cast) -> Delivery:
    return Delivery.objects.get(user=cast.amina.user, line_item__tag="")


def change(assignment: Assignment, **rules: Any) -> None:
    fresh = Assignment.objects.select_related("link", "edition").get(pk=assignment.pk)
    wanted = replace(AssignmentRules.of(fresh), **rules)
    plan = changes.plan(fresh, fresh.edition, wanted, mark_again=False)
    changes.apply(fresh, fresh.edition, wanted, mark_again=False, seen=plan.digest, by=TOOL)


@reported("desk-20")
def test_a_late_second_attempt_takes_the_place_of_none_that_is_better(cast: Cast) -> None:
    assignment = late_class(cast)
    first = hand_in(assignment, cast.amina, TEN)
    finish(first, DUE - timedelta(hours=1))
    second = hand_in_again(assignment, cast.amina, TEN)
    # 'Accept' raises two gaps of the second, and it is marked again twice.
    for _again in range(2):
        second.marks.update(points=1)
        finish(second, DUE + timedelta(hours=1))
    row = in_gradebook(cast)
    assert (row.score_given, row.score_maximum) == (Decimal(10), Decimal(12))
    assert row.comment.startswith("Attempt 1.")
    assert "Late" not in row.comment
    assert row.submitted_at == DUE - timedelta(hours=1)
    # More time for her afterwards: both are on time, and the second is the better one.
    later = GivenDates(due_at=DUE + timedelta(days=1))
    teacher = cast.ruth.user
    assert attempts.give_dates(assignment, [cast.amina.user], later, "", by=teacher) == 1
    assert in_gradebook(cast).score_given == 12
    assert attempts.take_back_dates(assignment, cast.amina.user, by=teacher)
    assert in_gradebook(cast).score_given == 10
    # Switched off.
    change(assignment, late_deduction=0)
    assert in_gradebook(cast).score_given == 12
    change(assignment, late_deduction=20)
    assert in_gradebook(cast).score_given == 10
    change(assignment, counting="last")
    row = in_gradebook(cast)
    assert row.score_given == Decimal("9.6")
    assert row.comment.startswith("Attempt 2. Late: 12 − 2.4 = 9.6.")
    assert row.submitted_at == DUE + timedelta(hours=1)
    # Marks are kept as they were earned.
    assert sum(mark.points for mark in Mark.objects.filter(attempt=second)) == 12


@reported("desk-20")
def test_each_day_that_has_begun_down_to_nothing(cast: Cast) -> None:
    assignment = late_class(cast, late_per_day=True, late_deduction=30)
    attempt = hand_in(assignment, cast.amina, ALL)
    for hours, left in [(1, "8.4"), (25, "4.8"), (24 * 30, "0")]:
        finish(attempt, DUE + timedelta(hours=hours))
        assert in_gradebook(cast).score_given == Decimal(left)


def test_what_cannot_be_written_in_four_places_is_rounded_once(cast: Cast) -> None:
    assignment = late_class(cast, late_deduction=33)
    attempt = hand_in(assignment, cast.amina, ALL)
    attempt.marks.filter(item="g1").update(points=Decimal("0.3333"))
    finish(attempt, DUE + timedelta(hours=1))
    assert in_gradebook(cast).score_given == Decimal("7.5933")
    assert reporting.report_pupil(Assignment.objects.get(pk=assignment.pk), cast.amina.user) == 0


def test_both_columns_and_the_preview_take_it_off(cast: Cast) -> None:
    assignment = late_class(cast, sending=Sending.GAPS_COLUMN)
    attempt = hand_in(assignment, cast.amina, TEN)
    finish(attempt, DUE + timedelta(hours=1))
    fresh = Assignment.objects.select_related("link", "edition").get(pk=assignment.pk)
    marked = scoring.submitted_attempts(fresh, cast.amina.user)
    shown = scoring.shown_points(fresh, marked[0])
    assert shown[scoring.GAPS] == (Decimal(8), Decimal(12))
    without = replace(AssignmentRules.of(fresh), late_deduction=0)
    plan = changes.plan(fresh, fresh.edition, without, mark_again=False)
    (changed,) = plan.changes
    assert changed.before is not None
    assert changed.after is not None
    assert [changed.before.points, changed.after.points] == [8, 10]


def test_what_the_lms_tells_of_a_pupil_leads_and_is_kept(cast: Cast) -> None:
    assignment = late_class(cast)
    attempt = hand_in(assignment, cast.amina, ALL)
    finish(attempt, DUE + timedelta(hours=1))
    assert in_gradebook(cast).score_given == Decimal("9.6")
    # A teacher gives more time in the LMS, which the next launch tells; then takes it back.
    launch = cast.amina.launch
    for due_at, given in [(DUE + timedelta(days=2), "12"), (DUE - timedelta(days=9), "9.6")]:
        launch.due_at, launch.dates_lead = due_at, True
        launch.save()
        attempts.learn_dates(launch)
        assert in_gradebook(cast).score_given == Decimal(given)
    # No due date there, but another date: no limit.
    launch.due_at, launch.closes_at = None, datetime(2199, 1, 1, tzinfo=UTC)
    launch.save()
    attempts.learn_dates(launch)
    assert in_gradebook(cast).score_given == 12


def test_a_teacher_who_submits_for_a_pupil_makes_nothing_late(cast: Cast) -> None:
    assignment = late_class(cast)
    attempts.save_answers(assignment, cast.amina.user, assignment.edition_id, ALL)
    attempt = Attempt.objects.get()
    Attempt.objects.update(saved_at=DUE - timedelta(hours=1))
    attempts.submit_for(Attempt.objects.get(pk=attempt.pk), by=TOOL)
    assert in_gradebook(cast).score_given == 12
    # What the pupil submits again later is late.
    attempts.reopen(Attempt.objects.get(pk=attempt.pk), by=TOOL)
    attempts.submit(assignment, cast.amina.user, assignment.edition_id, schedule=Schedule())
    assert in_gradebook(cast).score_given == Decimal("9.6")


def test_without_a_deduction_late_work_counts_in_full(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, due_at=DUE)
    finish(hand_in(assignment, cast.amina), DUE + timedelta(days=3))
    assert in_gradebook(cast).score_given == 2
