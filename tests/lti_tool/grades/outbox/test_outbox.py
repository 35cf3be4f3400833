"""From a due row to a cell of the gradebook, over real HTTP."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import jwt
import pytest
from django.utils import timezone

from lti_tool import grades
from lti_tool.adapter import tokens
from lti_tool.grades import Score, ScoreProgress, ScoreStatus, outbox
from lti_tool.grades.outbox import Outcome, backoff, leasing
from lti_tool.models import Delivery, Deployment, LineItem, Registration, ResourceLink
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import http
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast, Someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.deciding import replace
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import KID, FakePlatform
from tests.platform.server import HTML_PAGE, Fault
from tests.reported import reported

AMINA, BEN = "101", "102"


def score(given: str = "6", maximum: str = "8", comment: str = "Gaps: 6 out of 8.") -> Score:
    return Score(Decimal(given), Decimal(maximum), comment)


def report(cast: Cast, someone: Someone, given: str = "6", **options: str) -> Delivery:
    assert grades.report_score(cast.course.link, someone.user, score(given, **options))
    return row_of(someone)


def row_of(someone: Someone) -> Delivery:
    return Delivery.objects.get(user=someone.user)


def column(cast: Cast) -> LineItem:
    return LineItem.objects.get(link=cast.course.link)


# --- a score on a good day ---


def test_a_score_arrives_as_it_was_reported(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    assert deliver_due() == 1
    (sent,) = lms.scores
    assert sent == {
        "userId": AMINA,
        "scoreGiven": 6,
        "scoreMaximum": 8,
        "comment": "Gaps: 6 out of 8.",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": clock.time.replace(microsecond=0).isoformat(timespec="milliseconds"),
    }
    cell = lms.gradebook.cell(AMINA)
    assert (cell.given, cell.maximum, cell.comment) == (6, 8, "Gaps: 6 out of 8.")


@reported("lti-r10")
@pytest.mark.parametrize(
    ("status_code", "body"),
    [(200, b""), (200, b"OK"), (200, b"{}"), (201, b"{}"), (202, b""), (204, b"")],
)
def test_a_score_is_accepted_with_any_success(
    cast: Cast, lms: FakePlatform, clock: Clock, status_code: int, body: bytes
) -> None:
    lms.fail("scores", Fault(status_code, body, late=True))
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).state == Delivery.State.DELIVERED
    assert lms.gradebook.cell(AMINA).given == 6
    clock.go_on(3600)
    assert deliver_due() == 0


@reported("lti-r11")
@pytest.mark.parametrize(
    ("status_code", "told"),
    [
        *(
            (200, {"token_type": "Bearer", "expires_in": seconds})
            for seconds in ("3600", "60", 3600.0, -1, None, 0, 10**9)
        ),
        (201, {"token_type": "Bearer", "expires_in": 3600}),
        (200, {"expires_in": 3600}),
        (200, {}),
    ],
)
def test_a_token_may_be_told_in_several_ways(
    cast: Cast, lms: FakePlatform, clock: Clock, status_code: int, told: dict[str, object]
) -> None:
    lms.tokens.valid.add("theirs")
    body = json.dumps({"access_token": "theirs", **told}).encode()
    lms.always_fail("token", Fault(status_code, body))
    report(cast, cast.amina)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


@reported("lti-r01")
def test_a_score_goes_with_a_token_for_an_audience_of_its_own(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Brightspace's token endpoint has another address than the audience that it expects."""
    audience = "https://api.brightspace.com/auth/token"
    Registration.objects.update(auth_audience=audience)
    report(cast, cast.amina)
    deliver_due()
    assertion = lms.asked_for("token")[0].form["client_assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == audience
    assert claims["iss"] == claims["sub"] == "client-1"
    assert jwt.get_unverified_header(assertion)["kid"] == KID
    assert lms.gradebook.cell(AMINA).given == 6


def test_canvas_hears_where_the_answers_are_and_makes_one_submission(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(5)
    report(cast, cast.amina, "7")
    deliver_due()
    first, again = (sent["https://canvas.instructure.com/lti/submission"] for sent in lms.scores)
    # Where it preserves, Canvas takes no mark at all; and it yields to any that is there.
    assert first == {
        "new_submission": True,
        "preserve_score": False,
        "prioritize_non_tool_grade": True,
        "submission_type": "basic_lti_launch",
        "submission_data": (
            f"http://localhost:8001/lti/launch/?submission_of={AMINA}&submission_at=link-2"
        ),
    }
    assert again == {**first, "new_submission": False, "prioritize_non_tool_grade": False}


def test_a_delivered_row_is_settled_and_not_sent_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(3600)
    assert deliver_due() == 0
    row = row_of(cast.amina)
    assert (row.state, row.leased_by, row.leased_until) == (Delivery.State.DELIVERED, "", None)
    assert row.delivered_at is not None
    assert len(lms.scores) == 1


def test_nothing_due_asks_nobody(lms: FakePlatform) -> None:
    assert deliver_due() == 0
    assert lms.asked == []
    assert outbox.next_due_at() is None


def test_the_limit_bounds_a_round(cast: Cast, lms: FakePlatform) -> None:
    report(cast, cast.amina)
    report(cast, cast.ben)
    assert deliver_due(limit=1) == 1
    assert len(lms.scores) == 1
    assert deliver_due(limit=1) == 1
    assert {sent["userId"] for sent in lms.scores} == {AMINA, BEN}


def test_who_waits_longest_goes_first(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.ben)
    clock.go_on(1)
    report(cast, cast.amina)
    deliver_due()
    assert [sent["userId"] for sent in lms.scores] == [BEN, AMINA]


# --- leases and revisions ---


def test_a_leased_row_is_nobody_elses(cast: Cast, lms: FakePlatform) -> None:
    report(cast, cast.amina)
    (held,) = outbox.lease(1)
    assert outbox.lease(1) == []
    report(cast, cast.ben)
    (other,) = outbox.lease(1)
    assert other.row.pk != held.row.pk
    assert other.row.leased_by != held.row.leased_by


def test_a_lease_runs_out(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    (_dead,) = outbox.lease(1)
    clock.go_on(leasing.LEASE.total_seconds())
    assert deliver_due() == 0  # to the very end it is held
    clock.go_on(1)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_a_lease_outlasts_everything_done_under_it() -> None:
    # a token, then a column found, then made, then the score; each once more after a 401
    calls = 2 * 4
    assert calls * (http.CONNECT_SECONDS + http.READ_SECONDS) < leasing.LEASE.total_seconds()


def test_who_lost_the_lease_settles_nothing(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    (slow,) = outbox.lease(1)
    clock.go_on(leasing.LEASE.total_seconds() + 1)
    (fresh,) = outbox.lease(1)
    outbox.settle([Outcome(slow, None, None)])
    row = row_of(cast.amina)
    assert row.state == Delivery.State.DUE
    assert row.leased_by == fresh.row.leased_by


def test_a_newer_mark_while_sending_stays_due(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina, "6")
    (sending,) = outbox.lease(1)
    report(cast, cast.amina, "7")
    outbox.settle([outbox.send(sending)])
    row = row_of(cast.amina)
    assert (row.state, row.leased_by) == (Delivery.State.DUE, "")
    assert lms.gradebook.cell(AMINA).given == 6
    clock.go_on(1)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 7
    assert row_of(cast.amina).state == Delivery.State.DELIVERED


def test_a_newer_mark_survives_the_failure_of_the_older_one(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina, "6")
    (sending,) = outbox.lease(1)
    report(cast, cast.amina, "7")
    lms.fail("scores", Fault(404))
    outbox.settle([outbox.send(sending)])
    assert row_of(cast.amina).state == Delivery.State.DUE
    assert row_of(cast.amina).problem == ""


# --- timestamps ---


def test_a_remark_in_the_same_second_waits_for_the_next_one(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina, "6")
    deliver_due()
    report(cast, cast.amina, "7")
    assert deliver_due() == 0
    clock.go_on(0.7)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7


def test_timestamps_strictly_increase_in_whole_seconds_and_are_never_ahead(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    seen = []
    for given in range(8):
        report(cast, cast.amina, str(given))
        while deliver_due() == 0:
            clock.go_on(0.3)
        sent = datetime.fromisoformat(lms.scores[-1]["timestamp"])
        assert sent.microsecond == 0
        assert sent <= clock.time
        seen.append(sent)
    assert seen == sorted(set(seen))
    assert lms.gradebook.cell(AMINA).accepted == 8


def test_a_try_after_a_crash_carries_a_later_second(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """The gradebook took the score, the deliverer died before it could write that down."""
    report(cast, cast.amina)
    (dying,) = outbox.lease(1)
    outbox.send(dying)
    clock.go_on(leasing.LEASE.total_seconds() + 1)
    deliver_due()
    first, second = (datetime.fromisoformat(sent["timestamp"]) for sent in lms.scores)
    assert first < second
    assert row_of(cast.amina).state == Delivery.State.DELIVERED
    assert (lms.gradebook.cell(AMINA).given, lms.gradebook.cell(AMINA).accepted) == (6, 2)


def test_a_clock_that_was_set_back_sends_nothing_older(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(-30)
    report(cast, cast.amina, "7")
    assert deliver_due() == 0
    clock.go_on(31)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7


# --- when it fails ---

PASSING: list[tuple[Fault, DeliveryProblem]] = [
    (Fault(500), DeliveryProblem.SERVER_ERROR),
    (Fault(502), DeliveryProblem.SERVER_ERROR),
    (Fault(503), DeliveryProblem.SERVER_ERROR),
    (Fault(408), DeliveryProblem.BUSY),
    (Fault(429), DeliveryProblem.BUSY),
    (Fault(403), DeliveryProblem.NOT_ALLOWED),
    (Fault(302, headers={"Location": "/elsewhere"}), DeliveryProblem.ANSWER_UNREADABLE),
    (Fault(reset=True), DeliveryProblem.UNREACHABLE),
    (Fault(200, b"{", truncated=True), DeliveryProblem.UNREACHABLE),
    (Fault(200, b" " * (http.MAX_BYTES + 1)), DeliveryProblem.ANSWER_UNREADABLE),
    (HTML_PAGE, DeliveryProblem.ANSWER_UNREADABLE),
]
PERMANENT = [
    (Fault(400), DeliveryProblem.NOT_ACCEPTED),
    (Fault(422), DeliveryProblem.NOT_ACCEPTED),
    (Fault(413), DeliveryProblem.NOT_ACCEPTED),
    (Fault(418), DeliveryProblem.NOT_ACCEPTED),
]


def _name(value: object) -> str:
    if isinstance(value, Fault):
        return "reset" if value.reset else "cut" if value.truncated else str(value.status)
    return str(value)


@pytest.mark.parametrize(("fault", "problem"), PASSING, ids=_name)
def test_what_passes_is_tried_again_by_itself(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault, problem: DeliveryProblem
) -> None:
    report(cast, cast.amina)
    lms.fail("scores", fault)
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem, row.tries) == (Delivery.State.DUE, problem, 1)
    assert row.next_try_at > clock.time
    assert row.leased_until is None
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert (found.progress, found.is_settled) == (ScoreProgress.TRYING_AGAIN, False)
    clock.go_on(60)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6
    row = row_of(cast.amina)
    assert (row.state, row.problem, row.detail) == (Delivery.State.DELIVERED, "", "")


@pytest.mark.parametrize(("fault", "problem"), PERMANENT, ids=_name)
def test_what_is_final_waits_for_a_person(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault, problem: DeliveryProblem
) -> None:
    report(cast, cast.amina)
    lms.fail("scores", fault)
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.REFUSED, problem)
    assert str(fault.status) in row.detail
    clock.go_on(24 * 3600)
    assert deliver_due() == 0
    grades.send_again(cast.course.link, [cast.amina.user])
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_a_hanging_platform_is_given_up(
    cast: Cast, lms: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    report(cast, cast.amina)
    lms.fail("scores", Fault(hang=True))
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.UNREACHABLE)


def test_a_platform_that_is_gone(cast: Cast, clock: Clock) -> None:
    with FakePlatform() as server:
        server.connect(cast.course)
    report(cast, cast.amina)
    assert deliver_due() == 1
    assert row_of(cast.amina).problem == DeliveryProblem.UNREACHABLE


def test_pauses_grow_and_stay_bounded(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    lms.always_fail("scores", Fault(403))  # of this score alone: its queue stays open
    pauses_seen = []
    for tries in range(1, 16):
        assert deliver_due() == 1
        row = row_of(cast.amina)
        assert row.tries == tries
        pauses_seen.append((row.next_try_at - clock.time).total_seconds())
        clock.time = row.next_try_at
    assert 1 <= pauses_seen[0] <= 2
    for n, pause in enumerate(pauses_seen):
        longest = min(2.0 * 2**n, backoff.MAX_DELAY)
        assert longest / 2 <= pause <= longest
    assert pauses_seen[-1] >= backoff.MAX_DELAY / 2


@pytest.mark.parametrize(
    ("said", "least"), [("120", 120), ("999999", 1800), ("soon", 1), ("99999", 1800)]
)
def test_a_platform_may_ask_to_wait(
    cast: Cast, lms: FakePlatform, clock: Clock, said: str, least: int
) -> None:
    report(cast, cast.amina)
    lms.fail("scores", Fault(429, headers={"Retry-After": said}))
    deliver_due()
    pause = (row_of(cast.amina).next_try_at - clock.time).total_seconds()
    assert least <= pause <= max(least, 2)


def test_a_new_mark_does_not_wait_for_the_pause_of_the_old_one(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    lms.fail("scores", *[Fault(500)] * 6)
    for _ in range(6):
        deliver_due()
        clock.time = row_of(cast.amina).next_try_at
    clock.go_on(-10)
    report(cast, cast.amina, "7")
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 7


def test_one_bad_row_does_not_hold_up_the_others(cast: Cast, lms: FakePlatform) -> None:
    lms.gradebook.strangers = {AMINA}
    report(cast, cast.amina)
    report(cast, cast.ben)
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.NOT_ACCEPTED
    assert lms.gradebook.cell(BEN).given == 6


@pytest.mark.parametrize(
    "address", ["http://[::1/x/lineitem", "http://[bad]/lineitem", "http:///x"]
)
def test_an_impossible_address_does_not_stop_the_deliverer(
    cast: Cast, lms: FakePlatform, address: str
) -> None:
    LineItem.objects.filter(link=cast.other_course.link).update(url=address)
    assert grades.report_score(cast.other_course.link, cast.otis.user, score())
    report(cast, cast.amina)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6
    row = row_of(cast.otis)
    assert row.problem == DeliveryProblem.UNREACHABLE
    assert row.leased_until is None


@pytest.mark.parametrize("switch", ["registration", "deployment"])
def test_a_platform_that_is_switched_off_is_not_called(
    cast: Cast, lms: FakePlatform, clock: Clock, switch: str
) -> None:
    def turn(*, on: bool) -> None:
        if switch == "registration":
            Registration.objects.update(is_active=on)
        else:
            Deployment.objects.update(is_approved=on)

    turn(on=False)
    report(cast, cast.amina)
    deliver_due()
    assert lms.asked == []
    assert row_of(cast.amina).problem == DeliveryProblem.REGISTRATION_INACTIVE
    turn(on=True)
    clock.go_on(5)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


def test_a_token_that_the_platform_forgot_costs_no_try(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    lms.tokens.valid.clear()
    clock.go_on(2)
    report(cast, cast.amina, "7")
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 7
    assert row_of(cast.amina).tries == 0


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(400, b'{"error": "invalid_client"}'), DeliveryProblem.TOKEN_REFUSED),
        (Fault(503), DeliveryProblem.SERVER_ERROR),
        (HTML_PAGE, DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(reset=True), DeliveryProblem.UNREACHABLE),
    ],
    ids=_name,
)
def test_no_token_is_a_passing_problem(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    problem: DeliveryProblem,
) -> None:
    monkeypatch.setattr(tokens, "FAILURE_SECONDS", 0.0)  # the test's clock runs ahead of it
    report(cast, cast.amina)
    lms.fail("token", fault)
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, problem)
    assert lms.scores == []
    clock.go_on(5)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


def test_neither_token_nor_words_of_the_platform_are_kept(
    cast: Cast, lms: FakePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    report(cast, cast.amina)
    lms.fail("scores", Fault(500, b"Amina Abdullahi, token-1"))
    deliver_due()
    kept = row_of(cast.amina).detail + caplog.text
    assert "status 500" in kept
    assert "Amina" not in kept
    assert "token-1" not in kept


# --- what the deliverer wakes for ---


def test_the_next_due_moment_is_the_earliest(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    lms.fail("scores", Fault(500))
    deliver_due()
    later = row_of(cast.amina).next_try_at
    assert outbox.next_due_at() == later
    report(cast, cast.ben)
    assert outbox.next_due_at() == clock.time


def test_due_now_leaves_what_is_delivered(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(5)
    assert outbox.make_due(Delivery.objects.all()) == 0
    assert deliver_due() == 0


def test_what_is_sent_again_is_on_its_way(cast: Cast, lms: FakePlatform) -> None:
    """What was wrong with the last try is no news of this one."""
    lms.fail("scores", Fault(500, b"locked"))
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.SERVER_ERROR
    assert outbox.make_due(Delivery.objects.all()) == 1
    row = row_of(cast.amina)
    assert (row.state, row.problem, row.detail, row.tries) == (Delivery.State.DUE, "", "", 0)


def everything_of(row: Delivery) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_settling_touches_no_other_row(cast: Cast, lms: FakePlatform) -> None:
    report(cast, cast.ben)
    Delivery.objects.filter(user=cast.ben.user).update(
        next_try_at=timezone.now() + timedelta(hours=1)
    )
    before = everything_of(row_of(cast.ben))
    report(cast, cast.amina)
    deliver_due()
    assert everything_of(row_of(cast.ben)) == before


# --- Canvas ---

SUBMISSION = "https://canvas.instructure.com/lti/submission"


@pytest.fixture(params=["canvas", "Canvas"])
def canvas(cast: Cast, lms: FakePlatform, request: pytest.FixtureRequest) -> FakePlatform:
    Registration.objects.update(product=request.param)
    return lms


def test_canvas_gets_each_comment_once(cast: Cast, canvas: FakePlatform, clock: Clock) -> None:
    for given, comment in [("6", "Gaps."), ("7", "Gaps."), ("8", "Well done."), ("8", "")]:
        clock.go_on(2)
        report(cast, cast.amina, given, comment=comment)
        deliver_due()
    comments = [sent.get("comment") for sent in canvas.scores]
    assert comments == ["Gaps.", None, "Well done.", ""]


def test_moodle_gets_the_comment_with_every_score(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    for given in ("6", "7"):
        clock.go_on(2)
        report(cast, cast.amina, given)
        deliver_due()
    assert [sent["comment"] for sent in lms.scores] == ["Gaps: 6 out of 8."] * 2


def test_a_comment_whose_score_failed_goes_with_the_next_try(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    canvas.fail("scores", Fault(500))
    deliver_due()
    clock.go_on(5)
    deliver_due()
    assert [sent["comment"] for sent in canvas.scores] == ["Gaps: 6 out of 8."] * 2


def status(cast: Cast) -> ScoreStatus:
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    return found


def hand_in(cast: Cast, given: Decimal | None, submitted_at: datetime | None) -> bool:
    link = ResourceLink.objects.get(pk=cast.course.link.pk)
    handed_in = Score(given, Decimal(8), "", submitted_at)
    return grades.report_score(link, cast.amina.user, handed_in)


def test_canvas_hears_of_a_submission_that_has_no_mark_yet(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    submitted_at = clock.time - timedelta(seconds=3)
    assert hand_in(cast, None, submitted_at)
    deliver_due()
    clock.go_on(60)
    hand_in(cast, Decimal(7), submitted_at)
    deliver_due()
    first, marked = canvas.scores
    assert "scoreGiven" not in first
    assert (first["activityProgress"], first["gradingProgress"]) == ("Submitted", "PendingManual")
    assert first[SUBMISSION]["new_submission"] is True
    assert first[SUBMISSION]["preserve_score"] is True
    assert datetime.fromisoformat(first[SUBMISSION]["submitted_at"]) == submitted_at
    assert marked["scoreGiven"] == 7
    assert marked[SUBMISSION]["new_submission"] is False
    assert marked[SUBMISSION]["preserve_score"] is False


def test_another_attempt_is_another_submission(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    hand_in(cast, Decimal(3), clock.time)
    deliver_due()
    clock.go_on(60)
    hand_in(cast, Decimal(5), clock.time)
    deliver_due()
    assert [sent[SUBMISSION]["new_submission"] for sent in canvas.scores] == [True, True]


def new_submissions(lms: FakePlatform) -> list[bool]:
    return [sent[SUBMISSION]["new_submission"] for sent in lms.scores]


def test_a_limit_of_attempts_in_canvas_swallows_no_mark(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    canvas.gradebook.allowed_attempts = 1
    hand_in(cast, Decimal(3), clock.time)
    deliver_due()
    assert not status(cast).attempts_used_up
    clock.go_on(60)
    second = clock.time
    hand_in(cast, Decimal(5), second)
    deliver_due()
    assert new_submissions(canvas) == [True, True, False]
    assert canvas.gradebook.cell(AMINA).given == 5
    assert status(cast).progress == ScoreProgress.IN_GRADEBOOK
    assert status(cast).attempts_used_up
    clock.go_on(60)  # the teacher marks it
    hand_in(cast, Decimal(7), second)
    deliver_due()
    assert new_submissions(canvas)[3:] == [False]
    assert canvas.gradebook.cell(AMINA).given == 7
    assert status(cast).attempts_used_up
    clock.go_on(60)
    canvas.gradebook.allowed_attempts = 2
    hand_in(cast, Decimal(8), clock.time)
    deliver_due()
    assert new_submissions(canvas)[4:] == [True]
    assert not status(cast).attempts_used_up


def test_a_hand_in_without_attempts_left_waits_for_its_mark(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    canvas.gradebook.allowed_attempts = 0
    submitted_at = clock.time
    hand_in(cast, None, submitted_at)
    deliver_due()
    assert status(cast).attempts_used_up
    clock.go_on(60)
    hand_in(cast, Decimal(7), submitted_at)
    deliver_due()
    assert new_submissions(canvas) == [True, False, False]
    assert canvas.gradebook.cell(AMINA).given == 7


@pytest.mark.parametrize(
    ("may_read", "fault", "again"),
    [
        (True, Fault(reset=True, late=True), False),
        (True, Fault(503), True),
        (False, Fault(reset=True, late=True), False),
        (False, Fault(503), False),  # it may have arrived
    ],
)
def test_a_hand_in_whose_answer_was_lost_uses_up_one_attempt(
    cast: Cast, canvas: FakePlatform, clock: Clock, may_read: bool, fault: Fault, again: bool
) -> None:
    if may_read:
        scopes = [Scope.SCORE, Scope.RESULT_READONLY]
        LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    hand_in(cast, None, clock.time)
    deliver_due()
    clock.go_on(60)
    submitted_at = clock.time
    canvas.fail("scores", fault)
    hand_in(cast, None, submitted_at)
    deliver_due()
    clock.go_on(60)
    deliver_due()
    assert new_submissions(canvas) == [True, True, again]
    clock.go_on(60)
    hand_in(cast, Decimal(7), submitted_at)
    deliver_due()
    assert new_submissions(canvas)[3:] == [False]
    assert canvas.gradebook.cell(AMINA).given == 7


@pytest.mark.parametrize("given", [None, Decimal(7)])
def test_a_mark_that_overtakes_a_lost_hand_in_is_no_second_one(
    cast: Cast, canvas: FakePlatform, clock: Clock, given: Decimal | None
) -> None:
    scopes = [Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    submitted_at = clock.time
    canvas.fail("scores", Fault(reset=True, late=True))
    hand_in(cast, None, submitted_at)
    deliver_due()
    clock.go_on(60)
    hand_in(cast, given, submitted_at)
    deliver_due()
    assert new_submissions(canvas) == [True, False]
    assert canvas.gradebook.cell(AMINA).submissions == 1


UNPUBLISHED = b'{"errors":[{"field":"grade","message":"cannot be changed at this time: This \
assignment is still unpublished","error_code":null}]}'
CONCLUDED = b'{"errors":{"message":"This course has concluded. AGS requests will no longer be \
accepted for this course."}}'
REMOVED = b'{"errors":{"message":"Access Token not linked to a Tool associated with this Context"}}'
NO_STUDENT = b'{"errors":{"message":"User not found in course or is not a student"}}'


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(422, UNPUBLISHED), DeliveryProblem.UNPUBLISHED),
        (Fault(422, CONCLUDED), DeliveryProblem.COURSE_OVER),
        (Fault(401, REMOVED), DeliveryProblem.TOOL_REMOVED),
        (Fault(422, NO_STUDENT), DeliveryProblem.NOT_ACCEPTED),
    ],
)
def test_what_canvas_refuses_is_said_and_not_tried_for_ever(
    cast: Cast, canvas: FakePlatform, clock: Clock, fault: Fault, problem: DeliveryProblem
) -> None:
    canvas.always_fail("scores", fault)
    report(cast, cast.amina)
    deliver_due()
    assert (status(cast).progress, status(cast).problem) == (ScoreProgress.NOT_ACCEPTED, problem)
    clock.go_on(24 * 3600)
    assert deliver_due() == 0
    canvas.mend()
    grades.send_again(cast.course.link)
    assert deliver_due() == 1
    assert canvas.gradebook.cell(AMINA).given == 6


def test_a_course_that_canvas_no_longer_finds_is_over(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    for endpoint in ("scores", "find", "results"):
        canvas.always_fail(endpoint, Fault(404))
    clock.go_on(60)
    report(cast, cast.amina, "7")
    deliver_due()
    assert status(cast).problem == DeliveryProblem.COURSE_OVER
    clock.go_on(24 * 3600)
    assert deliver_due() == 0


def test_a_score_whose_answer_was_lost_is_no_second_submission(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    scopes = [Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    canvas.fail("scores", Fault(reset=True, late=True))
    hand_in(cast, Decimal(3), clock.time)
    deliver_due()
    clock.go_on(60)
    assert deliver_due() == 1
    assert len(canvas.scores) == 1
    assert row_of(cast.amina).state == Delivery.State.DELIVERED


def test_the_same_mark_of_before_is_not_taken_for_this_one(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    """Twice 6, with another comment: the first arrived without a word, the second did not."""
    scopes = [Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    canvas.fail("scores", Fault(reset=True, late=True), Fault(500))
    report(cast, cast.amina, comment="A")
    deliver_due()
    clock.go_on(60)
    report(cast, cast.amina, comment="B")
    deliver_due()
    clock.go_on(60)
    assert deliver_due() == 1
    assert canvas.gradebook.cell(AMINA).comment == "B"


def test_canvas_is_told_no_submission_of_the_future(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    """Ours is five minutes fast; Canvas refuses more than one."""
    canvas.clock_ahead = -300
    hand_in(cast, Decimal(3), clock.time)
    deliver_due()
    (sent,) = canvas.scores
    there = clock.time - timedelta(seconds=300)
    assert datetime.fromisoformat(sent["timestamp"]) <= there
    assert datetime.fromisoformat(sent[SUBMISSION]["submitted_at"]) <= there


def test_other_platforms_hear_nothing_before_there_is_a_mark(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Moodle would erase the grade that is there."""
    assert not hand_in(cast, None, clock.time)
    assert not Delivery.objects.exists()


def test_who_insists_overrules_a_grade_of_the_teachers_in_canvas(
    cast: Cast, canvas: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    Delivery.objects.update(state=Delivery.State.CHANGED)
    clock.go_on(2)
    replace(cast)
    deliver_due()
    protects = [sent[SUBMISSION]["prioritize_non_tool_grade"] for sent in canvas.scores]
    assert protects == [True, False]
