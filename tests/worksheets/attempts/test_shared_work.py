"""Work of two pupils under what is done to single pupils: each of them has what is theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lti_tool.audit import TOOL, person
from lti_tool.models import Delivery, User
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.sheets import EVERYTHING, assignment_at, fresh, mark, place, save
from worksheets import attempts
from worksheets.attempts import EntryState, GivenDates, Wanted, class_feedback
from worksheets.gradebook import taking_back
from worksheets.gradebook.taking_back import LmsEffect
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import Assignment, Attempt, FeedbackPart, FeedbackPoint
from worksheets.reports.class_figures import class_averages
from worksheets.reports.class_overview import AttemptProgress, Row, overview
from worksheets.reports.missed import outcomes
from worksheets.reports.selection import Act, LeftOut, select
from worksheets.views.teacher.reminder import NOT_BEGUN

DUE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, may_work_together=True)


@pytest.fixture
def cem(cast: Cast) -> Someone:
    return make_someone(cast.course, "103", "Cem Demir", PUPIL)


@pytest.fixture
def shared(cast: Cast, assignment: Assignment) -> Attempt:
    """Amina's work with Ben, handed in."""
    return work_together(cast, assignment)


def work_together(
    cast: Cast, assignment: Assignment, fields: dict[str, str] | None = None
) -> Attempt:
    save(assignment, cast.amina, fields or EVERYTHING)
    attempts.name_partner(assignment, cast.amina.user, cast.ben.user.pk)
    return attempts.submit(assignment, cast.amina.user, assignment.edition_id)


def scores() -> dict[str, Decimal | None]:
    rows = Delivery.objects.select_related("user")
    return {row.user.given_name: row.score_given for row in rows}


def rows_of(assignment: Assignment, *users: User) -> list[Row]:
    return [row for row in overview(assignment).rows if row.user in users]


def test_released_taken_back_and_reopened_for_both(
    cast: Cast, assignment: Assignment, shared: Attempt
) -> None:
    both = {cast.amina.user.pk, cast.ben.user.pk}
    question = assignment.edition.sheet.question("q1")
    mark(shared, cast.ruth, q1="3", q2="5")
    assert attempts.release_question(assignment, question, [shared], by=TOOL) == both
    assert scores() == {"Amina": Decimal(7), "Ben": Decimal(7)}
    assert attempts.release_all(assignment, [shared], by=TOOL) == both
    assert scores() == {"Amina": Decimal(12), "Ben": Decimal(12)}

    effects = taking_back.effects(assignment, [fresh(shared)])
    assert set(effects) == both
    assert LmsEffect.NOTHING not in {one.effect for one in effects.values()}
    asked = cast.ruth.client.get(cast.ruth.url("take-back-release", number=shared.pk))
    assert "Amina Abdullahi, Ben Ashworth" in asked.content.decode()
    attempts.take_back_release(assignment, [shared], by=TOOL)
    assert scores() == {"Amina": Decimal(4), "Ben": Decimal(4)}

    attempts.reopen_question(fresh(shared), question, by=TOOL)
    seen = rows_of(assignment, cast.amina.user, cast.ben.user)
    assert {row.standing for row in seen} == {AttemptProgress.BEGUN}


def test_selected_once_and_nobody_left_out_whom_it_reaches(
    cast: Cast, assignment: Assignment, shared: Attempt, cem: Someone
) -> None:
    mark(shared, cast.ruth, q1="3", q2="5")
    rows = rows_of(assignment, cast.amina.user, cast.ben.user, cem.user)
    found = select(assignment, Act.RELEASE, rows)
    assert [one.work.attempt for one in found.chosen] == [shared]
    assert [one.names for one in found.pupils] == ["Amina Abdullahi, Ben Ashworth"]
    assert found.reached == {cast.amina.user.pk, cast.ben.user.pk}
    assert found.left_out == {LeftOut.NOT_SUBMITTED: [cem.user]}

    # One of them alone: the page says whose work it is.
    found = select(assignment, Act.RELEASE, rows_of(assignment, cast.ben.user))
    assert [(one.user, one.work.attempt) for one in found.chosen] == [(cast.ben.user, shared)]
    posted = {"act": "release", "pupil": str(cast.ben.user.pk)}
    asked = cast.ruth.client.post(cast.ruth.url("selected"), posted).content.decode()
    assert "Amina Abdullahi, Ben Ashworth" in asked
    cast.ruth.client.post(cast.ruth.url("selected"), {**posted, "confirmed": "1"})
    assert scores() == {"Amina": Decimal(12), "Ben": Decimal(12)}


def test_each_has_their_own_due_date(cast: Cast) -> None:
    assignment = place(cast, may_work_together=True, due_at=DUE, late_deduction=50)
    work_together(cast, assignment)
    assert scores() == {"Amina": Decimal(2), "Ben": Decimal(2)}
    more = GivenDates(due_at=datetime(2126, 1, 1, tzinfo=UTC))
    attempts.give_dates(assignment, [cast.ben.user], more, "", by=cast.ruth.user)
    assert scores() == {"Amina": Decimal(2), "Ben": Decimal(4)}
    seen = rows_of(assignment_at(cast.course.link), cast.amina.user, cast.ben.user)
    late = {row.user.given_name: bool(row.work and row.work.late) for row in seen}
    assert late == {"Amina": True, "Ben": False}
    page = cast.ben.client.get(cast.ben.url("home"), follow=True).content.decode()
    assert "late" not in page.lower()


def test_what_is_entered_for_one_counts_for_that_one_alone(
    cast: Cast, assignment: Assignment
) -> None:
    by = person(cast.ruth.user)
    paper = Wanted(cast.ben.user.pk, Entry(Outcome.ON_PAPER, Decimal("9.5")))
    attempts.enter(assignment, [paper], by=by)
    attempts.release_entered(assignment, by=by)
    shared = work_together(cast, assignment)
    assert scores() == {"Amina": Decimal(4), "Ben": Decimal("9.5")}
    mark(shared, cast.ruth, q1="3", q2="5")
    attempts.release(shared, by=TOOL)
    assert scores() == {"Amina": Decimal(12), "Ben": Decimal("9.5")}
    total = class_averages(overview(assignment).rows).total
    assert (total.points, total.count) == (Decimal("10.8"), 2)
    effects = taking_back.effects(assignment, [fresh(shared)])
    assert effects[cast.ben.user.pk].effect is LmsEffect.NOTHING
    attempts.take_back_release(assignment, [shared], by=TOOL)
    assert scores() == {"Amina": Decimal(4), "Ben": Decimal("9.5")}
    attempts.choose_what_counts(assignment, cast.ben.user, entered=False, by=by)
    assert scores() == {"Amina": Decimal(4), "Ben": Decimal(4)}


def test_nothing_is_entered_for_who_has_submitted_with_somebody(
    cast: Cast, assignment: Assignment, shared: Attempt
) -> None:
    paper = Wanted(cast.ben.user.pk, Entry(Outcome.ON_PAPER, Decimal(9)))
    (done,) = attempts.enter(assignment, [paper], by=person(cast.ruth.user))
    assert done.state is EntryState.SUBMITTED
    assert outcomes(assignment, {cast.ben.user.pk}) == outcomes(assignment)
    assert shared.user == cast.amina.user


def test_who_is_named_in_work_has_begun(cast: Cast, assignment: Assignment) -> None:
    """And needs no reminder."""
    save(assignment, cast.amina, {"g1": "Manchuria"})
    (row,) = rows_of(assignment, cast.ben.user)
    assert row.standing in NOT_BEGUN
    attempts.name_partner(assignment, cast.amina.user, cast.ben.user.pk)
    (row,) = rows_of(assignment, cast.ben.user)
    assert row.standing is AttemptProgress.BEGUN
    attempts.unname_partner(assignment, cast.amina.user, cast.ben.user.pk)
    (row,) = rows_of(assignment, cast.ben.user)
    assert row.standing in NOT_BEGUN


def test_a_quotation_names_none_of_them(cast: Cast, assignment: Assignment) -> None:
    shared = work_together(cast, assignment, {**EVERYTHING, "q2": "Amina and Ben think so."})
    quote = FeedbackPart.QUOTE
    assert class_feedback.quote(assignment, shared.pk, "q2", quote, cast.ruth.user)
    assert FeedbackPoint.objects.get().text == "… and … think so."
