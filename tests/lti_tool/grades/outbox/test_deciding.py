"""Grades that the LMS held before this tool knew its column, and decisions about many at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from lti_tool import grades
from lti_tool.audit import TOOL
from lti_tool.grades import GradeChoice, GradeOrigin, Score, ScoreProgress, ScoreStatus
from lti_tool.grades.outbox import results_cache
from lti_tool.models import Delivery, LineItem, PlatformQueue, Registration
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.deciding import keep, replace, seen
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.services import Cell

DAY = timedelta(days=1)


@pytest.fixture
def lms(
    readable: FakePlatform, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> FakePlatform:
    """A Moodle whose column this tool has known for a minute.

    First looks are shared for seconds of the real clock; here each is one of its own.
    """
    monkeypatch.setattr(results_cache, "SECONDS", -1.0)
    Registration.objects.update(product="moodle")
    LineItem.objects.update(known_at=clock.time - timedelta(minutes=1))
    return readable


@pytest.fixture
def pupils(cast: Cast) -> list[Someone]:
    return [cast.amina, cast.ben, make_someone(cast.course, "103", "Cleo Duarte", PUPIL)]


def hold(cast: Cast, lms: FakePlatform, someone: Someone, given: float, at: datetime) -> None:
    """What the gradebook holds for somebody, out of 100, and since when."""
    column = urlsplit(LineItem.objects.get(link=cast.course.link).url).path
    lms.gradebook.cells[column, someone.user.sub] = Cell(given, 100, "", at)


def hand_in(cast: Cast, clock: Clock, *people: Someone, given: str = "6") -> None:
    clock.go_on(5)
    for someone in people:
        score = Score(Decimal(given), Decimal(8), "Gaps.")
        assert grades.report_score(cast.course.link, someone.user, score)
    deliver_due()


def status(cast: Cast, someone: Someone) -> ScoreStatus:
    found = grades.score_status(cast.course.link, someone.user)
    assert found is not None
    return found


def held(lms: FakePlatform, someone: Someone) -> float | None:
    """What the gradebook shows, out of 100."""
    cell = lms.gradebook.cell(someone.user.sub)
    assert cell.maximum
    return None if cell.given is None else cell.given / cell.maximum * 100


def decide_all(cast: Cast, choice: GradeChoice) -> int:
    return grades.decide(cast.course.link, choice, seen(cast), for_later=True, by=TOOL)


# --- where a grade comes from ---


@pytest.mark.parametrize(
    ("product", "age", "origin"),
    [
        ("moodle", 200 * DAY, GradeOrigin.EARLIER),
        # Entered by hand, after the activity was first opened.
        ("moodle", timedelta(0), GradeOrigin.BEFORE_OURS),
        # An LMS of which nobody knows what its dates mean.
        ("other", 200 * DAY, GradeOrigin.BEFORE_OURS),
    ],
)
def test_a_grade_that_was_there_says_since_when(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    product: str,
    age: timedelta,
    origin: GradeOrigin,
) -> None:
    Registration.objects.update(product=product)
    hold(cast, lms, cast.amina, 90, clock.time - age)
    hand_in(cast, clock, cast.amina)
    assert status(cast, cast.amina).progress is ScoreProgress.CHANGED
    assert status(cast, cast.amina).origin is origin


def test_a_column_that_is_older_than_the_field_tells_nothing(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.update(known_at=None)
    hold(cast, lms, cast.amina, 90, clock.time - DAY)
    hand_in(cast, clock, cast.amina)
    assert status(cast, cast.amina).origin is GradeOrigin.BEFORE_OURS


def test_the_platforms_clock_is_reckoned_with(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    """It is an hour slow: what was entered a moment ago seems to be older than the column."""
    lms.clock_ahead = -3600
    PlatformQueue.objects.update(clock_ahead=-3600)
    hold(cast, lms, cast.amina, 90, clock.time - timedelta(seconds=3600))
    hand_in(cast, clock, cast.amina)
    assert status(cast, cast.amina).origin is GradeOrigin.BEFORE_OURS


def test_a_grade_in_the_place_of_ours_is_another_thing(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    hand_in(cast, clock, cast.amina)
    lms.gradebook.edit("101", 90)
    hand_in(cast, clock, cast.amina, given="7")
    assert status(cast, cast.amina).origin is GradeOrigin.AFTER_OURS


# --- one decision for all ---


def test_all_are_replaced_and_later_ones_without_asking(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    amina, ben, cleo = pupils
    for someone in pupils:
        hold(cast, lms, someone, 90, clock.time - 200 * DAY)
    hand_in(cast, clock, amina, ben)
    assert grades.earlier_grades(cast.course.link).choice is None
    assert decide_all(cast, GradeChoice.REPLACE) == 2
    clock.go_on(5)
    assert deliver_due() == 2
    assert grades.earlier_grades(cast.course.link).choice is GradeChoice.REPLACE
    hand_in(cast, clock, cleo)
    for someone in pupils:
        assert held(lms, someone) == 75
        assert status(cast, someone).progress is ScoreProgress.IN_GRADEBOOK
    assert not Delivery.objects.filter(theirs_is_earlier=True).exists()


def test_what_a_person_enters_later_is_asked_about_in_spite_of_the_decision(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    amina, ben, cleo = pupils
    for someone in pupils:
        hold(cast, lms, someone, 90, clock.time - 200 * DAY)
    hand_in(cast, clock, amina)
    decide_all(cast, GradeChoice.REPLACE)
    hold(cast, lms, cleo, 40, clock.time)
    hand_in(cast, clock, ben, cleo)
    assert held(lms, ben) == 75
    assert held(lms, cleo) == 40
    assert status(cast, cleo).origin is GradeOrigin.BEFORE_OURS


def test_all_are_kept_and_later_ones_and_later_marks_too(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    amina, ben, cleo = pupils
    for someone in pupils:
        hold(cast, lms, someone, 90, clock.time - 200 * DAY)
    hand_in(cast, clock, amina, ben)
    assert decide_all(cast, GradeChoice.KEEP) == 2
    hand_in(cast, clock, cleo)
    hand_in(cast, clock, amina, given="8")  # the teacher has marked the rest
    for someone in pupils:
        assert held(lms, someone) == 90
        assert status(cast, someone).progress is ScoreProgress.KEPT
    # One pupil can still have ours.
    assert replace(cast, ben.user)
    clock.go_on(5)
    deliver_due()
    assert held(lms, ben) == 75
    assert held(lms, cleo) == 90


def test_a_decision_can_be_taken_back(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    amina, ben, cleo = pupils
    for someone in (amina, cleo):
        hold(cast, lms, someone, 90, clock.time - 200 * DAY)
    hand_in(cast, clock, ben)
    lms.gradebook.edit(ben.user.sub, 20)
    hand_in(cast, clock, amina)
    hand_in(cast, clock, ben, given="7")
    keep(cast, ben.user)
    assert decide_all(cast, GradeChoice.KEEP) == 2
    assert grades.decide_anew(cast.course.link, by=TOOL) == 1
    assert grades.earlier_grades(cast.course.link).choice is None
    assert status(cast, amina).progress is ScoreProgress.CHANGED
    # What was decided about another kind of grade stands.
    assert status(cast, ben).progress is ScoreProgress.KEPT
    hand_in(cast, clock, cleo)
    assert status(cast, cleo).progress is ScoreProgress.CHANGED


@pytest.mark.parametrize("for_later", [True, False])
def test_only_a_decision_about_earlier_grades_holds_for_later_ones(
    cast: Cast, lms: FakePlatform, clock: Clock, for_later: bool
) -> None:
    age = timedelta(0) if for_later else DAY
    hold(cast, lms, cast.amina, 90, clock.time - age)
    hand_in(cast, clock, cast.amina)
    shown = seen(cast, cast.amina.user)
    assert (
        grades.decide(cast.course.link, GradeChoice.REPLACE, shown, for_later=for_later, by=TOOL)
        == 1
    )
    assert grades.earlier_grades(cast.course.link).choice is None


# --- only what was seen ---


def test_what_changed_since_the_page_was_shown_stays_undecided(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    _, ben, cleo = pupils
    for someone in pupils:
        hold(cast, lms, someone, 90, clock.time - DAY)
    hand_in(cast, clock, *pupils)
    shown = seen(cast)
    hand_in(cast, clock, ben, given="7")  # another mark of ours
    keep(cast, cleo.user)  # a colleague's decision
    assert grades.decide(cast.course.link, GradeChoice.REPLACE, shown, for_later=True, by=TOOL) == 1
    clock.go_on(5)
    deliver_due()
    assert [held(lms, one) for one in pupils] == [75, 90, 90]
    assert status(cast, ben).progress is ScoreProgress.CHANGED
    assert status(cast, cleo).progress is ScoreProgress.KEPT


@pytest.mark.parametrize("sent_before", [False, True])
def test_what_changed_in_the_lms_since_it_was_read_stays_undecided(
    cast: Cast, lms: FakePlatform, clock: Clock, sent_before: bool
) -> None:
    """The row is as the teacher saw it, and the gradebook is not."""
    if sent_before:
        hand_in(cast, clock, cast.amina)
        lms.gradebook.edit("101", 90)
    else:
        hold(cast, lms, cast.amina, 90, clock.time - DAY)
    hand_in(cast, clock, cast.amina, given="7")
    clock.go_on(3600)
    lms.gradebook.edit("101", 95)
    assert replace(cast)
    deliver_due()
    assert held(lms, cast.amina) == 95
    found = status(cast, cast.amina)
    assert found.progress is ScoreProgress.CHANGED
    assert found.lms_grade == grades.Grade(Decimal(95), Decimal(100))
    # Seen now, it is replaced.
    assert replace(cast)
    clock.go_on(5)
    deliver_due()
    assert held(lms, cast.amina) == 87.5


def test_a_grade_of_another_link_is_not_decided_on(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    hold(cast, lms, cast.amina, 90, clock.time - DAY)
    hand_in(cast, clock, cast.amina)
    shown = seen(cast)
    assert grades.decide(cast.other_course.link, GradeChoice.REPLACE, shown, by=TOOL) == 0
    assert status(cast, cast.amina).progress is ScoreProgress.CHANGED


# --- what the LMS does not let go ---


def test_an_override_that_was_restored_too_is_said(
    cast: Cast, lms: FakePlatform, clock: Clock, pupils: list[Someone]
) -> None:
    amina, ben, _cleo = pupils
    for someone in (amina, ben):
        hold(cast, lms, someone, 90, clock.time - DAY)
        lms.gradebook.edit(someone.user.sub, 90, locked=True)
    hand_in(cast, clock, amina)
    decide_all(cast, GradeChoice.REPLACE)
    clock.go_on(5)
    deliver_due()
    hand_in(cast, clock, ben)  # replaced without asking, and verified all the same
    for someone in (amina, ben):
        assert held(lms, someone) == 90
        assert status(cast, someone).origin is GradeOrigin.LOCKED
