"""After a restore the LMS has newer scores of ours than we know: none is replaced unasked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool import grades
from lti_tool.grades import GradeOrigin, Score, ScoreProgress, ScoreStatus
from lti_tool.grades.outbox import restored, results_cache
from lti_tool.grades.reconciliation import reconcile
from lti_tool.models import AccessToken, Delivery, LineItem, PlatformQueue, Registration
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.deciding import keep, replace
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform

# What a restored database holds of Amina's score, out of 8, and what the LMS has got since.
BEFORE, SINCE = "6", "7"


@pytest.fixture(autouse=True)
def _each_look_is_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_cache, "SECONDS", -1.0)


def report(cast: Cast, clock: Clock, given: str) -> None:
    clock.go_on(5)
    score = Score(Decimal(given), Decimal(8), "Gaps.")
    assert grades.report_score(cast.course.link, cast.amina.user, score)


def lose(cast: Cast, clock: Clock, *, was_due: bool) -> None:
    """BEFORE is saved, and also sent unless ``was_due``; SINCE is sent, and then lost here."""
    report(cast, clock, BEFORE)
    if not was_due:
        deliver_due()
    row = Delivery.objects.get()
    report(cast, clock, SINCE)
    deliver_due()
    row.save()
    clock.go_on(3600)
    restored.settle("default", timezone.now())
    clock.go_on(3600)


def status(cast: Cast) -> ScoreStatus:
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    return found


def shown(lms: FakePlatform) -> float | None:
    return lms.gradebook.cell("101").given


# --- an LMS whose results can be read ---


@pytest.mark.parametrize("product", ["moodle", "canvas", "openedx"])
def test_a_score_that_was_due_does_not_replace_a_newer_one(
    cast: Cast, readable: FakePlatform, clock: Clock, product: str
) -> None:
    """Canvas itself would spare the grades of people alone."""
    Registration.objects.update(product=product)
    lose(cast, clock, was_due=True)
    assert deliver_due() == 1
    assert shown(readable) == 7
    found = status(cast)
    assert (found.progress, found.origin) == (ScoreProgress.CHANGED, GradeOrigin.RESTORED)
    assert found.lms_grade is not None
    assert found.lms_grade.given


def test_nor_does_one_that_is_given_here_since(
    cast: Cast, readable: FakePlatform, clock: Clock
) -> None:
    lose(cast, clock, was_due=False)
    report(cast, clock, "5")
    deliver_due()
    assert shown(readable) == 7
    assert status(cast).origin is GradeOrigin.RESTORED
    assert replace(cast)
    clock.go_on(5)
    deliver_due()
    assert shown(readable) == 5


def test_the_night_finds_what_differs(cast: Cast, readable: FakePlatform, clock: Clock) -> None:
    lose(cast, clock, was_due=False)
    assert reconcile(cast.course.deployment.registration).problem == ""
    assert (status(cast).progress, status(cast).origin) == (
        ScoreProgress.CHANGED,
        GradeOrigin.RESTORED,
    )
    assert keep(cast)
    assert shown(readable) == 7


@pytest.mark.parametrize("product", ["moodle", "canvas"])
def test_an_empty_cell_gets_its_score(
    cast: Cast, readable: FakePlatform, clock: Clock, product: str
) -> None:
    Registration.objects.update(product=product)
    report(cast, clock, BEFORE)
    restored.settle("default", timezone.now())
    clock.go_on(5)
    deliver_due()
    assert (shown(readable), status(cast).progress) == (6, ScoreProgress.IN_GRADEBOOK)


def test_canvas_counts_no_second_attempt_for_what_it_has(
    cast: Cast, readable: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")
    report(cast, clock, BEFORE)
    row = Delivery.objects.get()
    deliver_due()
    row.save()
    clock.go_on(3600)
    restored.settle("default", timezone.now())
    deliver_due()
    assert (len(readable.scores), status(cast).progress) == (1, ScoreProgress.IN_GRADEBOOK)


# --- one whose results cannot be read ---


@pytest.mark.parametrize("product", ["moodle", "canvas", "openedx"])
def test_where_nobody_can_look_a_teacher_is_asked(
    cast: Cast, lms: FakePlatform, clock: Clock, product: str
) -> None:
    Registration.objects.update(product=product)
    lose(cast, clock, was_due=True)
    deliver_due()
    assert shown(lms) == 7
    found = status(cast)
    assert (found.progress, found.origin) == (ScoreProgress.CHANGED, GradeOrigin.RESTORED)
    assert (found.problem, found.lms_grade) == (DeliveryProblem.RESTORED, grades.Grade(None, None))
    assert replace(cast)
    clock.go_on(5)
    deliver_due()
    assert (shown(lms), status(cast).progress) == (6, ScoreProgress.IN_GRADEBOOK)


def test_each_cell_is_asked_about_once(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    lose(cast, clock, was_due=True)
    deliver_due()
    assert replace(cast)
    clock.go_on(5)
    deliver_due()
    report(cast, clock, "8")
    deliver_due()
    assert (shown(lms), status(cast).progress) == (8, ScoreProgress.IN_GRADEBOOK)


# --- what else is settled ---


def test_what_was_on_its_way_is_free(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, clock, BEFORE)
    deliver_due()
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.update(leased_by="gone", leased_until=later, force=True, state="due")
    PlatformQueue.objects.update(paused_until=later, consecutive_pauses=3)
    LineItem.objects.update(made_by="gone", made_until=later)
    assert AccessToken.objects.exists()
    restored.settle("default", timezone.now())
    row = Delivery.objects.select_related("line_item").get()
    assert (row.leased_until, row.force, row.is_in_doubt) == (None, False, True)
    assert row.line_item.made_until is None
    assert PlatformQueue.objects.get().paused_until is None
    assert not AccessToken.objects.exists()


def test_without_a_restore_nothing_is_in_doubt(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, clock, BEFORE)
    assert not Delivery.objects.select_related("line_item").get().is_in_doubt
