"""Whatever is sent to an address of Canvas's temper, the answer is no 500."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox.canvas.line_item import SUBMISSION_TYPE
from tests.lti_tool import awkward
from tests.lti_tool.sandbox import canvas, lms
from tests.lti_tool.sandbox.test_no_500 import JSON, TEXTS, relaxed

KIND = {"type": "external_tool", "external_tool_url": "http://localhost:8001/lti/launch/"}
ITEM = {"label": "A", "scoreMaximum": 5, "tag": "t", "resourceId": "r", SUBMISSION_TYPE: KIND}
SUBMISSION = {
    "new_submission": True,
    "preserve_score": False,
    "submission_type": "basic_lti_launch",
    "submission_data": "http://localhost:8001/",
    "submitted_at": "2026-03-01T10:00:00Z",
}


@pytest.fixture
def tool(planted: None) -> lms.Tool:
    return canvas.tool()


@relaxed
@given(
    st.dictionaries(st.sampled_from(["userId", "timestamp", "scoreGiven", "comment"]), JSON),
    st.dictionaries(st.sampled_from(sorted(SUBMISSION)), JSON),
)
@example({}, {"submission_type": {}})
@example({}, {"submission_type": []})
def test_scores(tool: lms.Tool, changes: dict[str, Any], submission: dict[str, Any]) -> None:
    assert canvas.post(tool, {**SUBMISSION, **submission}, **changes).status_code < 500


def test_a_score_with_each_member_of_the_wrong_kind(tool: lms.Tool) -> None:
    whole = canvas.a_score(SUBMISSION, submission={"submittedAt": "2026-03-01T10:00:00Z"})
    for body in awkward.changed(whole):
        address = f"{canvas.column_address()}/scores"
        answer = tool.call("POST", address, body, content_type=MediaType.SCORE)
        assert answer.status_code < 500


def test_a_line_item_with_each_member_of_the_wrong_kind(tool: lms.Tool) -> None:
    for body in awkward.changed(ITEM):
        answer = tool.call("POST", canvas.COLUMNS, body, content_type=MediaType.LINE_ITEM)
        assert answer.status_code < 500


@relaxed
@given(st.dictionaries(st.sampled_from([*sorted(ITEM), "resourceLinkId"]), JSON, min_size=1))
def test_line_items(tool: lms.Tool, changes: dict[str, Any]) -> None:
    for method, address in (("POST", canvas.COLUMNS), ("PUT", canvas.column_address())):
        body = {**ITEM, **changes}
        answer = tool.call(method, address, body, content_type=MediaType.LINE_ITEM)
        assert answer.status_code < 500


@relaxed
@given(st.text(max_size=50) | st.sampled_from(["http://[", "http://a]b", "http://x:y/"]))
def test_addresses_in_a_submission_type(tool: lms.Tool, url: str) -> None:
    body = {**ITEM, SUBMISSION_TYPE: {"type": "external_tool", "external_tool_url": url}}
    answer = tool.call("POST", canvas.COLUMNS, body, content_type=MediaType.LINE_ITEM)
    assert answer.status_code in {201, 422}


@relaxed
@given(
    st.dictionaries(
        st.sampled_from(["page", "per_page", "limit", "role", "rlid", "user_id", "tag"]),
        TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    )
)
def test_queries(tool: lms.Tool, query: dict[str, bytes]) -> None:
    sent = {"User-Agent": "a tool", "Authorization": f"Bearer {tool.token}"}
    for address in (canvas.COLUMNS, canvas.ROSTER, f"{canvas.column_address()}/results"):
        answer = lms.browser().get(address, query, headers=sent)
        assert answer.status_code in {200, 404}


@relaxed
@given(st.binary(max_size=60), st.sampled_from(["POST", "PUT", "GET", "DELETE", "PATCH"]))
def test_bytes_to_every_address(tool: lms.Tool, body: bytes, method: str) -> None:
    for address in (
        canvas.AUTHORISE,
        "/canvas/login/oauth2/token",
        "/canvas/api/lti/registrations",
        "/canvas/api/lti/security/openid-configuration",
        f"{canvas.column_address()}/scores",
    ):
        answer = tool.call(method, address, body, content_type="application/json")
        assert answer.status_code < 500


@relaxed
@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_the_administrator_s_forms(
    administrator: Client, url: str, temper: str, course: str
) -> None:
    form = {"url": url.encode("utf-8", "replace"), "temper": temper.encode("utf-8", "replace")}
    assert administrator.post("/tools/register/", form).status_code in {200, 400}
    place = {"course": course.encode("utf-8", "replace")}
    assert administrator.post("/tools/1/place/", place).status_code in {302, 404}
