"""A column whose worksheet has other marks now: it is told, once, and only if it is still ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from lti_tool import grades
from lti_tool.adapter import tokens
from lti_tool.grades import Grade, Score, ScoreProgress, outbox
from lti_tool.grades.outbox import column_maximum, leasing
from lti_tool.models import AccessToken, Delivery, LineItem, Registration
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.platform import Platform
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.platform.services import Cell

AMINA, BEN = "101", "102"


@pytest.fixture
def lms(readable: FakePlatform, cast: Cast) -> FakePlatform:
    """A platform whose results can be read, and whose column has the eight points of the gaps."""
    readable.gradebook.results_of = 8
    return readable


def killed(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt


def report(cast: Cast, someone: Someone, given: int, maximum: int) -> None:
    score = Score(Decimal(given), Decimal(maximum), "")
    most = column(cast).maximum
    assert grades.report_score(cast.course.link, someone.user, score, column_maximum=most)


def change(cast: Cast, former: int, maximum: int) -> None:
    with transaction.atomic():
        grades.change_column_maxima(
            cast.course.link, former={"": Decimal(former)}, maxima={"": Decimal(maximum)}
        )


def column(cast: Cast) -> LineItem:
    return LineItem.objects.get(link=cast.course.link)


def row_of(someone: Someone) -> Delivery:
    return Delivery.objects.get(user=someone.user)


def shown(lms: FakePlatform, user: str) -> float:
    """What the gradebook shows, in points of its column."""
    cell = lms.gradebook.cell(user)
    assert cell.given is not None
    assert cell.maximum
    return cell.given / cell.maximum * lms.gradebook.maximum


@pytest.fixture
def delivered(cast: Cast, lms: FakePlatform, clock: Clock) -> FakePlatform:
    """Amina has 8 of 8, Ben 4 of 8."""
    LineItem.objects.update(maximum=8)
    report(cast, cast.amina, 8, 8)
    report(cast, cast.ben, 4, 8)
    deliver_due()
    clock.go_on(5)
    return lms


def test_the_column_gets_the_new_maximum_before_the_first_score(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    deliver_due()
    (asked,) = delivered.asked_for("change")
    # Moodle erases what is left out.
    assert asked.json["scoreMaximum"] == 24
    assert asked.json["resourceId"] == "causes"
    assert asked.json["submissionReview"] == {"label": "Answers"}
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (12, 12)
    assert (column(cast).lms_maximum, column(cast).maximum) == (Decimal(24), Decimal(24))
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    clock.go_on(5)
    report(cast, cast.amina, 20, 24)
    deliver_due()
    assert len(delivered.asked_for("change")) == 1
    assert shown(delivered, AMINA) == 20


def test_a_change_without_a_score_is_told_at_once(cast: Cast, delivered: FakePlatform) -> None:
    change(cast, 8, 24)
    assert outbox.has_work()
    deliver_due()
    assert delivered.gradebook.maximum == 24
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (24, 12)


def test_a_platform_that_scales_no_grades_gets_all_scores_again(
    cast: Cast, delivered: FakePlatform
) -> None:
    """Then its cells show 8 and 4 of 24, which nobody else put there."""
    delivered.gradebook.rescales = False
    change(cast, 8, 24)
    deliver_due()
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (24, 12)
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}


@pytest.mark.parametrize("is_locked", [True, False])
def test_a_grade_of_somebody_else_keeps_its_worth(
    cast: Cast, delivered: FakePlatform, is_locked: bool
) -> None:
    """Moodle leaves what a teacher has entered as it is: 3.5 of 4 would be 3.5 of 14."""
    delivered.gradebook.edit(AMINA, 30.0, locked=is_locked)
    change(cast, 8, 24)
    deliver_due()
    assert delivered.asked_for("change") == []
    assert (column(cast).lms_maximum, column(cast).former_maximum) == (Decimal(8), None)
    assert row_of(cast.amina).state == Delivery.State.CHANGED
    assert row_of(cast.ben).state == Delivery.State.DELIVERED


def test_a_grade_of_somebody_who_has_submitted_nothing_is_one_too(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    address = next(address for address, _ in delivered.gradebook.cells)
    delivered.gradebook.cells[address, "105"] = Cell(3, 8, "by hand", clock.time)
    change(cast, 8, 24)
    deliver_due()
    assert delivered.asked_for("change") == []


@pytest.mark.parametrize("is_told", [True, False])
def test_zeros_that_the_platform_fills_in_are_taken_out(
    cast: Cast, delivered: FakePlatform, clock: Clock, is_told: bool
) -> None:
    """Moodle 4.5 gives one to each pupil without a grade who has one in another column."""
    delivered.gradebook.tells_zeros = is_told
    delivered.gradebook.blank = {AMINA, "103", "104"}
    change(cast, 8, 24)
    deliver_due()
    given = {user: cell.given for (_, user), cell in delivered.gradebook.cells.items()}
    assert (given["103"], given["104"]) == (None, None)
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (24, 12)
    # So the first score of one of them finds nothing that it would have to spare.
    cleo = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
    clock.go_on(5)
    report(cast, cleo, 12, 24)
    deliver_due()
    assert row_of(cleo).state == Delivery.State.DELIVERED


def test_a_first_score_arrives_though_its_own_cell_was_emptied(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    """Moodle dates the cell by the second after, and refuses a score of the second before."""
    delivered.gradebook.blank = {"103"}
    cleo = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
    change(cast, 8, 24)
    report(cast, cleo, 12, 24)
    Delivery.objects.filter(user=cleo.user).update(next_try_at=clock.time - timedelta(hours=1))
    deliver_due()
    row = row_of(cleo)
    assert (row.state, row.problem, row.tried) == (
        Delivery.State.DUE,
        DeliveryProblem.BUSY,
        [],
    )
    clock.go_on(5)
    deliver_due()
    assert row_of(cleo).state == Delivery.State.DELIVERED
    assert shown(delivered, "103") == 12


@pytest.mark.parametrize("is_told", [True, False])
def test_a_process_that_is_killed_over_the_zeros_is_followed_by_another(
    cast: Cast,
    delivered: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    is_told: bool,
) -> None:
    delivered.gradebook.tells_zeros = is_told
    delivered.gradebook.blank = {"103"}
    change(cast, 8, 24)
    with monkeypatch.context() as patch:
        patch.setattr(column_maximum, "_take_out_zeros", killed)
        leased = outbox.lease(1)[0]
        with pytest.raises(KeyboardInterrupt):
            outbox.send(leased)
    assert delivered.gradebook.cell("103").given == 0
    clock.go_on(leasing.LEASE.total_seconds() + 1)
    deliver_due()
    assert len(delivered.asked_for("change")) == 1
    assert delivered.gradebook.cell("103").given is None
    assert column(cast).maximum_set_at is not None


def test_a_zero_without_a_number_may_be_a_teachers(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    """It was listed before the column was changed, like a cell that was emptied."""
    address = next(address for address, _ in delivered.gradebook.cells)
    delivered.gradebook.cells[address, "105"] = Cell(0, 8, "absent", clock.time)
    delivered.gradebook.blank, delivered.gradebook.tells_zeros = {"103"}, False
    change(cast, 8, 24)
    deliver_due()
    assert delivered.gradebook.maximum == 24
    assert delivered.gradebook.cell("103").given is None
    assert delivered.gradebook.cell("105").given == 0


@pytest.mark.parametrize(("product", "given"), [("moodle", 0), ("", None)])
def test_a_zero_that_is_entered_before_a_second_try_stays_where_it_is_dated(
    cast: Cast,
    delivered: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    product: str,
    given: int | None,
) -> None:
    Registration.objects.update(product=product)
    delivered.gradebook.blank = {"103"}
    change(cast, 8, 24)
    with monkeypatch.context() as patch:
        patch.setattr(column_maximum, "_take_out_zeros", killed)
        with pytest.raises(KeyboardInterrupt):
            outbox.send(outbox.lease(1)[0])
    clock.go_on(leasing.LEASE.total_seconds() + 5)
    address = next(address for address, _ in delivered.gradebook.cells)
    zero = Cell(0, 24, "absent", clock.time, is_told=True)
    delivered.gradebook.cells[address, "105"] = zero
    deliver_due()
    assert delivered.gradebook.cell("103").given is None
    assert delivered.gradebook.cell("105").given == given


def test_zeros_that_somebody_entered_stay(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    """Also in a column that somebody has given our maximum already."""
    address = next(address for address, _ in delivered.gradebook.cells)
    zero = Cell(0, 24, "absent", clock.time, is_told=True)
    delivered.gradebook.cells[address, "105"] = zero
    delivered.gradebook.maximum = 24
    change(cast, 8, 24)
    deliver_due()
    assert delivered.asked_for("change") == []
    assert delivered.gradebook.cell("105").given == 0


def test_a_teacher_may_still_enter_what_the_cell_showed_before(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    """Once the score was sent to the new maximum, 8 of 24 is a grade of theirs."""
    change(cast, 8, 24)
    deliver_due()
    clock.go_on(5)
    delivered.gradebook.edit(AMINA, 100 * 8 / 24)
    report(cast, cast.amina, 20, 24)
    deliver_due()
    assert row_of(cast.amina).state == Delivery.State.CHANGED


def test_a_maximum_that_somebody_set_there_is_kept(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    delivered.gradebook.maximum = delivered.gradebook.results_of = 100
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    deliver_due()
    assert delivered.asked_for("change") == []
    assert column(cast).lms_maximum == 100
    assert shown(delivered, AMINA) == 50
    # It is known now, so a later change does not ask.
    clock.go_on(5)
    change(cast, 24, 30)
    deliver_due()
    assert len(delivered.asked_for("column")) == 1
    assert column(cast).former_maximum is None


def test_two_changes_before_a_score_are_one(cast: Cast, delivered: FakePlatform) -> None:
    change(cast, 8, 24)
    change(cast, 24, 30)
    deliver_due()
    (asked,) = delivered.asked_for("change")
    assert asked.json["scoreMaximum"] == 30
    assert shown(delivered, AMINA) == 30


def test_a_change_that_is_taken_back_before_a_score_is_none(
    cast: Cast, delivered: FakePlatform
) -> None:
    change(cast, 8, 24)
    change(cast, 24, 8)
    assert (column(cast).maximum, column(cast).former_maximum) == (Decimal(8), None)
    deliver_due()
    assert delivered.asked_for("change") == []
    assert delivered.gradebook.maximum == 8
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (8, 4)


@pytest.mark.parametrize("was_taken", [True, False])
@pytest.mark.parametrize("maximum", [30, 8, 24])
def test_a_change_after_one_whose_answer_was_lost(
    cast: Cast, delivered: FakePlatform, clock: Clock, was_taken: bool, maximum: int
) -> None:
    """Nobody knows which maximum the column has, and the zeros may be there."""
    delivered.gradebook.blank = {"103"}
    change(cast, 8, 24)
    delivered.fail("change", Fault(reset=True, late=was_taken))
    deliver_due(1)
    assert delivered.gradebook.maximum == (24 if was_taken else 8)
    change(cast, 24, 30)
    if maximum != 30:
        change(cast, 30, maximum)
    clock.go_on(600)
    deliver_due()
    assert delivered.gradebook.maximum == maximum
    found = column(cast)
    assert (found.lms_maximum, found.maximum) == (Decimal(maximum), Decimal(maximum))
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (maximum, maximum / 2)
    given = {user: cell.given for (_, user), cell in delivered.gradebook.cells.items()}
    assert given.get("103") is None
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}


def test_a_column_that_has_the_new_maximum_already_is_told_nothing(
    cast: Cast, delivered: FakePlatform
) -> None:
    LineItem.objects.update(lms_maximum=24)
    link, former, maximum = cast.course.link, Decimal(8), Decimal(24)
    assert grades.column_maximum(link, former=former, maximum=maximum) is None
    change(cast, 8, 24)
    assert column(cast).maximum == 24
    assert not outbox.has_work()
    # One that the LMS has changed for itself is told.
    LineItem.objects.update(lms_maximum=100)
    assert grades.column_maximum(link, former=former, maximum=maximum) is not None


def test_a_later_change_is_another(cast: Cast, delivered: FakePlatform, clock: Clock) -> None:
    change(cast, 8, 24)
    deliver_due()
    clock.go_on(5)
    change(cast, 24, 8)
    deliver_due()
    assert delivered.gradebook.maximum == 8
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (8, 4)


def test_a_column_that_is_still_to_be_made_is_made_with_it(cast: Cast, lms: FakePlatform) -> None:
    lms.connect(cast.course, column=False)
    LineItem.objects.update(maximum=8)
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    deliver_due()
    (made,) = lms.gradebook.columns
    assert made["scoreMaximum"] == 24
    assert lms.asked_for("change") == []


@pytest.mark.parametrize("missing", [Scope.LINE_ITEM, Scope.RESULT_READONLY])
def test_nothing_is_asked_where_a_scope_is_missing(
    cast: Cast, delivered: FakePlatform, missing: Scope
) -> None:
    """What becomes of the grades there could not be seen."""
    scopes = {Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY}
    LineItem.objects.update(scopes=sorted(scopes - {missing}))
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    deliver_due()
    assert delivered.asked_for("column") == delivered.asked_for("change") == []
    assert shown(delivered, AMINA) == 4


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        *((endpoint, Fault(status)) for endpoint in ("column", "change") for status in (403, 404)),
        *((endpoint, Fault(status)) for endpoint in ("column", "change") for status in (400, 500)),
        *(
            ("column", Fault(200, body))
            for body in (b"[]", b"{}", b'{"scoreMaximum": "many"}', b'{"scoreMaximum": 0}', b"<p>")
        ),
    ],
)
def test_where_it_cannot_be_set_scores_arrive_all_the_same(
    cast: Cast, delivered: FakePlatform, clock: Clock, endpoint: str, fault: Fault
) -> None:
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    delivered.always_fail(endpoint, fault)
    for _ in range(8):
        deliver_due()
        clock.go_on(600)
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    assert not outbox.column_maximum.is_waiting(column(cast))
    assert shown(delivered, AMINA) == 4


def test_a_platform_that_is_away_is_told_later(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    delivered.fail("change", Fault(503))
    deliver_due(1)
    assert shown(delivered, AMINA) == 8  # not 4: the score has waited
    clock.go_on(600)
    deliver_due()
    assert (delivered.gradebook.maximum, shown(delivered, AMINA)) == (24, 12)


EVERYTHING = ("token", "column", "change", "results", "scores")


@pytest.mark.parametrize(
    ("endpoints", "fault"),
    [
        (EVERYTHING, Fault(503)),
        (EVERYTHING, Fault(reset=True)),
        # Nobody knows whether a 500 is the column's before a score has arrived.
        (EVERYTHING[1:], Fault(500)),
        (["token"], Fault(500)),
    ],
)
def test_a_platform_that_is_away_for_long_is_told_when_it_is_back(
    cast: Cast,
    delivered: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    endpoints: Sequence[str],
    fault: Fault,
) -> None:
    for name in ("CACHE_SECONDS", "FAILURE_SECONDS"):  # which this clock does not move
        monkeypatch.setattr(tokens, name, 0)
    AccessToken.objects.all().delete()
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    for endpoint in endpoints:
        delivered.always_fail(endpoint, fault)
    for _ in range(6):
        deliver_due()
        clock.go_on(1800)
    delivered.mend()
    for _ in range(3):
        deliver_due()
        clock.go_on(1800)
    assert (delivered.gradebook.maximum, shown(delivered, AMINA)) == (24, 12)
    assert column(cast).lms_maximum == 24


@pytest.mark.parametrize("rescales", [True, False])
@pytest.mark.parametrize(("endpoint", "late"), [("column", False), ("change", True)])
def test_a_column_that_hangs_holds_no_score_back_for_long_and_is_asked_again(
    cast: Cast, delivered: FakePlatform, clock: Clock, endpoint: str, late: bool, rescales: bool
) -> None:
    delivered.gradebook.rescales = rescales
    change(cast, 8, 24)
    report(cast, cast.amina, 12, 24)
    delivered.always_fail(endpoint, Fault(503, late=late))
    for _ in range(8):
        deliver_due()
        clock.go_on(600)
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    delivered.mend()
    report(cast, cast.ben, 20, 24)
    for _ in range(2):  # a score that went before is sent again
        deliver_due()
        clock.go_on(600)
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (12, 20)
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    assert column(cast).lms_maximum == 24


@pytest.mark.parametrize("rescales", [True, False])
@pytest.mark.parametrize("status", [404, 500])
def test_a_failure_after_the_change_leaves_the_column_changed(
    cast: Cast,
    delivered: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    rescales: bool,
) -> None:
    """Cells that were not scaled show nobody else's marks."""
    delivered.gradebook.rescales = rescales
    read_results = ags.read_results

    def after_the_change(platform: Platform, line_item: str) -> dict[str, Result]:
        if not delivered.asked_for("change"):
            return read_results(platform, line_item)
        raise ServiceError(DeliveryProblem.SERVER_ERROR, permanent=status == 404, status=status)

    monkeypatch.setattr(ags, "read_results", after_the_change)
    change(cast, 8, 24)
    for _ in range(8):
        deliver_due()
        clock.go_on(600)
    assert (shown(delivered, AMINA), shown(delivered, BEN)) == (24, 12)
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    assert not column_maximum.is_waiting(column(cast))
    assert column(cast).lms_maximum == 24  # as a result has told


def test_a_maximum_that_is_known_is_not_taken_from_a_result(
    cast: Cast, delivered: FakePlatform, clock: Clock
) -> None:
    """Moodle's have that of when the grade was given."""
    LineItem.objects.update(lms_maximum=24)
    delivered.gradebook.results_of = 8
    report(cast, cast.amina, 12, 24)
    deliver_due()
    assert delivered.asked_for("results")
    assert column(cast).lms_maximum == 24


def test_of_two_deliverers_one_tells_and_the_other_waits(
    cast: Cast, delivered: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(cast, 8, 24)
    first, second = outbox.lease(4)
    write = ags.write_maximum
    others_turn = [second]

    def meanwhile(*args: object) -> None:
        while others_turn:
            outbox.settle([outbox.send(others_turn.pop())])
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ags, "write_maximum", meanwhile)
    outbox.settle([outbox.send(first)])
    waiting = Delivery.objects.get(pk=second.row.pk)
    assert (waiting.state, waiting.problem) == (Delivery.State.DUE, DeliveryProblem.WAITING)
    clock.go_on(5)
    deliver_due()
    assert len(delivered.asked_for("change")) == 1
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}


def test_what_a_result_tells_is_shown(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    lms.gradebook.results_of = 100
    report(cast, cast.amina, 6, 8)
    deliver_due()
    status = grades.score_status(cast.course.link, cast.amina.user)
    assert status is not None
    assert status.shown is None
    clock.go_on(5)
    report(cast, cast.amina, 4, 8)
    deliver_due()
    status = grades.score_status(cast.course.link, cast.amina.user)
    assert status is not None
    assert status.progress is ScoreProgress.IN_GRADEBOOK
    assert status.shown == Grade(Decimal(50), Decimal(100))
    assert column(cast).lms_maximum == 100


def test_a_result_of_canvas_tells_nothing_of_its_column(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """It has the maximum of the score that was posted."""
    Registration.objects.update(product="canvas")
    for given in (6, 4):
        report(cast, cast.amina, given, 8)
        deliver_due()
        clock.go_on(5)
    assert column(cast).lms_maximum is None
