"""A grade that somebody changed in the LMS is theirs until a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from lti_tool import grades
from lti_tool.adapter import tokens
from lti_tool.adapter.connector import Connector
from lti_tool.grades import Grade, Score, ScoreProgress, ScoreStatus, outbox
from lti_tool.models import Delivery, LineItem, Registration
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services.errors import DeliveryProblem
from tests.cast import PUPIL, Cast, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.deciding import keep, replace
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import HTML_PAGE, Fault
from tests.platform.services import Cell

AMINA = "101"


@pytest.fixture
def lms(readable: FakePlatform) -> FakePlatform:
    return readable


def report(cast: Cast, given: str, comment: str = "Gaps.") -> None:
    score = Score(Decimal(given), Decimal(8), comment)
    assert grades.report_score(cast.course.link, cast.amina.user, score)


def deliver(cast: Cast, clock: Clock, given: str) -> None:
    clock.go_on(5)
    report(cast, given)
    assert deliver_due() == 1


def receipt(cast: Cast) -> ScoreStatus:
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    return found


# --- a later score finds another grade ---


def before(cast: Cast, lms: FakePlatform, clock: Clock, given: float | None) -> None:
    """What the cell held before we ever wrote into it, in percent."""
    column = urlsplit(LineItem.objects.get(link=cast.course.link).url).path
    moment = clock.time - timedelta(days=1)
    lms.gradebook.cells[column, AMINA] = Cell(given, 100, "By hand.", moment)


def test_a_first_score_overwrites_no_grade_of_the_teachers(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    before(cast, lms, clock, 90)
    deliver(cast, clock, "6")
    assert lms.gradebook.cell(AMINA).given == 90
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (
        ScoreProgress.CHANGED,
        Grade(Decimal(90), Decimal(100)),
    )


def test_a_cell_that_was_never_graded_takes_the_first_score(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    before(cast, lms, clock, None)
    deliver(cast, clock, "6")
    assert lms.gradebook.cell(AMINA).given == 6


def test_a_class_is_looked_at_once(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, "6")
    for someone in (cast.ben, make_someone(cast.course, "103", "Cleo", PUPIL)):
        grades.report_score(cast.course.link, someone.user, Score(Decimal(5), Decimal(8), "."))
    assert deliver_due() == 3
    assert len(lms.asked_for("results")) == 1


@pytest.mark.parametrize("fault", [Fault(503), HTML_PAGE], ids=["busy", "sign in"])
def test_a_look_that_fails_for_a_moment_overwrites_nobody(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault
) -> None:
    before(cast, lms, clock, 90)
    lms.fail("results", fault)
    deliver(cast, clock, "6")
    clock.go_on(60)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 90
    assert receipt(cast).progress == ScoreProgress.CHANGED


def never_posted(lms: FakePlatform, clock: Clock, how: str) -> None:
    """A try that ends before the score goes out."""
    if how == "no token":
        lms.fail("token", Fault(503))
        deliver_due()
        clock.go_on(60)
        tokens._cache.clear()  # what failed is not asked again within a second
    else:
        outbox.release(outbox.lease(1))
        clock.go_on(5)
    assert lms.scores == []


def test_what_was_given_back_is_not_sent_any_more(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that waited for a token when the process was asked to end."""
    report(cast, "6")
    (leased,) = outbox.lease(1)
    waited_for = Connector.get_access_token

    def late(platform: Connector, scopes: Sequence[str]) -> str:
        if Scope.SCORE in scopes:
            outbox.release([leased])
        return waited_for(platform, scopes)

    monkeypatch.setattr(Connector, "get_access_token", late)
    outbox.settle([outbox.send(leased)])
    assert lms.scores == []
    assert Delivery.objects.get().tried == []


@pytest.mark.parametrize("how", ["no token", "given back"])
def test_a_score_that_never_went_out_is_not_ours_in_the_cell(
    cast: Cast, lms: FakePlatform, clock: Clock, how: str
) -> None:
    report(cast, "6")
    never_posted(lms, clock, how)
    before(cast, lms, clock, 75)  # by hand, as much as ours would have been
    report(cast, "3")
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 75
    assert receipt(cast).progress == ScoreProgress.CHANGED


@pytest.mark.parametrize("how", ["no token", "given back"])
def test_an_entry_without_a_grade_takes_the_first_score_at_the_second_try(
    cast: Cast, lms: FakePlatform, clock: Clock, how: str
) -> None:
    before(cast, lms, clock, None)
    report(cast, "6")
    never_posted(lms, clock, how)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


@pytest.mark.parametrize("how", ["no token", "given back", "killed"])
def test_canvas_is_asked_to_spare_a_grade_at_the_second_try_too(
    cast: Cast, lms: FakePlatform, clock: Clock, how: str
) -> None:
    Registration.objects.update(product="canvas")
    report(cast, "6")
    if how == "killed":  # nobody knows whether it went out; Canvas has no result of ours
        outbox.lease(1)
        Delivery.objects.update(leased_until=None, leased_by="")
        clock.go_on(5)
    else:
        never_posted(lms, clock, how)
    deliver_due()
    (sent,) = lms.scores
    assert sent["https://canvas.instructure.com/lti/submission"]["prioritize_non_tool_grade"]


def test_our_own_grade_is_replaced(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    deliver(cast, clock, "6")
    deliver(cast, clock, "7")
    assert lms.gradebook.cell(AMINA).given == 7
    assert receipt(cast).progress == ScoreProgress.IN_GRADEBOOK


@pytest.mark.parametrize("theirs", [90, 0.5, 100])
def test_a_grade_of_the_teachers_is_left_alone(
    cast: Cast, lms: FakePlatform, clock: Clock, theirs: float
) -> None:
    deliver(cast, clock, "6")
    lms.gradebook.edit(AMINA, theirs)
    deliver(cast, clock, "7")
    assert len(lms.scores) == 1
    assert lms.gradebook.cell(AMINA).given == theirs
    found = receipt(cast)
    assert (found.progress, found.problem) == (ScoreProgress.CHANGED, DeliveryProblem.NEWER_IN_LMS)
    assert found.lms_grade == Grade(Decimal(str(theirs)), Decimal(100))
    assert found.given == 7
    assert found.is_settled


def test_nothing_more_is_sent_until_a_person_decides(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "6")
    lms.gradebook.edit(AMINA, 90)
    deliver(cast, clock, "7")
    clock.go_on(24 * 3600)
    assert deliver_due() == 0
    # 'Send again' is for what failed; this did not.
    assert grades.send_again(cast.course.link) == 0


def test_a_mark_that_became_nothing_may_be_a_teachers_nought(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Moodle tells both alike."""
    deliver(cast, clock, "6")
    lms.gradebook.edit(AMINA, 0)
    deliver(cast, clock, "7")
    assert lms.gradebook.cell(AMINA).given == 0
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (ScoreProgress.CHANGED, Grade(None, None))


def test_a_cell_that_is_gone_takes_our_score(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    deliver(cast, clock, "6")
    lms.gradebook.cells.clear()
    deliver(cast, clock, "7")
    assert lms.gradebook.cell(AMINA).given == 7


def test_a_grade_of_nought_is_told_without_a_number(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "0")
    deliver(cast, clock, "3")
    assert lms.gradebook.cell(AMINA).given == 3


def test_a_teacher_who_enters_what_we_send_has_changed_nothing(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "4")
    lms.gradebook.edit(AMINA, 75)
    deliver(cast, clock, "6")
    assert receipt(cast).progress == ScoreProgress.IN_GRADEBOOK


def test_a_score_whose_answer_was_lost_is_not_taken_for_theirs(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """5 was acknowledged, 6 taken without a word, and then came 7."""
    deliver(cast, clock, "5")
    lms.fail("scores", Fault(reset=True, late=True))
    deliver(cast, clock, "6")
    assert lms.gradebook.cell(AMINA).given == 6
    deliver(cast, clock, "7")
    assert lms.gradebook.cell(AMINA).given == 7
    row = Delivery.objects.get()
    assert (row.state, row.tried) == (Delivery.State.DELIVERED, [])
    assert row.sent_given == 7


def test_results_that_cannot_be_read_are_asked_for_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "6")
    lms.fail("results", Fault(503))
    deliver(cast, clock, "7")
    assert receipt(cast).progress == ScoreProgress.TRYING_AGAIN
    assert len(lms.scores) == 1
    clock.go_on(5)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7


def test_without_the_right_to_read_the_score_is_sent(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.update(scopes=[Scope.SCORE])
    deliver(cast, clock, "6")
    deliver(cast, clock, "7")
    assert lms.asked_for("results") == []
    assert lms.gradebook.cell(AMINA).given == 7


# --- 409 ---


def test_a_refusal_over_a_teachers_grade_tells_it(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """A first score, where the teacher had entered a grade by hand before."""
    deliver(cast, clock, "6")
    lms.gradebook.edit(AMINA, 90)
    Delivery.objects.update(sent_given=None, sent_maximum=None)
    lms.fail("scores", Fault(409))
    deliver(cast, clock, "7")
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (
        ScoreProgress.CHANGED,
        Grade(Decimal(90), Decimal(100)),
    )


def test_a_refusal_that_we_may_not_look_behind(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    LineItem.objects.update(scopes=[Scope.SCORE])
    lms.fail("scores", Fault(409))
    deliver(cast, clock, "7")
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (ScoreProgress.CHANGED, Grade(None, None))


def test_a_refusal_over_the_same_score_is_a_yes(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """It was taken a moment ago, and its answer was lost."""
    lms.fail("scores", Fault(409, late=True))
    deliver(cast, clock, "7")
    assert receipt(cast).progress == ScoreProgress.IN_GRADEBOOK


def test_a_refusal_over_our_own_earlier_score_passes(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "6")
    lms.fail("scores", Fault(409))
    deliver(cast, clock, "7")
    assert receipt(cast).progress == ScoreProgress.TRYING_AGAIN
    clock.go_on(5)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7


# --- a person decides ---


def changed(cast: Cast, lms: FakePlatform, clock: Clock, *, locked: bool = False) -> None:
    deliver(cast, clock, "6")
    lms.gradebook.edit(AMINA, 90, locked=locked)
    deliver(cast, clock, "7")
    assert receipt(cast).progress == ScoreProgress.CHANGED
    clock.go_on(5)


def test_ours_takes_its_place(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    changed(cast, lms, clock)
    assert replace(cast)
    assert receipt(cast).progress == ScoreProgress.ON_ITS_WAY
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (ScoreProgress.IN_GRADEBOOK, None)
    # The next one looks again before it goes.
    lms.gradebook.edit(AMINA, 95)
    deliver(cast, clock, "8")
    assert receipt(cast).progress == ScoreProgress.CHANGED


def test_a_grade_that_the_lms_has_locked_stays_and_says_so(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    changed(cast, lms, clock, locked=True)
    replace(cast)
    deliver_due()
    found = receipt(cast)
    assert (found.progress, found.problem) == (ScoreProgress.CHANGED, DeliveryProblem.LOCKED_IN_LMS)
    assert found.lms_grade == Grade(Decimal(90), Decimal(100))
    assert lms.gradebook.cell(AMINA).given == 90
    lms.gradebook.edit(AMINA, 90, locked=False)
    clock.go_on(5)
    assert replace(cast)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 7


def test_theirs_stays(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    changed(cast, lms, clock)
    assert keep(cast)
    found = receipt(cast)
    assert (found.progress, found.lms_grade) == (
        ScoreProgress.KEPT,
        Grade(Decimal(90), Decimal(100)),
    )
    clock.go_on(24 * 3600)
    assert deliver_due() == 0
    assert grades.send_again(cast.course.link) == 0
    # Thinking better of it is possible.
    assert replace(cast)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 7


def test_a_new_mark_asks_again(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    changed(cast, lms, clock)
    keep(cast)
    deliver(cast, clock, "8")
    assert receipt(cast).progress == ScoreProgress.CHANGED
    assert lms.gradebook.cell(AMINA).given == 90


def test_there_is_nothing_to_decide_where_nothing_changed(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "6")
    assert not replace(cast)
    assert not keep(cast)
    assert receipt(cast).progress == ScoreProgress.IN_GRADEBOOK
