"""A link without a column gets one made, once."""

from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from lti_tool import grades
from lti_tool.grades import Score, ScoreProgress, ScoreStatus, outbox
from lti_tool.grades.outbox import leasing
from lti_tool.grades.status_texts import explanation, sentence, without_column
from lti_tool.models import Delivery, LineItem, Registration
from lti_tool.protocol.vocabulary import CANVAS_SUBMISSION, Scope
from lti_tool.services import ags
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast, Someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import HTML_PAGE, Fault
from tests.platform.services import Cell
from tests.reported import reported

AMINA, BEN = "101", "102"


@pytest.fixture
def lms(lms: FakePlatform, cast: Cast) -> FakePlatform:
    lms.connect(cast.course, column=False)
    return lms


def report(cast: Cast, *people: Someone) -> None:
    for someone in people:
        assert grades.report_score(
            cast.course.link, someone.user, Score(Decimal(6), Decimal(8), "Gaps: 6 out of 8.")
        )


def row_of(someone: Someone) -> Delivery:
    return Delivery.objects.get(user=someone.user)


def column(cast: Cast) -> LineItem:
    return LineItem.objects.get(link=cast.course.link)


def test_the_column_is_made_for_the_link(cast: Cast, lms: FakePlatform) -> None:
    report(cast, cast.amina)
    deliver_due()
    (made,) = lms.gradebook.columns
    assert made["resourceLinkId"] == "link-2"
    assert (made["label"], made["scoreMaximum"]) == ("Causes", 8)
    assert column(cast).url == made["id"]
    assert (column(cast).made_by, column(cast).made_until) == ("", None)
    assert lms.gradebook.cell(AMINA).given == 6


def test_one_column_serves_everybody(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina, cast.ben)
    deliver_due()
    clock.go_on(2)
    report(cast, cast.amina)
    deliver_due()
    assert len(lms.asked_for("make")) == 1
    assert lms.gradebook.cell(BEN).given == 6
    assert lms.gradebook.cell(AMINA).accepted == 2


@pytest.mark.parametrize("filters", [True, False])
def test_a_column_that_is_there_is_not_doubled(
    cast: Cast, lms: FakePlatform, filters: bool
) -> None:
    """Also where the platform passes over the question and shows every column it has."""
    lms.gradebook.filters = filters
    lms.gradebook.columns = [
        {
            "id": lms.gradebook.column_url("2", 7),
            "resourceLinkId": "link-of-another",
            "scoreMaximum": 5,
        },
        {"id": lms.gradebook.column_url("2", 9), "resourceLinkId": "link-2", "scoreMaximum": 10},
    ]
    report(cast, cast.amina)
    deliver_due()
    assert column(cast).url == lms.gradebook.column_url("2", 9)
    assert lms.asked_for("make") == []


@reported("lti-r13")
@pytest.mark.parametrize("pages", [1, 2])
def test_of_two_columns_of_one_link_the_first_is_used(
    cast: Cast, lms: FakePlatform, pages: int
) -> None:
    """PrairieLearn/PrairieLearn#15643. Without a filter the link's may be on a later page."""
    listed = [
        {"id": lms.gradebook.column_url("2", number), "resourceLinkId": link}
        for number, link in [(7, "link-of-another"), (8, "link-2"), (9, "link-2")]
    ]
    container = f"{lms.url}/2/lineitems?type_id=1"
    if pages == 2:
        first = {"Link": f'<{container}&page=2>; rel="next"'}
        lms.fail("find", Fault(200, json.dumps(listed[:1]).encode(), first))
    lms.fail("find", Fault(200, json.dumps(listed[pages - 1 :]).encode()))
    report(cast, cast.amina)
    deliver_due()
    assert column(cast).url == lms.gradebook.column_url("2", 8)
    assert ("/2/lineitems/8/lineitem", AMINA) in lms.gradebook.cells
    assert lms.asked_for("make") == []


@reported("lti-r09")
@pytest.mark.parametrize("identifier", ["as Moodle's", "number"])
def test_the_query_of_a_container_is_kept_in_all_addresses(
    cast: Cast, lms: FakePlatform, clock: Clock, identifier: str
) -> None:
    scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(
        container_url=f"{lms.url}/2/lineitems?type_id=4", scopes=scopes
    )
    told = 7 if identifier == "number" else f"{lms.url}/2/lineitems/7/lineitem?type_id=4"
    lms.fail("make", made({"id": told}))
    report(cast, cast.amina)
    deliver_due()
    clock.go_on(5)
    report(cast, cast.amina)
    deliver_due()
    for endpoint in ("find", "make", "results", "scores"):
        assert {asked.query["type_id"] for asked in lms.asked_for(endpoint)} == {"4"}
    assert lms.gradebook.cell(AMINA).accepted == 2


def test_a_column_whose_answer_was_lost_is_found_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    lms.fail("make", Fault(reset=True, late=True))
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.UNREACHABLE
    clock.go_on(5)
    deliver_due()
    assert len(lms.gradebook.columns) == 1
    assert len(lms.asked_for("make")) == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_while_one_makes_the_column_another_waits(
    cast: Cast, lms: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(cast, cast.amina, cast.ben)
    first, second = outbox.lease(4)
    make = ags.make_line_item
    others_turn = [second]

    def meanwhile(*args: object, **kwargs: object) -> str:
        while others_turn:
            outbox.settle([outbox.send(others_turn.pop())])
        return make(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ags, "make_line_item", meanwhile)
    outbox.settle([outbox.send(first)])
    waiting = Delivery.objects.get(pk=second.row.pk)
    assert (waiting.state, waiting.problem) == (Delivery.State.DUE, DeliveryProblem.WAITING)
    assert Delivery.objects.get(pk=first.row.pk).state == Delivery.State.DELIVERED
    clock.go_on(5)
    deliver_due()
    assert len(lms.gradebook.columns) == 1
    assert {AMINA, BEN} == {user for _, user in lms.gradebook.cells}


def test_who_comes_with_an_old_row_takes_the_column_made_since(
    cast: Cast, lms: FakePlatform
) -> None:
    report(cast, cast.amina, cast.ben)
    first, second = outbox.lease(4)
    outbox.settle([outbox.send(first)])
    outbox.settle([outbox.send(second)])
    assert len(lms.asked_for("find")) == 1
    assert Delivery.objects.get(pk=second.row.pk).state == Delivery.State.DELIVERED


def test_a_deliverer_that_dies_over_the_column_holds_it_only_for_a_while(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(
        made_by="the dead one", made_until=clock.time + leasing.LEASE
    )
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.WAITING
    clock.go_on(leasing.LEASE.total_seconds() + 1)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("find", Fault(500)),
        ("find", HTML_PAGE),
        ("make", Fault(500)),
        ("make", Fault(503)),
        ("make", Fault(403)),
        ("make", Fault(429)),
        ("make", HTML_PAGE),
    ],
)
def test_a_column_that_could_not_be_made_is_tried_again(
    cast: Cast, lms: FakePlatform, clock: Clock, endpoint: str, fault: Fault
) -> None:
    lms.fail(endpoint, fault)
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).state == Delivery.State.DUE
    assert (column(cast).url, column(cast).made_until) == ("", None)
    clock.go_on(5)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


@pytest.mark.parametrize("fails", [True, False])
def test_a_launch_that_tells_of_the_column_meanwhile_is_believed(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    fails: bool,
) -> None:
    told = lms.gradebook.column_url("2", 5)
    make = ags.make_line_item

    def meanwhile(*args: object, **kwargs: object) -> str:
        LineItem.objects.filter(link=cast.course.link).update(url=told)
        return make(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ags, "make_line_item", meanwhile)
    if fails:
        lms.fail("make", Fault(500))
    report(cast, cast.amina)
    deliver_due()
    assert column(cast).url == told
    clock.go_on(5)
    report(cast, cast.amina)
    deliver_due()
    assert ("/2/lineitems/5/lineitem", AMINA) in lms.gradebook.cells


def test_a_launch_that_tells_of_the_column_while_it_is_looked_for_spares_its_creation(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lms.gradebook.column_url("2", 5)
    find = ags.find_line_item

    def meanwhile(*args: object, **kwargs: object) -> str | None:
        LineItem.objects.filter(link=cast.course.link).update(url=told)
        return find(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ags, "find_line_item", meanwhile)
    report(cast, cast.amina)
    deliver_due()
    assert ("/2/lineitems/5/lineitem", AMINA) in lms.gradebook.cells
    assert lms.asked_for("make") == []


@pytest.mark.parametrize(
    "known",
    [
        {"container_url": ""},
        {"scopes": [Scope.SCORE]},
        {"scopes": []},
    ],
)
def test_where_no_column_may_be_made_the_teacher_reads_why(
    cast: Cast, lms: FakePlatform, clock: Clock, known: dict[str, object]
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(**known)
    report(cast, cast.amina)
    deliver_due()
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.NO_COLUMN,
    )
    assert str(explanation(found)) == "This activity has no gradebook column."
    assert str(sentence(found)) == "Not accepted by the gradebook."
    assert lms.asked == []
    clock.go_on(24 * 3600)
    assert deliver_due() == 0


def test_a_column_that_a_later_launch_tells_of_takes_what_waited(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(container_url="")
    report(cast, cast.amina)
    deliver_due()
    line_item = column(cast)
    line_item.url = lms.gradebook.column_url("2")
    line_item.save()
    clock.go_on(2)
    outbox.make_due_after_launch(line_item, None)
    assert row_of(cast.amina).tries == 0
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6


def test_another_column_mends_nothing_else(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    """A refusal that has nothing to do with the column stays; so does what was delivered."""
    line_item = column(cast)
    lms.gradebook.strangers = {AMINA}
    report(cast, cast.amina, cast.ben)
    deliver_due()
    clock.go_on(2)
    outbox.make_due_after_launch(line_item, None)
    assert deliver_due() == 0


def test_a_link_that_was_never_told_of_gets_its_row(cast: Cast, lms: FakePlatform) -> None:
    LineItem.objects.filter(link=cast.course.link).delete()
    report(cast, cast.amina)
    assert column(cast).url == ""
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.NO_COLUMN


def test_the_column_is_as_wide_as_the_link_can_earn(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """The gaps alone come first; the total that follows needs the room."""
    link, user = cast.course.link, cast.amina.user
    gaps = Score(Decimal(6), Decimal(8), "Gaps.")
    grades.report_score(link, user, gaps, column_maximum=Decimal(30))
    deliver_due()
    assert lms.gradebook.columns[0]["scoreMaximum"] == 30
    assert (lms.gradebook.cell(AMINA).given, lms.gradebook.cell(AMINA).maximum) == (6, 8)
    clock.go_on(2)
    grades.report_score(link, user, gaps, column_maximum=Decimal(50))
    deliver_due()
    (made,) = lms.gradebook.columns
    assert made["scoreMaximum"] == 30  # another one would rescale what is there


# --- a column whose address is not told ---


def status(cast: Cast, someone: Someone) -> ScoreStatus:
    found = grades.score_status(cast.course.link, someone.user)
    assert found is not None
    return found


def made(told: object = None, headers: dict[str, str] | None = None) -> Fault:
    """The platform makes the column, and answers so."""
    body = b"" if told is None else json.dumps(told).encode()
    return Fault(201, body, headers or {}, late=True)


SEVEN = "/2/lineitems/7"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(made({"id": SEVEN}), marks=reported("lti-15a")),
        pytest.param(made({"id": "lineitems/7"})),
        pytest.param(made({"id": 7})),
        pytest.param(made({"id": "7"})),
        pytest.param(made({}, {"Location": SEVEN})),
        pytest.param(made(None, {"Location": SEVEN})),
        pytest.param(made(None, {"Location": "lineitems/7"})),
        pytest.param(made([], {"Location": f"{SEVEN}?type_id=1"})),
    ],
)
def test_a_new_column_may_be_named_in_several_ways(
    cast: Cast, lms: FakePlatform, clock: Clock, answer: Fault
) -> None:
    lms.always_fail("make", answer)
    lms.always_fail("find", Fault(200, b"[]"))
    report(cast, cast.amina, cast.ben)
    deliver_due()
    assert {path for path, _user in lms.gradebook.cells} == {SEVEN}
    assert len(lms.gradebook.columns) == 1
    assert column(cast).creation == LineItem.Creation.NONE


@pytest.mark.parametrize("identifier", [SEVEN, "lineitems/7", 7, "7"])
def test_a_listed_column_may_be_named_in_several_ways(
    cast: Cast, lms: FakePlatform, identifier: object
) -> None:
    lms.gradebook.columns = [{"id": identifier, "resourceLinkId": "link-2"}]
    report(cast, cast.amina)
    deliver_due()
    assert list(lms.gradebook.cells) == [(SEVEN, AMINA)]
    assert lms.asked_for("make") == []


ELSEWHERE = "http://elsewhere.invalid/2/lineitems/7"
UNKNOWN = [
    pytest.param(made(), id="empty"),
    pytest.param(Fault(204, late=True), id="204"),
    pytest.param(Fault(201, b"created", late=True), id="text"),
    pytest.param(made({"id": ""}), id="no id"),
    pytest.param(made({"id": "javascript:alert(1)"}), id="no address"),
    pytest.param(made({"id": "http://[bad/"}), id="bad"),
    pytest.param(made({"id": ELSEWHERE}), id="elsewhere"),
    pytest.param(made(None, {"Location": ELSEWHERE}), id="location elsewhere"),
]


@pytest.mark.parametrize("answer", UNKNOWN)
@pytest.mark.parametrize(
    "listed", [Fault(200, b"[]"), Fault(404), Fault(204)], ids=["unlisted", "404", "204"]
)
def test_a_column_whose_address_stays_unknown_is_made_once(
    cast: Cast, lms: FakePlatform, clock: Clock, answer: Fault, listed: Fault
) -> None:
    lms.always_fail("make", answer)
    lms.always_fail("find", listed)
    report(cast, cast.amina)
    deliver_due()
    found = status(cast, cast.amina)
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.COLUMN_UNKNOWN,
    )
    assert "no second column is made" in str(explanation(found))
    asked = lms.count
    clock.go_on(60)
    report(cast, cast.amina, cast.ben)  # others do not even ask
    deliver_due()
    assert lms.count == asked
    assert status(cast, cast.ben).problem == DeliveryProblem.COLUMN_UNKNOWN
    for _day in range(3):
        clock.go_on(24 * 3600)
        grades.send_again(cast.course.link)
        deliver_due()
    assert len(lms.gradebook.columns) == 1
    assert len(lms.asked_for("make")) == 1
    assert lms.scores == []


@pytest.mark.parametrize("way", ["listed", "launched"])
def test_a_column_that_is_told_later_takes_what_waited(
    cast: Cast, lms: FakePlatform, clock: Clock, way: str
) -> None:
    lms.always_fail("make", made())
    lms.always_fail("find", Fault(404))
    report(cast, cast.amina, cast.ben)
    deliver_due()
    clock.go_on(60)
    lms.mend()
    if way == "listed":
        grades.send_again(cast.course.link, [cast.ben.user])
    else:
        line_item = column(cast)
        line_item.url = lms.gradebook.column_url("2", 100)
        line_item.save()
        outbox.make_due_after_launch(line_item, None)
    deliver_due()
    assert ("/2/lineitems/100/lineitem", BEN) in lms.gradebook.cells
    assert (column(cast).creation, column(cast).refused_at) == (LineItem.Creation.NONE, None)
    assert len(lms.asked_for("make")) == 1


def test_a_column_that_is_listed_without_an_address_is_not_made(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    lms.gradebook.columns = [{"id": ELSEWHERE, "resourceLinkId": "link-2"}]
    report(cast, cast.amina)
    deliver_due()
    assert status(cast, cast.amina).problem == DeliveryProblem.COLUMN_UNKNOWN
    assert grades.column_problem(cast.course.link) == DeliveryProblem.COLUMN_UNKNOWN
    assert lms.asked_for("make") == []


@pytest.mark.parametrize(
    "status_code",
    [
        pytest.param(404, marks=reported("lti-15c")),
        pytest.param(405, marks=reported("lti-15c")),
        pytest.param(204, marks=reported("lti-15c")),
        pytest.param(410),
        pytest.param(501),
    ],
)
def test_where_columns_cannot_be_listed_one_is_made(
    cast: Cast, lms: FakePlatform, clock: Clock, status_code: int
) -> None:
    lms.always_fail("find", Fault(status_code))
    report(cast, cast.amina, cast.ben)
    deliver_due()
    assert len(lms.asked_for("make")) == 1
    assert lms.gradebook.cell(AMINA).given == lms.gradebook.cell(BEN).given == 6


@pytest.mark.parametrize(
    "lost",
    [Fault(reset=True, late=True), Fault(502, late=True), Fault(500), HTML_PAGE],
    ids=["reset", "502", "500", "html"],
)
def test_a_column_that_may_be_made_and_cannot_be_listed_is_not_made_again(
    cast: Cast, lms: FakePlatform, clock: Clock, lost: Fault
) -> None:
    lms.always_fail("find", Fault(404))
    lms.fail("make", lost)
    report(cast, cast.amina)
    deliver_due()
    assert column(cast).creation == LineItem.Creation.ASKED
    clock.go_on(60)
    deliver_due()
    assert status(cast, cast.amina).problem == DeliveryProblem.COLUMN_UNKNOWN
    assert len(lms.asked_for("make")) == 1


@pytest.mark.parametrize("refusal", [401, 403, 408, 425, 429])
def test_a_column_that_was_refused_for_now_is_made_later(
    cast: Cast, lms: FakePlatform, clock: Clock, refusal: int
) -> None:
    lms.always_fail("find", Fault(404))
    lms.fail("make", Fault(refusal), Fault(refusal))
    report(cast, cast.amina)
    for _try in range(3):
        deliver_due()
        clock.go_on(60)
    assert lms.gradebook.cell(AMINA).given == 6


def test_who_waited_for_the_column_makes_no_second_one(cast: Cast, lms: FakePlatform) -> None:
    """Ben's row is from before Amina's deliverer made the column and was not told its address."""
    lms.always_fail("make", made())
    lms.always_fail("find", Fault(404))
    report(cast, cast.amina, cast.ben)
    first, second = outbox.lease(4)
    outbox.settle([outbox.send(first)])
    outbox.settle([outbox.send(second)])
    assert len(lms.asked_for("make")) == 1


# --- a link that has no column ---


@pytest.fixture
def without(lms: FakePlatform, cast: Cast) -> FakePlatform:
    """Canvas makes no column for a link that is no assignment, and Amina's score has met that."""
    Registration.objects.update(product="canvas")
    lms.always_fail("make", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    assert grades.column_problem(cast.course.link) == DeliveryProblem.NO_COLUMN
    return lms


def test_further_scores_do_not_ask_for_it(cast: Cast, without: FakePlatform, clock: Clock) -> None:
    asked = without.count
    clock.go_on(3600)
    report(cast, cast.amina, cast.ben)
    deliver_due()
    assert without.count == asked
    assert status(cast, cast.ben).problem == DeliveryProblem.NO_COLUMN


@pytest.mark.parametrize("reason", ["person", "scopes", "column", "hours"])
def test_a_reason_to_ask_for_it_again(
    cast: Cast, without: FakePlatform, clock: Clock, reason: str
) -> None:
    without.mend()
    clock.go_on(60)
    match reason:
        case "person":
            grades.send_again(cast.course.link, [cast.amina.user])
        case "scopes" | "column":
            line_item = column(cast)
            if reason == "scopes":
                line_item.scopes = [*line_item.scopes, Scope.LINE_ITEM_READONLY]
            else:
                line_item.url = without.gradebook.column_url("2", 5)
            line_item.save()
            outbox.make_due_after_launch(line_item, None)
        case "hours":
            clock.go_on(24 * 3600)
            report(cast, cast.amina)
    deliver_due()
    assert without.gradebook.cell(AMINA).given == 6
    assert grades.column_problem(cast.course.link) is None


@pytest.mark.parametrize(
    ("known", "problem"),
    [
        ({}, None),
        ({"container_url": ""}, DeliveryProblem.NO_COLUMN),
        ({"scopes": [Scope.SCORE]}, DeliveryProblem.NO_COLUMN),
        ({"scopes": [Scope.SCORE], "url": "https://lms.example/1"}, None),
    ],
)
def test_what_launches_tell_of_the_column_is_known_before_the_first_score(
    cast: Cast, lms: FakePlatform, known: dict[str, object], problem: DeliveryProblem | None
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(**known)
    assert grades.column_problem(cast.course.link) == problem


def test_a_link_whose_launches_tell_nothing_has_no_problem_yet(cast: Cast) -> None:
    LineItem.objects.filter(link=cast.course.link).delete()
    assert grades.column_problem(cast.course.link) is None


# --- a column that is gone ---


@pytest.mark.parametrize("status", [404, 410, 412])
def test_a_column_that_is_gone_is_made_again(
    cast: Cast, lms: FakePlatform, clock: Clock, status: int
) -> None:
    report(cast, cast.amina)
    deliver_due()
    old = column(cast).url
    lms.gradebook.columns.clear()
    clock.go_on(2)
    lms.fail("scores", Fault(status))
    report(cast, cast.ben)
    assert deliver_due() == 2  # Amina's again: the new column has nothing of hers
    (made,) = lms.gradebook.columns
    assert column(cast).url == made["id"]
    assert made["id"].startswith(old[:30])
    assert Delivery.objects.get(user=cast.ben.user).state == Delivery.State.DELIVERED


def test_what_the_old_column_held_goes_into_the_new_one(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina, cast.ben)
    deliver_due()
    lms.gradebook.columns.clear()
    lms.gradebook.cells.clear()
    clock.go_on(2)
    lms.fail("scores", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    assert {user for _, user in lms.gradebook.cells} == {AMINA, BEN}
    assert len(lms.gradebook.columns) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_column_that_moved_is_found_and_not_doubled(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    deliver_due()
    moved = lms.gradebook.column_url("2", 77)
    lms.gradebook.columns[0]["id"] = moved
    clock.go_on(2)
    lms.fail("scores", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    assert column(cast).url == moved
    assert len(lms.gradebook.columns) == 1
    assert ("/2/lineitems/77/lineitem", AMINA) in lms.gradebook.cells


def test_where_no_column_may_be_made_again_the_teacher_reads_why(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(
        url=lms.gradebook.column_url("2"), container_url="", scopes=[Scope.SCORE]
    )
    lms.always_fail("scores", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.COLUMN_GONE,
    )
    assert column(cast).url == lms.gradebook.column_url("2")


def test_a_platform_without_the_link_makes_no_column(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Canvas answers 404 for an assignment that was deleted, whatever is asked."""
    LineItem.objects.filter(link=cast.course.link).update(url=lms.gradebook.column_url("2"))
    lms.always_fail("scores", Fault(404))
    lms.always_fail("make", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.COLUMN_GONE,
    )
    assert lms.gradebook.columns == []


@pytest.mark.parametrize("status", [404, 412])
def test_a_link_that_gets_no_column_is_said_to_have_none(
    cast: Cast, lms: FakePlatform, clock: Clock, status: int
) -> None:
    """Canvas lists no column of a link that is no assignment, and makes none."""
    Registration.objects.update(product="canvas")
    lms.always_fail("make", Fault(status))
    report(cast, cast.amina, cast.ben)
    deliver_due()
    for someone in (cast.amina, cast.ben):
        found = grades.score_status(cast.course.link, someone.user)
        assert found is not None
        assert found.problem == DeliveryProblem.NO_COLUMN
    clock.go_on(24 * 3600)
    assert deliver_due() == 0
    registration = Registration.objects.get(pk=cast.course.deployment.registration_id)
    assert "In Canvas only an assignment has one" in str(without_column(registration))


def test_a_column_that_is_there_all_the_same_is_left_alone(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Some platforms answer 404 for a person they do not know: nobody else is concerned."""
    report(cast, cast.amina)
    deliver_due()
    lms.gradebook.edit(AMINA, 90)
    clock.go_on(5)
    lms.fail("scores", Fault(404))
    report(cast, cast.ben)
    assert deliver_due() == 1
    found = grades.score_status(cast.course.link, cast.ben.user)
    assert found is not None
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.NOT_ACCEPTED,
    )
    assert lms.gradebook.cell(AMINA).given == 90
    assert len(lms.gradebook.columns) == 1


def test_grades_in_a_column_that_is_found_are_not_overwritten(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    report(cast, cast.amina, cast.ben)
    deliver_due()
    moved = lms.gradebook.column_url("2", 77)
    lms.gradebook.columns[0]["id"] = moved
    lms.gradebook.cells.clear()
    lms.gradebook.cells["/2/lineitems/77/lineitem", AMINA] = Cell(90, 100, "By hand.", clock.time)
    clock.go_on(5)
    lms.fail("scores", Fault(404))
    report(cast, cast.ben)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 90
    states = dict(Delivery.objects.values_list("user__sub", "state"))
    assert states == {AMINA: Delivery.State.CHANGED, BEN: Delivery.State.DELIVERED}


def test_canvas_makes_everybodys_submission_in_the_new_column(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    Registration.objects.update(product="canvas")
    report(cast, cast.amina, cast.ben)
    deliver_due()
    lms.gradebook.columns.clear()
    lms.gradebook.cells.clear()
    before = len(lms.scores)
    clock.go_on(5)
    lms.fail("scores", Fault(404))
    report(cast, cast.amina)
    deliver_due()
    arrived = [one for one in lms.scores[before:] if "/10" in column(cast).url]
    new = {one["userId"]: one[CANVAS_SUBMISSION]["new_submission"] for one in arrived}
    assert new == {AMINA: True, BEN: True}


def test_a_newer_grade_in_a_column_just_found_is_shown(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    lms.gradebook.columns.append(
        {"id": lms.gradebook.column_url("2", 9), "resourceLinkId": "link-2"}
    )
    path = urlsplit(lms.gradebook.column_url("2", 9)).path
    lms.gradebook.cells[path, AMINA] = Cell(2, 8, "by hand", clock.time)
    report(cast, cast.amina)
    deliver_due()
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert found.progress == ScoreProgress.CHANGED


def test_another_column_in_the_lmss_place_has_our_marks(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(url=lms.gradebook.column_url("2"))
    report(cast, cast.amina)
    lms.fail("scores", Fault(404))
    deliver_due()
    assert [made["scoreMaximum"] for made in lms.gradebook.columns] == [8]


def test_an_activity_that_was_deleted_is_said_to_be_gone(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Moodle finds no column and lets us make none; what was delivered before is let be."""
    report(cast, cast.amina)
    deliver_due()
    url = column(cast).url
    lms.gradebook.columns.clear()
    lms.fail("scores", Fault(404))
    lms.fail("make", Fault(403))
    clock.go_on(5)
    report(cast, cast.ben)
    assert deliver_due() == 1
    found = grades.score_status(cast.course.link, cast.ben.user)
    assert found is not None
    assert (found.progress, found.problem) == (
        ScoreProgress.NOT_ACCEPTED,
        DeliveryProblem.COLUMN_GONE,
    )
    assert column(cast).url == url
    assert Delivery.objects.get(user=cast.amina.user).state == Delivery.State.DELIVERED


@pytest.mark.parametrize("product", ["", "moodle"])
def test_a_column_that_cannot_be_looked_for_is_not_replaced(
    cast: Cast, lms: FakePlatform, clock: Clock, product: str
) -> None:
    """It may be there, and only this person not."""
    Registration.objects.update(product=product)
    LineItem.objects.filter(link=cast.course.link).update(url=lms.gradebook.column_url("2"))
    lms.always_fail("find", Fault(404))
    lms.fail("scores", Fault(404))
    report(cast, cast.amina, cast.ben)
    deliver_due()
    problems = {status(cast, someone).problem for someone in (cast.amina, cast.ben)}
    assert problems == {DeliveryProblem.COLUMN_GONE, None}
    assert lms.asked_for("make") == []


def test_a_column_is_replaced_once_though_nobody_says_where_the_new_one_is(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.filter(link=cast.course.link).update(url=lms.gradebook.column_url("2"))
    lms.always_fail("scores", Fault(404))
    lms.always_fail("make", made())
    lms.always_fail("find", Fault(200, b"[]"))
    report(cast, cast.amina)
    deliver_due()
    for _day in range(3):
        clock.go_on(24 * 3600)
        report(cast, cast.amina, cast.ben)
        deliver_due()
    assert len(lms.asked_for("make")) == 1
    assert status(cast, cast.ben).problem == DeliveryProblem.COLUMN_UNKNOWN
