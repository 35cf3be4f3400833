"""What every service asks of its caller before it does anything."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import AccessToken, Activity, Column, ToolClient
from tests.lti_tool.sandbox import lms

ROSTER = "/lti/services/CourseSection/2/bindings/1/memberships"

# method, address, media types, body, and the scopes of which one is enough
Ask = tuple[str, str, dict[str, str], object, set[Scope]]
LINE_ITEM = {"label": "A", "scoreMaximum": 10}
READERS = {Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY}
ITEM = {"content_type": str(MediaType.LINE_ITEM)}
ASKS: dict[str, Ask] = {
    "list": (
        "GET",
        lms.columns_address(),
        {"accept": MediaType.LINE_ITEM_CONTAINER},
        None,
        READERS,
    ),
    "create": ("POST", lms.columns_address(), ITEM, LINE_ITEM, {Scope.LINE_ITEM}),
    "read": ("GET", lms.column_address(), {"accept": MediaType.LINE_ITEM}, None, READERS),
    "replace": ("PUT", lms.column_address(), ITEM, LINE_ITEM, {Scope.LINE_ITEM}),
    "delete": ("DELETE", lms.column_address(9), {}, None, {Scope.LINE_ITEM}),
    "score": (
        "POST",
        lms.scores_address(),
        {"content_type": MediaType.SCORE},
        lms.a_score(),
        {Scope.SCORE},
    ),
    "results": (
        "GET",
        lms.results_address(),
        {"accept": MediaType.RESULT_CONTAINER},
        None,
        {Scope.RESULT_READONLY},
    ),
    "roster": (
        "GET",
        ROSTER,
        {"accept": MediaType.MEMBERSHIP_CONTAINER},
        None,
        {Scope.MEMBERSHIP_READONLY},
    ),
}

pytestmark = pytest.mark.usefixtures("planted")
every_ask = pytest.mark.parametrize("name", ASKS)


@pytest.fixture(autouse=True)
def _column_to_delete(planted: None) -> None:
    course, tool = Activity.objects.get(pk=1).course, ToolClient.objects.get(pk=1)
    Column.objects.create(pk=9, course=course, tool=tool, label="Made", made_by_tool=True)


def status(name: str, tool: lms.Tool, address: str = "", **headers: str) -> int:
    method, usual_address, media, body, _ = ASKS[name]
    return tool.call(method, address or usual_address, body, **{**media, **headers}).status_code


@every_ask
def test_a_full_token_opens_every_service(name: str) -> None:
    assert status(name, lms.Tool()) in {200, 201, 204}


@every_ask
@pytest.mark.parametrize("scope", list(Scope))
def test_each_scope_opens_its_own_services_alone(name: str, scope: Scope) -> None:
    answered = status(name, lms.Tool([scope]))
    assert (answered in {200, 201, 204}) == (scope in ASKS[name][4])
    assert answered in {200, 201, 204, 403}


@every_ask
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {}", "{}", "é"])
def test_without_a_token_nothing_opens(name: str, given: str) -> None:
    tool = lms.Tool()
    assert status(name, tool, Authorization=given.format(tool.token)) == 401


@every_ask
def test_an_expired_token_opens_nothing(name: str) -> None:
    tool, now = lms.Tool(), timezone.now()
    AccessToken.objects.update(issued_at=now - timedelta(hours=2), expires_at=now)
    assert status(name, tool) == 401


def test_a_refused_token_says_so_in_the_header() -> None:
    answer = lms.browser().get(lms.columns_address(), headers={"User-Agent": "a tool"})
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert lms.json_of(answer)["reason"]


@every_ask
def test_some_moodles_refuse_a_caller_without_a_name(name: str) -> None:
    assert status(name, lms.Tool(), **{"User-Agent": ""}) == 403


@every_ask
def test_another_tools_token_opens_nothing(name: str) -> None:
    """In Moodle the address names the tool by type_id."""
    mine = lms.Tool()
    ToolClient.objects.create(pk=7, name="Other", client_id="other", deployment_id="1")
    AccessToken.objects.update(tool=7)
    assert status(name, mine) == 403


@every_ask
def test_the_tool_has_to_be_used_in_the_course(name: str) -> None:
    Activity.objects.filter(course=lms.HISTORY).delete()
    assert status(name, lms.Tool()) == 403


@every_ask
def test_a_course_that_is_not_there_is_404(name: str) -> None:
    gone = ASKS[name][1].replace("/2/", "/77/", 1)
    assert status(name, lms.Tool(), gone) == 404


@pytest.mark.parametrize("name", [name for name in ASKS if name != "roster"])
@pytest.mark.parametrize("query", ["", "?type_id=2", "?type_id=", "?type_id=x", "?type_id=²"])
def test_an_address_without_its_query_string_is_not_the_same(name: str, query: str) -> None:
    assert status(name, lms.Tool(), ASKS[name][1].split("?")[0] + query) == 403


@pytest.mark.parametrize("name", ["read", "replace", "delete", "score", "results"])
@pytest.mark.parametrize(("course", "column"), [(2, 99), (2, 4), (3, 1)])
def test_a_column_that_is_not_in_this_course_is_404(name: str, course: int, column: int) -> None:
    address = ASKS[name][1].replace("/2/", f"/{course}/", 1)
    address = address.replace("lineitems/1/", f"lineitems/{column}/")
    address = address.replace("lineitems/9/", f"lineitems/{column}/")
    assert status(name, lms.Tool(), address) == 404


@pytest.mark.parametrize("name", ["list", "read", "results", "roster"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "{};q=1", "{}, */*"])
def test_accept_is_the_services_own_media_type(name: str, accept: str) -> None:
    own = ASKS[name][2]["accept"]
    assert status(name, lms.Tool(), accept=accept.format(own)) == 406


@pytest.mark.parametrize("name", ["list", "read", "results", "roster"])
def test_accept_may_be_left_out(name: str) -> None:
    assert status(name, lms.Tool(), accept="") == 200


@pytest.mark.parametrize("name", ["create", "replace", "score"])
@pytest.mark.parametrize("given", ["application/json", "", "{}; charset=utf-8", "text/plain"])
def test_content_type_is_exactly_the_services_own(name: str, given: str) -> None:
    own = ASKS[name][2]["content_type"]
    assert status(name, lms.Tool(), content_type=given.format(own)) == 415


@pytest.mark.parametrize(
    ("address", "method", "allowed"),
    [
        (lms.columns_address(), "PUT", "GET, POST"),
        (lms.column_address(), "POST", "GET, PUT, DELETE"),
        (lms.scores_address(), "GET", "POST"),
        (lms.results_address(), "POST", "GET"),
        (ROSTER, "POST", "GET"),
    ],
)
def test_another_method_is_405(address: str, method: str, allowed: str) -> None:
    answer = lms.Tool().call(method, address)
    assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.parametrize("name", ["create", "replace", "score"])
@pytest.mark.parametrize(
    "body",
    [" ", "no JSON", "[]", "null", "7", '"text"', "{", b"\xff\xfe", '{"a":NaN}', '{"a":"\\ud800"}',
     "[" * 50_000, '{"a":' + "9" * 5000 + "}"],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_400(name: str, body: str | bytes) -> None:
    method, address, media, _, _ = ASKS[name]
    assert lms.Tool().call(method, address, body, **media).status_code == 400
