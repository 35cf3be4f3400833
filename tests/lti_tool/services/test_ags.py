"""What goes over the wire for columns and scores."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress, MediaType, Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.http import HttpReply

CONTAINER = "https://lms.example/2/lineitems?type_id=1"
COLUMN = "https://lms.example/2/lineitems/5/lineitem?type_id=1"


@dataclass
class Platform:
    """Answers in turn, and remembers what it was asked."""

    answers: list[HttpReply]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def request(self, method: str, url: str, scopes: Sequence[str], **sent: Any) -> HttpReply:
        self.asked.append({"method": method, "url": url, "scopes": scopes, **sent})
        return self.answers.pop(0)


def answer(body: object = None, status: int = 200, **headers: str) -> HttpReply:
    text = b"" if body is None else json.dumps(body).encode()
    return HttpReply(status, headers, text)


def score(given: str = "6", maximum: str = "8") -> ags.ScorePost:
    return ags.ScorePost(
        user_id="101",
        given=Decimal(given),
        maximum=Decimal(maximum),
        comment="Gaps: 6 out of 8. «Прекрасно» 🎉",
        activity_progress=ActivityProgress.COMPLETED,
        grading_progress=GradingProgress.FULLY_GRADED,
        timestamp=datetime(2026, 3, 1, 10, 0, 7, tzinfo=UTC),
    )


def make(platform: Platform, maximum: str = "8") -> str:
    return ags.make_line_item(
        platform, CONTAINER, link_id="link-2", label="Causes", maximum=Decimal(maximum)
    )


@pytest.mark.parametrize(
    ("column", "address"),
    [
        (COLUMN, "https://lms.example/2/lineitems/5/lineitem/scores?type_id=1"),
        ("https://canvas.example/line_items/5", "https://canvas.example/line_items/5/scores"),
        ("https://lms.example/5/", "https://lms.example/5/scores"),
        ("https://lms.example/5?a=1&b=%2F", "https://lms.example/5/scores?a=1&b=%2F"),
        ("https://lms.example:8443/5#x", "https://lms.example:8443/5/scores#x"),
    ],
)
def test_scores_go_before_the_query(column: str, address: str) -> None:
    platform = Platform([answer()])
    ags.post_score(platform, column, score())
    assert platform.asked[0]["url"] == address


def test_a_score_has_its_own_media_type_and_scope() -> None:
    platform = Platform([answer()])
    ags.post_score(platform, COLUMN, score())
    (asked,) = platform.asked
    assert (asked["method"], asked["scopes"]) == ("POST", [Scope.SCORE])
    assert asked["content_type"] == "application/vnd.ims.lis.v1.score+json"
    sent = json.loads(asked["content"])
    assert sent["timestamp"] == "2026-03-01T10:00:07.000+00:00"
    assert sent["comment"] == "Gaps: 6 out of 8. «Прекрасно» 🎉"
    assert asked["content"].isascii()


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("6", "6"),
        ("6.0000", "6"),
        ("0", "0"),
        ("0.0000", "0"),
        ("20", "20"),
        ("100", "100"),
        ("2.5", "2.5"),
        ("0.1", "0.1"),
        ("0.3333", "0.3333"),
        ("99999.9999", "99999.9999"),
    ],
)
def test_numbers_are_exact(given: str, written: str) -> None:
    platform = Platform([answer()])
    ags.post_score(platform, COLUMN, score(given, "100000"))
    assert f'"scoreGiven": {written},' in platform.asked[0]["content"]


def test_a_no_is_told() -> None:
    with pytest.raises(ServiceError) as caught:
        ags.post_score(Platform([answer(status=422)]), COLUMN, score())
    assert caught.value.problem == DeliveryProblem.NOT_ACCEPTED


# --- results ---

RESULTS = "https://lms.example/2/lineitems/5/lineitem/results?type_id=1"


def test_one_persons_result_is_asked_for() -> None:
    platform = Platform([answer([{"userId": "101", "resultScore": 7.5, "resultMaximum": 10}])])
    found = ags.read_result(platform, COLUMN, "101")
    assert found == Result("101", Decimal("7.5"), Decimal(10))
    (asked,) = platform.asked
    assert asked["url"] == f"{RESULTS}&user_id=101"
    assert asked["accept"] == MediaType.RESULT_CONTAINER
    assert asked["scopes"] == [Scope.RESULT_READONLY]


@pytest.mark.parametrize(
    ("submission", "at"),
    [
        ({"submitted_at": "2026-03-01T10:00:07.000Z"}, datetime(2026, 3, 1, 10, 0, 7, tzinfo=UTC)),
        *(({"submitted_at": value}, None) for value in (None, 7, "", "soon", "2026-03-01")),
        ({}, None),
        ("x", None),
        (None, None),
    ],
)
def test_canvas_tells_when_the_work_was_submitted(submission: object, at: datetime | None) -> None:
    row = {"userId": "101", "https://canvas.instructure.com/lti/submission": submission}
    found = ags.read_result(Platform([answer([row])]), COLUMN, "101")
    assert found == Result("101", None, None, at)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"userId": "102", "resultScore": 7}],
        [{"resultScore": 7}, None, "row", 7, {"userId": ""}],
        [{"userId": "101", "resultScore": "7"}],
        [{"userId": "101", "resultScore": True}],
        [{"userId": "101", "resultScore": 1e300}],
    ],
)
def test_what_is_not_this_persons_number_is_no_result(rows: object) -> None:
    assert ags.read_result(Platform([answer(rows)]), COLUMN, "101") is None


def test_a_number_for_a_users_id_is_understood() -> None:
    platform = Platform([answer([{"userId": 101, "resultScore": 7, "resultMaximum": 10}])])
    assert ags.read_result(platform, COLUMN, "101") == Result("101", Decimal(7), Decimal(10))


def test_a_columns_results_are_read_to_the_last_page() -> None:
    more = {"link": f'<{RESULTS}&from=1>; rel="next"'}
    first = [{"userId": "101", "resultScore": 7, "resultMaximum": 10}]
    second = [{"userId": "102"}]
    platform = Platform([HttpReply(200, more, json.dumps(first).encode()), answer(second)])
    found = ags.read_results(platform, COLUMN)
    assert set(found) == {"101", "102"}
    assert found["102"].given is None
    assert [asked["url"] for asked in platform.asked] == [RESULTS, f"{RESULTS}&from=1"]


@pytest.mark.parametrize("body", [b"{}", b"<html>", b"null", b"7"])
def test_results_that_are_no_list_are_unreadable(body: bytes) -> None:
    with pytest.raises(ServiceError) as caught:
        ags.read_results(Platform([HttpReply(200, {}, body)]), COLUMN)
    assert (caught.value.problem, caught.value.permanent) == (
        DeliveryProblem.ANSWER_UNREADABLE,
        False,
    )


@pytest.mark.parametrize(
    ("held", "of", "given", "maximum", "shows"),
    [
        ("75", "100", "6", "8", True),
        ("66.67", "100", "2", "3", True),
        ("66.66667", "100", "2", "3", True),
        ("66.6", "100", "2", "3", False),
        ("0.75", None, "6", "8", True),
        ("0.7", None, "6", "8", False),
        (None, None, "0", "8", True),
        (None, None, "1", "8", False),
        ("20", "20", "18", "20", False),
    ],
)
def test_whether_a_cell_shows_a_score(
    held: str | None, of: str | None, given: str, maximum: str, shows: bool
) -> None:
    result = Result("101", Decimal(held) if held else None, Decimal(of) if of else None)
    assert result.shows(Decimal(given), Decimal(maximum)) is shows


# --- columns ---


def test_a_column_is_looked_for_and_then_made() -> None:
    platform = Platform([answer([]), answer({"id": COLUMN}, 201)])
    assert make(platform) == COLUMN
    asked, made = platform.asked
    assert asked["url"] == f"{CONTAINER}&resource_link_id=link-2"
    assert asked["accept"] == MediaType.LINE_ITEM_CONTAINER
    assert (made["method"], made["url"]) == ("POST", CONTAINER)
    assert made["content_type"] == MediaType.LINE_ITEM
    assert json.loads(made["content"]) == {
        "label": "Causes",
        "scoreMaximum": 8,
        "resourceLinkId": "link-2",
    }
    assert {tuple(a["scopes"]) for a in platform.asked} == {(Scope.LINE_ITEM,)}


@pytest.mark.parametrize(
    ("container", "asked"),
    [
        ("https://lms.example/items", "https://lms.example/items?resource_link_id=a%26b%3D+c%2F1"),
        ("https://lms.example/i?t=1", "https://lms.example/i?t=1&resource_link_id=a%26b%3D+c%2F1"),
    ],
)
def test_the_links_id_is_quoted(container: str, asked: str) -> None:
    platform = Platform([answer([{"id": COLUMN, "resourceLinkId": "a&b= c/1"}])])
    found = ags.make_line_item(
        platform, container, link_id="a&b= c/1", label="Causes", maximum=Decimal(8)
    )
    assert found == COLUMN
    assert platform.asked[0]["url"] == asked


def test_a_links_id_may_come_as_a_number() -> None:
    platform = Platform([answer([{"id": COLUMN, "resourceLinkId": 7}])])
    assert (
        ags.make_line_item(platform, CONTAINER, link_id="7", label="x", maximum=Decimal(1))
        == COLUMN
    )


@pytest.mark.parametrize(
    "listed",
    [
        [],
        [{"id": COLUMN, "resourceLinkId": "another"}, {"id": COLUMN}, "row", None, 7],
        {"id": COLUMN, "resourceLinkId": "link-2"},
        None,
    ],
)
def test_only_a_column_of_this_link_is_found(listed: object) -> None:
    made = "https://lms.example/2/lineitems/9/lineitem"
    first = HttpReply(200, {}, json.dumps(listed).encode())
    assert make(Platform([first, answer({"id": made}, 201)])) == made


ASKED = f"{CONTAINER}&resource_link_id=link-2"


def page(next_page: str, *columns: object) -> HttpReply:
    """Of a platform that ignores the filter, with more to follow."""
    return answer(list(columns), link=f'<{next_page}>; rel="next"')


def test_a_column_is_found_on_a_later_page() -> None:
    others = [{"id": f"{COLUMN}&of={n}", "resourceLinkId": f"other-{n}"} for n in range(2)]
    last = answer([{"id": COLUMN, "resourceLinkId": "link-2"}])
    platform = Platform([page(f"{CONTAINER}&page=2", *others), last])
    assert make(platform) == COLUMN
    assert [(a["method"], a["url"]) for a in platform.asked] == [
        ("GET", ASKED),
        ("GET", f"{CONTAINER}&page=2"),
    ]
    assert {a["accept"] for a in platform.asked} == {MediaType.LINE_ITEM_CONTAINER}


def test_a_column_is_made_only_after_the_last_page() -> None:
    platform = Platform(
        [page(f"{CONTAINER}&page=2"), answer([{"id": "x"}]), answer({"id": COLUMN}, 201)]
    )
    assert make(platform) == COLUMN
    assert [a["method"] for a in platform.asked] == ["GET", "GET", "POST"]


@pytest.mark.parametrize(
    "pages",
    [
        [page("https://elsewhere.example/2/lineitems")],
        [page("http://lms.example/2/lineitems")],
        [page(ASKED)],
        [page(f"{CONTAINER}&page={n}") for n in range(ags.MAX_PAGES)],
        [page(f"{CONTAINER}&page=2"), answer(status=500)],
        [page(f"{CONTAINER}&page=2"), HttpReply(200, {}, b"<html>")],
    ],
    ids=["another host", "another scheme", "a circle", "no end", "broken", "no JSON"],
)
def test_while_a_page_cannot_be_had_no_second_column_is_made(pages: list[HttpReply]) -> None:
    platform = Platform([*pages])
    with pytest.raises(ServiceError) as caught:
        make(platform)
    assert not caught.value.permanent
    assert len(platform.asked) == len(pages)
    assert {a["method"] for a in platform.asked} == {"GET"}


Answers = Callable[[], list[HttpReply]]


@pytest.mark.parametrize(
    "answers",
    [
        lambda: [HttpReply(200, {}, b"<html>")],
        lambda: [HttpReply(200, {}, b"")],
        lambda: [answer([]), answer({"id": "ftp://x/1"})],
        lambda: [answer([]), answer({"id": ""})],
        lambda: [answer([]), answer({"id": ["x"]})],
        lambda: [answer([]), answer({"id": "https://x/" + "1" * 2000})],
        lambda: [answer([]), answer("text")],
        lambda: [answer([]), HttpReply(201, {}, b"created")],
    ],
)
def test_a_column_without_a_usable_address_is_no_column(answers: Answers) -> None:
    with pytest.raises(ServiceError) as caught:
        make(Platform(answers()))
    assert caught.value.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert not caught.value.permanent


def test_a_container_that_says_no_is_not_posted_to() -> None:
    platform = Platform([answer(status=404)])
    with pytest.raises(ServiceError):
        make(platform)
    assert len(platform.asked) == 1


def test_an_impossible_address_raises_what_is_expected() -> None:
    with pytest.raises(ServiceError):
        ags.post_score(Platform([]), "http://[bad]/x", score())
    with pytest.raises(ServiceError):
        make(Platform([answer([]), answer({"id": "http://[bad]/x"})]))
