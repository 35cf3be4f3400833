"""A look at a cell that fails says nothing about writing: no new column, and no wait for ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from lti_tool import grades
from lti_tool.grades import Score, ScoreProgress, ScoreStatus, outbox
from lti_tool.grades.outbox import looking, results_cache
from lti_tool.grades.status_texts import explanation, sentence
from lti_tool.models import Delivery, LineItem, PlatformQueue, Registration
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import http
from lti_tool.services.errors import DeliveryProblem
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.deciding import replace
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import HTML_PAGE, Fault
from tests.platform.services import Cell
from tests.reported import reported

AMINA, BEN = "101", "102"
RESULTS = [Scope.SCORE, Scope.RESULT_READONLY]


@pytest.fixture
def lms(readable: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> FakePlatform:
    """Each look is one of its own: those of a class are shared for seconds of the real clock."""
    monkeypatch.setattr(results_cache, "SECONDS", -1.0)
    return readable


def report(cast: Cast, given: str, *people: Someone) -> None:
    for someone in people or (cast.amina,):
        score = Score(Decimal(given), Decimal(8), "Gaps.")
        assert grades.report_score(cast.course.link, someone.user, score)


def deliver(cast: Cast, clock: Clock, given: str, *people: Someone) -> None:
    clock.go_on(5)
    report(cast, given, *people)
    deliver_due()


def again(clock: Clock, times: int = 1) -> None:
    """Let every pause end, and try what is due."""
    for _time in range(times):
        clock.go_on(60)
        deliver_due()


def status(cast: Cast, someone: Someone | None = None) -> ScoreStatus:
    found = grades.score_status(cast.course.link, (someone or cast.amina).user)
    assert found is not None
    return found


def failed_looks(cast: Cast) -> int:
    return PlatformQueue.objects.get(pk=cast.course.deployment.registration_id).failed_looks


def by_hand(cast: Cast, lms: FakePlatform, clock: Clock, given: float, sub: str = AMINA) -> None:
    """A teacher's grade in a cell that no score has come to, in percent."""
    column = urlsplit(LineItem.objects.get(link=cast.course.link).url).path
    moment = clock.time - timedelta(days=1)
    lms.gradebook.cells[column, sub] = Cell(given, 100, "By hand.", moment)


def elsewhere(body: bytes = b"[]", address: str = "http://elsewhere.example/r") -> Fault:
    """A page of results that is followed by one on another host."""
    return Fault(200, body, {"Link": f'<{address}>; rel="next"'})


UNREADABLE = [
    pytest.param(Fault(404), id="404"),
    pytest.param(Fault(410), id="410"),
    pytest.param(Fault(412), id="412"),
    pytest.param(Fault(400), id="400"),
    pytest.param(Fault(401), id="401"),
    pytest.param(Fault(403), id="403"),
    pytest.param(Fault(409), id="409"),
    pytest.param(Fault(422, b"this course has concluded"), id="concluded"),
    pytest.param(Fault(401, b"token not linked to a tool"), id="removed"),
    pytest.param(Fault(429), id="429"),
    pytest.param(Fault(500), id="500"),
    pytest.param(Fault(501), id="501", marks=reported("lti-02a")),
    pytest.param(Fault(503), id="503"),
    pytest.param(Fault(204), id="204", marks=reported("lti-02b")),
    pytest.param(Fault(200), id="empty"),
    pytest.param(Fault(200, b'{"results": []}'), id="object"),
    pytest.param(Fault(200, b"null"), id="null"),
    pytest.param(Fault(302, headers={"Location": "/login"}), id="redirect"),
    pytest.param(HTML_PAGE, id="html"),
    pytest.param(elsewhere(), id="elsewhere"),
    pytest.param(elsewhere(address="https://127.0.0.1/r"), id="scheme"),
    pytest.param(Fault(reset=True), id="reset"),
    pytest.param(Fault(200, b"[", truncated=True), id="cut off"),
]


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("which", ["first", "second"])
def test_after_three_looks_that_fail_the_score_goes_without_one(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault, which: str
) -> None:
    if which == "second":
        deliver(cast, clock, "0")
    before = len(lms.scores)
    lms.always_fail("results", fault)
    deliver(cast, clock, "5")
    for _look in range(2):
        assert len(lms.scores) == before
        assert status(cast).progress == ScoreProgress.TRYING_AGAIN
        assert "We keep trying." in str(explanation(status(cast)))
        again(clock)
    assert [score["scoreGiven"] for score in lms.scores[before:]] == [5]
    assert lms.gradebook.cell(AMINA).given == 5
    found = status(cast)
    assert (found.progress, found.problem) == (ScoreProgress.IN_GRADEBOOK, None)
    assert "Sent without looking" in str(explanation(found))
    assert str(sentence(found)) == "In the gradebook."
    assert lms.asked_for("make") == []
    assert lms.asked_for("find") == []


@pytest.mark.parametrize("which", ["first", "second"])
def test_results_that_never_come_hold_nothing_up_for_ever(
    cast: Cast, lms: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    if which == "second":
        deliver(cast, clock, "0")
    monkeypatch.setattr(http, "READ_SECONDS", 0.5)
    lms.always_fail("results", Fault(hang=True))
    deliver(cast, clock, "5")
    again(clock, 2)
    assert lms.gradebook.cell(AMINA).given == 5
    assert status(cast).sent_unseen


def test_a_scope_that_the_token_endpoint_refuses_is_a_look_that_fails(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """The claim still names it; the administrator has withdrawn it."""
    LineItem.objects.update(scopes=RESULTS)
    lms.tokens.scopes, lms.tokens.is_strict = {Scope.SCORE}, True
    deliver(cast, clock, "5")
    again(clock, 2)
    assert lms.gradebook.cell(AMINA).given == 5
    assert status(cast).sent_unseen
    assert lms.asked_for("results") == []


@reported("lti-01a")
def test_a_column_that_cannot_be_read_takes_the_scores_of_a_class(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Blackboard lists columns and results only where the tool made the column."""
    pupils = [make_someone(cast.course, f"11{n}", f"Pupil {n}", PUPIL) for n in range(4)]
    lms.always_fail("results", Fault(404, b"{}"))
    deliver(cast, clock, "5", *pupils)
    assert len(lms.scores) == 2  # from the third look on nobody waits
    again(clock)
    assert {score["userId"] for score in lms.scores} == {pupil.user.sub for pupil in pupils}
    assert {urlsplit(asked.target).path for asked in lms.asked_for("scores")} == {
        "/2/lineitems/1/lineitem/scores"
    }
    assert lms.asked_for("make") == lms.asked_for("find") == []
    assert set(Delivery.objects.values_list("state", "sent_unseen")) == {("delivered", True)}


@reported("lti-01c")
def test_without_the_scope_of_columns_the_score_goes_too(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.update(scopes=RESULTS)
    lms.always_fail("results", Fault(404, b"{}"))
    deliver(cast, clock, "5")
    again(clock, 2)
    assert lms.gradebook.cell(AMINA).given == 5


@pytest.mark.parametrize("which", ["first", "second"])
@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://127.0.0.1/r", marks=reported("lti-02d")),
        pytest.param("http://elsewhere.example/r"),
    ],
)
def test_a_cell_on_the_first_page_is_seen_wherever_the_next_one_is(
    cast: Cast, lms: FakePlatform, clock: Clock, which: str, address: str
) -> None:
    row = b'[{"userId": "101", "resultScore": %d, "resultMaximum": 8}]'
    if which == "second":
        deliver(cast, clock, "3")
        lms.always_fail("results", elsewhere(row % 3, address))
        deliver(cast, clock, "5")
        assert lms.gradebook.cell(AMINA).given == 5
        assert not status(cast).sent_unseen
    lms.always_fail("results", elsewhere(row % 7, address))
    deliver(cast, clock, "6")
    assert status(cast).progress == ScoreProgress.CHANGED
    assert failed_looks(cast) == 0


@reported("lti-03a")
@pytest.mark.parametrize("which", ["first", "second"])
def test_a_result_of_another_column_is_no_grade_of_this_one(
    cast: Cast, lms: FakePlatform, clock: Clock, which: str
) -> None:
    if which == "second":
        deliver(cast, clock, "0")
    rows = (
        b'[{"scoreOf": "%s/2/lineitems/77/lineitem", "userId": "101", "resultScore": 3,'
        b' "resultMaximum": 10}, {"userId": "102", "resultScore": 4, "resultMaximum": 10}]'
    )
    lms.always_fail("results", Fault(200, rows % lms.url.encode()))
    deliver(cast, clock, "5")
    assert lms.gradebook.cell(AMINA).given == 5
    assert (status(cast).progress, status(cast).sent_unseen) == (ScoreProgress.IN_GRADEBOOK, False)


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_grade_that_is_a_text_is_not_overwritten(
    cast: Cast, lms: FakePlatform, clock: Clock, which: str
) -> None:
    if which == "second":
        deliver(cast, clock, "3")
    row = b'[{"userId": "101", "resultScore": "90.0", "resultMaximum": "100"}]'
    lms.always_fail("results", Fault(200, row))
    before = len(lms.scores)
    deliver(cast, clock, "5")
    assert len(lms.scores) == before
    assert status(cast).progress == ScoreProgress.CHANGED


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_grade_that_is_no_number_is_a_look_that_fails(
    cast: Cast, lms: FakePlatform, clock: Clock, which: str
) -> None:
    if which == "second":
        deliver(cast, clock, "3", cast.amina, cast.ben)
    rows = (
        b'[{"userId": "101", "resultScore": "A", "resultMaximum": 100},'
        b' {"userId": "102", "resultScore": 37.5, "resultMaximum": 100}]'
    )
    lms.always_fail("results", Fault(200, rows))
    before = len(lms.scores)
    deliver(cast, clock, "5", cast.amina, cast.ben)
    assert [score["userId"] for score in lms.scores[before:]] == [BEN] * (which == "second")
    again(clock, 3)
    assert lms.gradebook.cell(AMINA).given == 5
    assert status(cast).sent_unseen
    assert not status(cast, cast.ben).sent_unseen


# --- the count ---


def test_other_scores_of_the_platform_do_not_wait_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "0", cast.amina, cast.ben)
    lms.always_fail("results", Fault(501))
    deliver(cast, clock, "5", cast.amina)
    again(clock, 2)
    looks = len(lms.asked_for("results"))
    deliver(cast, clock, "6", cast.ben)
    assert lms.gradebook.cell(BEN).given == 6
    assert status(cast, cast.ben).sent_unseen
    assert len(lms.asked_for("results")) == looks + 1  # each looks first all the same


def test_another_platform_has_a_count_of_its_own(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    lms.always_fail("results", Fault(404))
    deliver(cast, clock, "5")
    again(clock, 2)
    pupil = make_someone(cast.elsewhere, "301", "Ela Novak", PUPIL)
    lms.connect(cast.elsewhere)
    LineItem.objects.update(scopes=RESULTS)
    clock.go_on(5)
    grades.report_score(cast.elsewhere.link, pupil.user, Score(Decimal(5), Decimal(8), "."))
    deliver_due()
    assert len(lms.scores) == 1


def test_a_look_that_works_begins_the_count_anew(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "3", cast.amina, cast.ben)
    for _time in range(3):
        lms.fail("results", Fault(404))
        deliver(cast, clock, "5", cast.amina)
        again(clock)
        lms.fail("results", Fault(404), Fault(410))
        deliver(cast, clock, "6", cast.ben)
        again(clock)
        assert failed_looks(cast) == 2
        again(clock)
        assert failed_looks(cast) == 0
    assert not Delivery.objects.filter(sent_unseen=True).exists()


def test_when_results_can_be_read_again_nothing_is_overwritten(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    lms.always_fail("results", Fault(404))
    deliver(cast, clock, "5")
    again(clock, 2)
    assert status(cast).sent_unseen
    lms.mend()
    lms.gradebook.edit(AMINA, 90)
    deliver(cast, clock, "6")
    assert lms.gradebook.cell(AMINA).given == 90
    assert (status(cast).progress, status(cast).sent_unseen) == (ScoreProgress.CHANGED, False)
    assert failed_looks(cast) == 0


def test_the_receipt_tells_of_the_last_score_alone(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    lms.always_fail("results", Fault(404))
    deliver(cast, clock, "5")
    again(clock, 2)
    lms.mend()
    deliver(cast, clock, "6")
    assert not status(cast).sent_unseen
    assert explanation(status(cast)) is None


def test_several_tries_at_once_count_each(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    pupils = [make_someone(cast.course, f"11{n}", f"Pupil {n}", PUPIL) for n in range(3)]
    deliver(cast, clock, "0", *pupils)
    lms.always_fail("results", Fault(404))
    report(cast, "5", *pupils)
    clock.go_on(5)
    outbox.settle([outbox.send(leased) for leased in outbox.lease(6)])
    assert failed_looks(cast) == 3
    assert [score["scoreGiven"] for score in lms.scores] == [0] * 3
    again(clock)
    assert [score["scoreGiven"] for score in lms.scores[3:]] == [5] * 3


def test_looks_that_worked_beside_those_that_failed_count_too(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """All were leased before the first of them failed."""
    pupils = [make_someone(cast.course, f"11{n}", f"Pupil {n}", PUPIL) for n in range(4)]
    deliver(cast, clock, "0", *pupils)
    lms.fail("results", *[Fault(404)] * 3)
    report(cast, "5", *pupils)
    clock.go_on(5)
    first, second, third, fourth = outbox.lease(8)
    outbox.settle([outbox.send(leased) for leased in (first, second, third)])
    assert failed_looks(cast) == 3
    outbox.settle([outbox.send(fourth)])
    assert failed_looks(cast) == 0


def test_a_column_that_cannot_be_read_while_others_can_does_not_wait_for_ever(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """The looks of the others begin the platform's count anew each time."""
    lms.connect(cast.other_course)
    LineItem.objects.update(scopes=RESULTS)
    lms.gradebook.unreadable = {cast.course.context.lti_id}
    deliver(cast, clock, "5")
    for given in range(3):
        clock.go_on(60)
        score = Score(Decimal(given), Decimal(8), ".")
        grades.report_score(cast.other_course.link, cast.otis.user, score)
        deliver_due()
    assert lms.gradebook.cell(AMINA).given == 5
    assert status(cast).sent_unseen
    other = grades.score_status(cast.other_course.link, cast.otis.user)
    assert other is not None
    assert not other.sent_unseen


# --- a platform that is away ---


@pytest.mark.parametrize(
    "fault", [Fault(503), Fault(reset=True), HTML_PAGE], ids=["503", "reset", "html"]
)
def test_a_platform_that_was_away_overwrites_nothing_when_it_is_back(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault
) -> None:
    deliver(cast, clock, "3", cast.amina, cast.ben)
    for endpoint in ("results", "scores"):
        lms.always_fail(endpoint, fault)
    deliver(cast, clock, "5", cast.amina, cast.ben)
    for _time in range(12):
        clock.go_on(3600)
        deliver_due()
        assert failed_looks(cast) < 3
    lms.gradebook.edit(AMINA, 90)
    lms.gradebook.edit(BEN, 90)
    lms.mend()
    if fault is not HTML_PAGE:  # a last one, while scores are taken again
        lms.fail("results", fault)
    clock.go_on(3600)
    deliver_due()
    clock.go_on(3600)
    deliver_due()
    assert (lms.gradebook.cell(AMINA).given, lms.gradebook.cell(BEN).given) == (90, 90)
    assert status(cast).progress == status(cast, cast.ben).progress == ScoreProgress.CHANGED


@pytest.mark.parametrize("fault", [Fault(reset=True), Fault(500), Fault(502)], ids=repr)
def test_looks_without_an_answer_do_not_send_the_scores_of_others(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault
) -> None:
    """A break of some milliseconds, in which a whole class is looked at."""
    pupils = [make_someone(cast.course, f"11{n}", f"Pupil {n}", PUPIL) for n in range(5)]
    deliver(cast, clock, "3", *pupils)
    lms.fail("results", *[fault] * 5)
    for pupil in pupils:
        lms.gradebook.edit(pupil.user.sub, 90)
    deliver(cast, clock, "5", *pupils)
    again(clock, 3)
    assert {cell.given for cell in lms.gradebook.cells.values()} == {90}


def test_without_a_token_no_look_has_failed(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    lms.tokens.scopes.clear()
    deliver(cast, clock, "5")
    again(clock, 4)
    assert lms.asked_for("results") == []
    assert (failed_looks(cast), Delivery.objects.get().failed_looks) == (0, 0)
    assert status(cast).problem == DeliveryProblem.NOT_ALLOWED


# --- looks after the score ---


def give_up(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    """The platform's results can no longer be read, and that is known."""
    lms.always_fail("results", Fault(404))
    deliver(cast, clock, "4", cast.ben)
    again(clock, 2)
    assert failed_looks(cast) == 3


def test_a_conflict_that_nobody_can_look_behind_is_for_the_teacher(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "3")
    give_up(cast, lms, clock)
    lms.fail("scores", Fault(409))
    deliver(cast, clock, "5")
    assert status(cast).progress == ScoreProgress.CHANGED
    assert status(cast).lms_grade == grades.Grade(None, None)


def test_a_conflict_whose_look_fails_once_is_looked_at_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")  # no look before a first score
    lms.fail("scores", Fault(409))
    lms.fail("results", Fault(404))
    deliver(cast, clock, "5")
    assert status(cast).progress == ScoreProgress.TRYING_AGAIN
    assert len(lms.scores) == 1
    again(clock)
    assert status(cast).progress == ScoreProgress.IN_GRADEBOOK


@pytest.mark.parametrize("fault", [Fault(404), Fault(503), Fault(reset=True)])
def test_who_insists_waits_for_the_looks_and_is_sent_once_without(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault
) -> None:
    """What was decided on may have changed, which nobody can see; then nobody can verify it."""
    deliver(cast, clock, "3")
    lms.gradebook.edit(AMINA, 90)
    deliver(cast, clock, "5")
    before = len(lms.scores)
    lms.always_fail("results", fault)
    assert replace(cast)
    again(clock, looking.MAX_FAILED_LOOKS - 1)
    assert len(lms.scores) == before
    again(clock)
    assert lms.gradebook.cell(AMINA).given == 5
    assert status(cast).progress == ScoreProgress.IN_GRADEBOOK
    assert status(cast).sent_unseen
    again(clock, 3)
    assert len(lms.scores) == before + 1
    assert failed_looks(cast) == looking.MAX_FAILED_LOOKS


SUBMISSION = "https://canvas.instructure.com/lti/submission"


def test_a_lost_hand_in_that_nobody_can_look_up_uses_up_one_attempt(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")
    lms.fail("scores", Fault(reset=True, late=True))
    lms.always_fail("results", Fault(404))
    score = Score(Decimal(5), Decimal(8), "", clock.time)
    grades.report_score(cast.course.link, cast.amina.user, score)
    deliver_due()
    again(clock, 3)
    assert [sent[SUBMISSION]["new_submission"] for sent in lms.scores] == [True, False]
    assert lms.gradebook.cell(AMINA).submissions == 1
    assert status(cast).sent_unseen


# --- another column ---


def test_a_column_that_was_found_is_looked_at_though_the_old_one_could_not_be(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    deliver(cast, clock, "3", cast.amina, cast.ben)
    lms.gradebook.cells.clear()
    lms.gradebook.columns = [
        {"id": lms.gradebook.column_url("2", 77), "resourceLinkId": "link-2", "scoreMaximum": 8}
    ]
    LineItem.objects.filter(pk=cast.course.line_item.pk).update(scopes=[Scope.LINE_ITEM, *RESULTS])
    lms.gradebook.cells["/2/lineitems/77/lineitem", AMINA] = Cell(90, 100, "", clock.time)
    lms.fail("results", *[Fault(404)] * 3)
    lms.fail("scores", Fault(404))
    deliver(cast, clock, "5")
    assert lms.asked_for("find") == []
    again(clock, 2)
    assert LineItem.objects.get(pk=cast.course.line_item.pk).url.endswith("/77/lineitem?type_id=1")
    assert lms.gradebook.cell(AMINA).given == 90
    assert status(cast).progress == ScoreProgress.CHANGED
