"""A score that is taken back: not sent, or erased where the LMS has it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool import grades
from lti_tool.grades import Grade, Score, ScoreProgress, outbox
from lti_tool.models import Delivery, Registration
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform

AMINA = "101"
MARKED = Score(Decimal(6), Decimal(8), "Released.")


def report(cast: Cast, score: Score = MARKED) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score)


def withdraw(cast: Cast) -> None:
    link = cast.course.link
    link.deployment.registration.refresh_from_db()
    grades.withdraw_score(link, cast.amina.user, "Submitted.")


def status(cast: Cast) -> grades.ScoreStatus | None:
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert grades.score_statuses(cast.course.link) == ({cast.amina.user.pk: found} if found else {})
    return found


def test_what_was_never_sent_is_not_sent(cast: Cast, lms: FakePlatform) -> None:
    report(cast)
    withdraw(cast)
    assert deliver_due() == 0
    assert lms.scores == []
    assert status(cast) is None
    assert grades.reported_scores(cast.course.link) == {}


def test_what_the_lms_has_is_erased_and_can_be_sent_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast)
    deliver_due()
    assert grades.sent_grades(cast.course.link) == {
        cast.amina.user.pk: Grade(Decimal(6), Decimal(8))
    }
    clock.go_on(5)
    withdraw(cast)
    waiting = status(cast)
    assert waiting is not None
    assert waiting.progress is ScoreProgress.ON_ITS_WAY
    deliver_due()
    assert lms.gradebook.cell(AMINA).given is None
    assert "scoreGiven" not in lms.scores[-1]
    assert status(cast) is None
    assert grades.sent_grades(cast.course.link) == {}
    clock.go_on(5)
    withdraw(cast)  # again: nothing is left to take back
    assert deliver_due() == 0
    report(cast)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


def test_what_is_being_sent_at_that_moment_is_erased_after_it(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast)
    (leased,) = outbox.lease(1)
    withdraw(cast)
    outbox.settle([outbox.send(leased)])
    assert lms.gradebook.cell(AMINA).given == 6
    clock.go_on(5)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given is None


@pytest.mark.parametrize("state", [Delivery.State.CHANGED, Delivery.State.KEPT])
def test_a_grade_that_somebody_entered_there_stays(
    cast: Cast, lms: FakePlatform, clock: Clock, state: Delivery.State
) -> None:
    report(cast)
    deliver_due()
    Delivery.objects.update(state=state, theirs_given=20, theirs_maximum=26)
    clock.go_on(5)
    withdraw(cast)
    assert deliver_due() == 0
    assert Delivery.objects.get().state == Delivery.State.KEPT
    clock.go_on(5)
    report(cast)
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_one_that_was_changed_there_unnoticed_stays(
    cast: Cast, readable: FakePlatform, clock: Clock
) -> None:
    report(cast)
    deliver_due()
    readable.gradebook.edit(AMINA, 90)
    clock.go_on(3600)
    withdraw(cast)
    deliver_due()
    assert readable.gradebook.cell(AMINA).given == 90
    assert Delivery.objects.get().state == Delivery.State.CHANGED


def test_canvas_erases_the_mark_and_keeps_the_submission(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")
    cast.course.link.deployment.registration.refresh_from_db()
    report(cast, Score(None, Decimal(8), "Submitted."))
    deliver_due()
    clock.go_on(5)
    report(cast)
    withdraw(cast)  # before it was sent
    deliver_due()
    clock.go_on(5)
    report(cast)
    deliver_due()
    clock.go_on(5)
    withdraw(cast)
    deliver_due()
    sent = [score["https://canvas.instructure.com/lti/submission"] for score in lms.scores]
    assert [one["preserve_score"] for one in sent] == [True, True, False, False]
    assert [one["new_submission"] for one in sent] == [True, False, False, False]
    assert "scoreGiven" not in lms.scores[-1]
    found = status(cast)
    assert found is not None
    assert (found.progress, found.given) == (ScoreProgress.IN_GRADEBOOK, None)
