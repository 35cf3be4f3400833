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


def make(platform: Platform, container: str = CONTAINER, link_id: str = "link-2") -> str:
    """Make the link's column if it is not listed."""
    key = ags.ColumnKey(link_id=link_id)
    found = ags.find_line_item(platform, container, key)
    return found or ags.make_line_item(platform, container, key, label="Causes", maximum=Decimal(8))


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
        [{"userId": True, "resultScore": 7}, {"userId": 101.5, "resultScore": 7}],
        [{"userId": "102", "resultScore": "A"}],
    ],
)
def test_what_is_not_this_persons_is_no_result(rows: object) -> None:
    assert ags.read_result(Platform([answer(rows)]), COLUMN, "101") is None


@pytest.mark.parametrize(
    ("score", "maximum", "given", "given_of"),
    [
        ("7", "10", Decimal(7), Decimal(10)),
        (" 7.5 ", 10, Decimal("7.5"), Decimal(10)),
        (7, "10.00", Decimal(7), Decimal(10)),
        ("", "", None, None),
        (None, None, None, None),
    ],
)
def test_a_number_may_come_as_a_text(
    score: object, maximum: object, given: Decimal | None, given_of: Decimal | None
) -> None:
    row = {"userId": "101", "resultScore": score, "resultMaximum": maximum}
    found = ags.read_result(Platform([answer([row])]), COLUMN, "101")
    assert found == Result("101", given, given_of)


@pytest.mark.parametrize(
    ("score_of", "is_ours"),
    [
        (COLUMN, True),
        ("https://canvas.example/2/lineitems/5/lineitem", True),  # the path alone is compared
        ("/2/lineitems/5/lineitem/", True),
        ("https://lms.example/2/line%69tems/5/lineitem", True),
        ("lineitem", True),
        ("https://lms.example/2/lineitems/77/lineitem?type_id=1", False),
        ("/2/lineitems/77/lineitem", False),
        ("../77/lineitem", False),
        (None, True),
        ("", True),
        (5, True),
        ([], True),
        ("http://[bad/", True),
    ],
)
def test_a_result_of_another_column_is_left_out(score_of: object, is_ours: bool) -> None:
    row = {"userId": "101", "resultScore": 3, "resultMaximum": 10, "scoreOf": score_of}
    for found in (
        ags.read_result(Platform([answer([row])]), COLUMN, "101"),
        ags.read_results(Platform([answer([row])]), COLUMN).get("101"),
    ):
        assert (found is not None) == is_ours


def results_page(next_page: str, *users: str) -> HttpReply:
    rows = [{"userId": user, "resultScore": 7, "resultMaximum": 10} for user in users]
    return answer(rows, link=f'<{next_page}>; rel="next"')


def test_a_persons_result_is_found_on_a_later_page() -> None:
    """Of a platform that ignores the filter."""
    last = answer([{"userId": "101", "resultScore": 3, "resultMaximum": 10}])
    platform = Platform([results_page(f"{RESULTS}&page=2", "102", "103"), last])
    found = ags.read_result(platform, COLUMN, "101")
    assert found == Result("101", Decimal(3), Decimal(10))


READS: list[Callable[[Platform], object]] = [
    lambda platform: ags.read_result(platform, COLUMN, "104"),
    lambda platform: ags.read_results(platform, COLUMN),
]


@pytest.mark.parametrize(
    "address", ["http://lms.example/results", "https://elsewhere.example/r", "http://[bad/"]
)
def test_a_page_elsewhere_matters_only_to_who_needs_it(address: str) -> None:
    there = Platform([results_page(address, "101")])
    assert ags.read_result(there, COLUMN, "101") is not None
    assert len(there.asked) == 1
    for read in READS:
        platform = Platform([results_page(address, "101")])
        with pytest.raises(ServiceError) as caught:
            read(platform)
        assert not caught.value.permanent
        assert len(platform.asked) == 1


@pytest.mark.parametrize("read", READS, ids=["one", "all"])
def test_results_without_end_are_given_up(read: Callable[[Platform], object]) -> None:
    again = Platform([results_page(f"{RESULTS}&page=2"), results_page(f"{RESULTS}&page=2")])
    with pytest.raises(ServiceError):
        read(again)
    assert again.answers == []


@pytest.mark.parametrize("odd", ["A", "7,5", "nan", "sNaN", "inf", True, [7], {}, 1e300, "1e300"])
@pytest.mark.parametrize("name", ["resultScore", "resultMaximum"])
@pytest.mark.parametrize("read", READS, ids=["one", "all"])
def test_a_grade_that_cannot_be_read_is_not_taken_for_none(
    read: Callable[[Platform], object], name: str, odd: object
) -> None:
    """Otherwise it would be overwritten."""
    row = {"userId": "104", "resultScore": 7, "resultMaximum": 10, name: odd}
    with pytest.raises(ServiceError) as caught:
        read(Platform([answer([row])]))
    assert caught.value.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert not caught.value.permanent


@pytest.mark.parametrize("user", [101, 101.0])
def test_a_number_for_a_users_id_is_understood(user: object) -> None:
    platform = Platform([answer([{"userId": user, "resultScore": 7, "resultMaximum": 10}])])
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
    assert make(platform, container, "a&b= c/1") == COLUMN
    assert platform.asked[0]["url"] == asked


def test_a_links_id_may_come_as_a_number() -> None:
    platform = Platform([answer([{"id": COLUMN, "resourceLinkId": 7}])])
    assert make(platform, link_id="7") == COLUMN


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


@pytest.mark.parametrize("body", [b"<html>", b""])
def test_a_list_that_is_none_for_now_tells_nothing(body: bytes) -> None:
    with pytest.raises(ServiceError) as caught:
        make(Platform([HttpReply(200, {}, body)]))
    assert caught.value.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert not caught.value.permanent


SEVEN = "https://lms.example/2/lineitems/7"
ADDRESSES: list[tuple[object, str]] = [
    (COLUMN, COLUMN),
    ("http://lms.example/2/lineitems/7", SEVEN),  # behind a proxy that ends TLS
    ("/2/lineitems/7?t=1", f"{SEVEN}?t=1"),
    ("lineitems/7", SEVEN),
    ("//lms.example/2/lineitems/7", SEVEN),
    (7, f"{SEVEN}?type_id=1"),
    ("7", f"{SEVEN}?type_id=1"),
    (0, "https://lms.example/2/lineitems/0?type_id=1"),
]
NO_ADDRESSES: list[object] = [
    None,
    "",
    True,
    7.5,
    ["x"],
    {"id": COLUMN},
    "7" * 2000,
    "ftp://lms.example/7",
    "javascript:alert(1)",
    "http://[bad]/x",
    "https://lms.example/" + "1" * 2000,
    # Nobody has said that these are the platform's, so they do not get our token.
    "https://elsewhere.example/2/lineitems/7",
    "http://elsewhere.example/2/lineitems/7",
    "http://lms.example:80/2/lineitems/7",
    "https://lms.example:8443/2/lineitems/7",
    "https://lms.example@elsewhere.example/7",
    "//elsewhere.example/7",
    # The container itself is no column.
    CONTAINER,
    "?x=1",
    "#7",
]


@pytest.mark.parametrize(("identifier", "address"), ADDRESSES)
def test_a_columns_id_may_be_relative_or_a_number(identifier: object, address: str) -> None:
    assert make(Platform([answer([]), answer({"id": identifier}, 201)])) == address
    listed = [{"id": identifier, "resourceLinkId": "link-2"}]
    assert make(Platform([answer(listed)])) == address


def test_a_relative_id_is_relative_to_its_page() -> None:
    last = answer([{"id": "items/7", "resourceLinkId": "link-2"}])
    pages = [page("/2/more/items?page=2"), last]
    assert make(Platform(pages)) == "https://lms.example/2/more/items/7"


@pytest.mark.parametrize("identifier", NO_ADDRESSES)
def test_a_column_that_is_made_without_a_usable_address_has_none(identifier: object) -> None:
    assert make(Platform([answer([]), answer({"id": identifier}, 201)])) == ""


@pytest.mark.parametrize("identifier", NO_ADDRESSES)
def test_a_column_that_is_listed_without_a_usable_address_is_not_made_again(
    identifier: object,
) -> None:
    platform = Platform([answer([{"id": identifier, "resourceLinkId": "link-2"}])])
    with pytest.raises(ServiceError) as caught:
        make(platform)
    assert caught.value.problem == DeliveryProblem.COLUMN_UNKNOWN
    assert caught.value.permanent
    assert len(platform.asked) == 1


@pytest.mark.parametrize("body", [b"", b"created", b"{}", b"[]", b'"text"', b'{"id": {}}'])
@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("", ""),
        (COLUMN, COLUMN),
        ("/2/lineitems/7", SEVEN),
        ("lineitems/7", SEVEN),
        ("https://elsewhere.example/7", ""),
        (CONTAINER, ""),
    ],
)
def test_a_location_tells_where_a_new_column_is(body: bytes, location: str, address: str) -> None:
    headers = {"location": location} if location else {}
    assert make(Platform([answer([]), HttpReply(201, headers, body)])) == address


@pytest.mark.parametrize("status", [204, 404, 405, 410, 501])
def test_a_platform_without_a_list_of_columns_may_make_one(status: int) -> None:
    platform = Platform([answer(status=status)])
    assert ags.find_line_item(platform, CONTAINER, ags.ColumnKey("link-2")) is None


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_list_that_may_come_later_is_waited_for(status: int) -> None:
    platform = Platform([answer(status=status)])
    with pytest.raises(ServiceError) as caught:
        make(platform)
    assert not caught.value.permanent
    assert len(platform.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 412, 422, 501])
def test_a_platform_that_makes_no_column_says_so_of_the_column(status: int) -> None:
    with pytest.raises(ServiceError) as caught:
        make(Platform([answer([]), answer(status=status)]))
    assert (caught.value.problem, caught.value.permanent) == (DeliveryProblem.NO_COLUMN, True)


def test_an_impossible_address_raises_what_is_expected() -> None:
    with pytest.raises(ServiceError):
        ags.post_score(Platform([]), "http://[bad]/x", score())


@pytest.mark.parametrize("status", [400, 406, 414, 422])
def test_where_the_filter_is_refused_all_columns_are_asked_for(status: int) -> None:
    listed = [{"id": "a", "resourceLinkId": "other"}, {"id": COLUMN, "resourceLinkId": "link-2"}]
    platform = Platform([HttpReply(status, {}, b""), answer(listed)])
    assert make(platform) == COLUMN
    assert platform.asked[1]["url"] == CONTAINER
