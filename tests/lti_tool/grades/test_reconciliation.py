"""Each night the gradebook is compared with what was sent: nothing lost, nothing overwritten."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lti_tool import grades
from lti_tool.adapter.connector import Connector
from lti_tool.grades import Score, reconciliation
from lti_tool.grades.reconciliation import Reconciled, reconcile
from lti_tool.models import Delivery, Deployment, LineItem, Membership, Registration
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services.errors import DeliveryProblem
from lti_tool.services.http import HttpReply
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import HTML_PAGE, Fault

AMINA = "101"


@pytest.fixture
def lms(readable: FakePlatform, cast: Cast, clock: Clock) -> FakePlatform:
    """It has Amina's 6 of 8."""
    deliver(cast, clock, "6")
    return readable


def report(cast: Cast, given: str) -> None:
    assert grades.report_score(
        cast.course.link, cast.amina.user, Score(Decimal(given), Decimal(8), "Gaps.")
    )


def deliver(cast: Cast, clock: Clock, given: str) -> None:
    report(cast, given)
    assert deliver_due() == 1
    clock.go_on(3600)


def found(cast: Cast, *, is_dry: bool = False) -> Reconciled:
    registration = cast.course.deployment.registration
    registration.refresh_from_db()
    return reconcile(registration, is_dry=is_dry)


def state() -> str:
    return Delivery.objects.get().state


def counts(one: Reconciled) -> tuple[int, int, int, int, int]:
    return one.checked, one.as_sent, one.due_again, one.changed_in_lms, one.unreadable


def test_what_was_sent_is_there(cast: Cast, lms: FakePlatform) -> None:
    asked = len(lms.asked_for("results"))
    assert counts(found(cast)) == (1, 1, 0, 0, 0)
    assert state() == "delivered"
    assert len(lms.asked_for("results")) == asked + 1


def test_a_nought_is_told_without_a_number(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    deliver(cast, clock, "0")
    assert counts(found(cast)) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize("locked", [False, True])
def test_a_mark_that_became_a_teachers_nought_stays(
    cast: Cast, lms: FakePlatform, locked: bool
) -> None:
    lms.gradebook.edit(AMINA, 0, locked=locked)
    assert counts(found(cast)) == (1, 0, 0, 1, 0)
    assert (state(), Delivery.objects.get().theirs_given) == ("changed", None)
    assert deliver_due() == 0


def test_a_cell_that_was_lost_is_sent_again(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.cells.clear()
    assert counts(found(cast)) == (1, 0, 1, 0, 0)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_a_grade_that_was_changed_there_stays(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.edit(AMINA, 90)
    assert counts(found(cast)) == (1, 0, 0, 1, 0)
    row = Delivery.objects.get()
    assert (row.state, row.problem) == ("changed", DeliveryProblem.NEWER_IN_LMS)
    assert (row.theirs_given, row.theirs_maximum) == (Decimal(90), Decimal(100))
    assert deliver_due() == 0
    assert lms.gradebook.cell(AMINA).given == 90


def test_a_grade_that_was_changed_back_is_ours(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.edit(AMINA, 90)
    found(cast)
    lms.gradebook.edit(AMINA, 75)
    assert counts(found(cast)) == (1, 1, 0, 0, 0)
    row = Delivery.objects.get()
    assert (row.state, row.problem, row.theirs_given) == ("delivered", "", None)


def test_a_changed_grade_without_a_number_may_be_a_nought(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.edit(AMINA, 90)
    found(cast)
    lms.gradebook.edit(AMINA, 0)
    assert counts(found(cast)) == (1, 0, 0, 1, 0)
    assert (state(), Delivery.objects.get().theirs_given) == ("changed", None)


def test_a_grade_that_is_to_stay_is_only_noted(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.edit(AMINA, 90)
    found(cast)
    Delivery.objects.update(state=Delivery.State.KEPT)
    lms.gradebook.edit(AMINA, 80)
    assert counts(found(cast)) == (1, 0, 0, 1, 0)
    assert (state(), Delivery.objects.get().theirs_given) == ("kept", Decimal(80))


def test_one_of_ours_from_before_gives_way(cast: Cast, lms: FakePlatform) -> None:
    Delivery.objects.update(tried=[["4", "8"]])
    lms.gradebook.edit(AMINA, 50)
    assert counts(found(cast)) == (1, 0, 1, 0, 0)


def test_a_dry_run_changes_nothing(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.cells.clear()
    assert counts(found(cast, is_dry=True)) == (1, 0, 1, 0, 0)
    assert state() == "delivered"


def test_what_was_sent_a_moment_ago_is_not_looked_at(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "7")
    clock.go_on(-3599)
    lms.gradebook.edit(AMINA, 90)
    assert counts(found(cast)) == (0, 0, 0, 0, 0)


def test_people_who_left_are_let_alone(cast: Cast, lms: FakePlatform) -> None:
    Membership.objects.filter(user=cast.amina.user).update(status=Membership.Status.GONE)
    lms.gradebook.cells.clear()
    assert counts(found(cast)) == (0, 0, 0, 0, 0)
    assert state() == "delivered"


def test_a_score_that_comes_meanwhile_is_newer_than_what_was_read(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms.gradebook.edit(AMINA, 90)
    request = Connector.request

    def slow(*args: object, **kwargs: object) -> HttpReply:
        answer = request(*args, **kwargs)  # type: ignore[arg-type]
        report(cast, "8")
        return answer

    monkeypatch.setattr(Connector, "request", slow)
    found(cast)
    row = Delivery.objects.get()
    assert (row.state, row.score_given, row.theirs_given) == ("due", Decimal(8), None)


def test_without_the_scope_a_column_cannot_be_read(cast: Cast, lms: FakePlatform) -> None:
    LineItem.objects.update(scopes=[Scope.SCORE])
    asked = len(lms.asked_for("results"))
    one = found(cast)
    assert (counts(one), one.problem) == ((0, 0, 0, 0, 1), DeliveryProblem.NOT_ALLOWED)
    assert len(lms.asked_for("results")) == asked


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(500), DeliveryProblem.SERVER_ERROR),
        (Fault(403), DeliveryProblem.NOT_ALLOWED),
        (Fault(404), DeliveryProblem.COLUMN_GONE),
        (Fault(410), DeliveryProblem.COLUMN_GONE),
        (Fault(429), DeliveryProblem.BUSY),
        (Fault(reset=True), DeliveryProblem.UNREACHABLE),
        (HTML_PAGE, DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"results": []}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b"[" * 100_000), DeliveryProblem.ANSWER_UNREADABLE),
        (
            Fault(200, b"[]", {"Link": '<http://10.0.0.1/x>; rel="next"'}),
            DeliveryProblem.ANSWER_UNREADABLE,
        ),
    ],
)
def test_an_answer_that_tells_nothing_changes_nothing(
    cast: Cast, lms: FakePlatform, fault: Fault, problem: DeliveryProblem
) -> None:
    lms.always_fail("results", fault)
    one = found(cast)
    assert (counts(one), one.problem) == ((0, 0, 0, 0, 1), problem)
    assert state() == "delivered"
    assert deliver_due() == 0
    assert lms.asked_for("make") == []


def test_a_platform_that_hangs_is_given_up(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "CALL_SECONDS", 0.2)
    lms.always_fail("results", Fault(hang=True))
    one = found(cast)
    assert (one.unreadable, one.problem) == (1, DeliveryProblem.UNREACHABLE)


def test_the_command_tells_of_each_platform(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.edit(AMINA, 90)
    out = StringIO()
    call_command("reconcile_scores", stdout=out)
    heading, ours, other = out.getvalue().splitlines()
    assert heading.startswith("platform ")
    assert ours.split() == ["LMS", "of", "client-1", "1", "0", "0", "1", "0"]
    assert other.split() == ["LMS", "of", "client-2", "0", "0", "0", "0", "0"]


def test_the_command_knows_its_platforms(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("reconcile_scores", platform=0)


def test_the_nightly_run_tells_the_log(
    cast: Cast, lms: FakePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="lti_tool.grades.reconciliation")
    reconciliation.reconcile_nightly()
    assert "checked=1, as_sent=1" in caplog.text


def test_what_one_platform_brings_about_the_others_do_not_feel(
    cast: Cast,
    lms: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", logger="lti_tool.grades.reconciliation")
    ours, whole = cast.course.deployment.registration, reconciliation.reconcile

    def reconcile(registration: Registration) -> reconciliation.Reconciled:
        if registration == ours:
            raise RuntimeError("a fault of our own")
        return whole(registration)

    monkeypatch.setattr(reconciliation, "reconcile", reconcile)
    reconciliation.reconcile_nightly()
    assert f"could not be reconciled: registration={ours.pk}" in caplog.text
    assert f"reconciled: registration={cast.elsewhere.deployment.registration_id}" in caplog.text


def test_a_deployment_that_is_switched_off_is_let_alone(cast: Cast, lms: FakePlatform) -> None:
    Deployment.objects.update(is_approved=False)
    before = len(lms.asked)
    assert found(cast).checked == 0
    assert len(lms.asked) == before
