"""What every service asks of its caller before it does anything, as Moodle's do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import AccessToken, Activity, Column, ToolClient
from tests.lti_tool.sandbox import canvas, lms

ROSTER = "/lti/services/CourseSection/2/bindings/1/memberships"
LINE_ITEM = {"label": "A", "scoreMaximum": 10}
READERS = {Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY}
DONE = {200, 201, 204}

# method, address, the header of the media type, the type, body, and the scopes that are enough
Ask = tuple[str, str, str, str, object, set[Scope]]
ASKS: dict[str, Ask] = {
    "list": ("GET", lms.columns_address(), "accept", MediaType.LINE_ITEM_CONTAINER, None, READERS),
    "create": (
        *("POST", lms.columns_address(), "content_type", MediaType.LINE_ITEM),
        *(LINE_ITEM, {Scope.LINE_ITEM}),
    ),
    "read": ("GET", lms.column_address(), "accept", MediaType.LINE_ITEM, None, READERS),
    "replace": (
        *("PUT", lms.column_address(), "content_type", MediaType.LINE_ITEM),
        *(LINE_ITEM, {Scope.LINE_ITEM}),
    ),
    "delete": ("DELETE", lms.column_address(9), "accept", "", None, {Scope.LINE_ITEM}),
    "score": (
        *("POST", lms.scores_address(), "content_type", MediaType.SCORE),
        *(lms.a_score(), {Scope.SCORE}),
    ),
    "results": (
        *("GET", lms.results_address(), "accept", MediaType.RESULT_CONTAINER),
        *(None, {Scope.RESULT_READONLY}),
    ),
    "roster": (
        *("GET", ROSTER, "accept", MediaType.MEMBERSHIP_CONTAINER),
        *(None, {Scope.MEMBERSHIP_READONLY}),
    ),
}
READS = ("list", "read", "results", "roster")
WRITES = ("create", "replace", "score")


@pytest.fixture(autouse=True)
def _column_to_delete(seeded: None) -> None:
    course, tool = Activity.objects.get(pk=1).course, ToolClient.objects.get(pk=1)
    Column.objects.create(pk=9, course=course, tool=tool, label="Made", made_by_tool=True)


def status(name: str, tool: lms.Tool, address: str = "", **headers: str) -> int:
    method, usual_address, header, media, body, _ = ASKS[name]
    options = {header: str(media), **headers}
    return tool.call(method, address or usual_address, body, **options).status_code


def every(tool: lms.Tool, *names: str, **headers: str) -> set[int]:
    """The statuses of these services, or of all."""
    return {status(name, tool, **headers) for name in names or ASKS}


def test_each_scope_opens_its_own_services_alone() -> None:
    for scope in Scope:
        tool = lms.Tool([scope])
        for name, (*_, enough) in ASKS.items():
            found = status(name, tool)
            assert found in (DONE if scope in enough else {403}), (name, scope)


def test_without_a_token_that_stands_nothing_opens() -> None:
    tool, now = lms.Tool(), timezone.now()
    for given in ("", "Bearer", "Bearer wrong", f"Basic {tool.token}", tool.token, "é"):
        assert every(tool, Authorization=given) == {401}, given
    response = lms.browser().get(lms.columns_address(), headers={"User-Agent": "a tool"})
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    AccessToken.objects.update(issued_at=now - timedelta(hours=2), expires_at=now)
    assert every(tool) == {401}


def test_some_moodles_refuse_a_caller_without_a_name() -> None:
    assert every(lms.Tool(), **{"User-Agent": ""}) == {403}


def test_another_tools_token_opens_nothing() -> None:
    """In Moodle the address names the tool by type_id; Canvas is another platform."""
    assert canvas.post(lms.Tool()).status_code == 403
    assert canvas.tool().post_score(lms.a_score()).status_code == 403
    mine = lms.Tool()
    ToolClient.objects.create(pk=7, name="Other", client_id="other", deployment_id="1")
    AccessToken.objects.update(tool=7)
    assert every(mine) == {403}


def test_the_tool_has_to_be_used_in_the_course() -> None:
    Activity.objects.filter(course=lms.HISTORY).delete()
    assert every(lms.Tool()) == {403}


def test_what_is_not_there_is_404() -> None:
    tool = lms.Tool()
    for name, (_, address, *_rest) in ASKS.items():
        assert status(name, tool, address.replace("/2/", "/77/", 1)) == 404, name
    for name in ("read", "replace", "delete", "score", "results"):
        address = ASKS[name][1].replace("lineitems/9/", "lineitems/1/")
        assert status(name, tool, address.replace("lineitems/1/", "lineitems/99/")) == 404
        assert status(name, tool, address.replace("lineitems/1/", "lineitems/4/")) == 404
        assert status(name, tool, address.replace("/2/", "/3/", 1)) == 404


def test_an_address_without_its_query_string_is_not_the_same() -> None:
    tool = lms.Tool()
    for name in set(ASKS) - {"roster"}:
        for query in ("", "?type_id=2", "?type_id=x", "?type_id=²"):
            assert status(name, tool, ASKS[name][1].split("?")[0] + query) == 403, (name, query)
    # Appended to the whole address, as a careless tool does, it is another address.
    wrong = f"{lms.column_address()}/scores"
    assert status("score", tool, wrong) in {403, 405}


def test_media_types_are_exactly_the_services_own() -> None:
    tool = lms.Tool()
    for accept in ("*/*", "application/json", "text/html", "{};q=1", "{}, */*"):
        for name in READS:
            assert status(name, tool, accept=accept.format(ASKS[name][3])) == 406, (name, accept)
    assert every(tool, *READS, accept="") == {200}
    for given in ("application/json", "", "{}; charset=utf-8", "text/plain"):
        for name in WRITES:
            assert status(name, tool, content_type=given.format(ASKS[name][3])) == 415


def test_another_method_is_405() -> None:
    for address, method, allowed in (
        (lms.columns_address(), "PUT", "GET, POST"),
        (lms.column_address(), "POST", "GET, PUT, DELETE"),
        (lms.scores_address(), "GET", "POST"),
        (lms.results_address(), "POST", "GET"),
        (ROSTER, "POST", "GET"),
    ):
        response = lms.Tool().call(method, address)
        assert (response.status_code, response["Allow"]) == (405, allowed)


def test_a_body_that_is_no_json_object_is_400() -> None:
    tool = lms.Tool()
    bodies: list[str | bytes] = [" ", "no JSON", "[]", "null", "7", "{", b"\xff\xfe", '{"a":NaN}']
    for body in (*bodies, '{"a":"\\ud800"}', "[" * 50_000, '{"a":' + "9" * 5000 + "}"):
        for name in WRITES:
            method, address, header, media, *_ = ASKS[name]
            response = tool.call(method, address, body, **{header: str(media)})
            assert response.status_code == 400, (name, body[:20])
