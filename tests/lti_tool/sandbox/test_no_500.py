"""Whatever is sent to an address of the sandbox, of either flavour, the response is no 500."""

import contextlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from lti_tool.protocol.vocabulary import Claim, MediaType
from lti_tool.sandbox.canvas.line_item import SUBMISSION_TYPE
from lti_tool.sandbox.deep_linking import content_items
from lti_tool.sandbox.models import Flavour, ToolClient
from lti_tool.sandbox.registration.tool_configuration import PRIVACY_LEVEL, TOOL_CONFIGURATION
from lti_tool.sandbox.services.fields import BadFieldError
from tests.lti_tool import awkward
from tests.lti_tool.sandbox import canvas, lms, test_deep_linking, test_registration
from tests.platform.keys import key_pair
from tests.properties import costly

relaxed = costly(25)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
TEXTS = st.text(max_size=40) | st.sampled_from(["\x00", "\ud800", "💣", "9" * 40, "%00", "[" * 900])
INITIATION = {"client_id": "sandbox-tool", "login_hint": "101", "lti_message_hint": "{}"}
PARAMETERS = st.sampled_from(sorted(lms.auth_request(INITIATION)))


def changed(body: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    return {**body, **changes}


@relaxed
@given(st.dictionaries(st.sampled_from(sorted(lms.a_score())), JSON, min_size=1))
def test_scores(tool: lms.Tool, changes: dict[str, object]) -> None:
    assert tool.post_score(changed(lms.a_score(), changes)).status_code < 500


def test_a_score_with_each_member_of_the_wrong_kind(tool: lms.Tool) -> None:
    for body in awkward.changed(lms.a_score()):
        assert tool.post_score(body).status_code < 500


ITEM = {"label": "A", "scoreMaximum": 5, "resourceLinkId": "1", "tag": "t", "resourceId": "r"}


def test_a_line_item_with_each_member_of_the_wrong_kind(tool: lms.Tool) -> None:
    review = {"url": "http://localhost:8001/", "reviewableStatus": ["None"], "custom": {"a": "b"}}
    for body in awkward.changed({**ITEM, "submissionReview": review}):
        response = tool.call("PUT", lms.column_address(), body, content_type=MediaType.LINE_ITEM)
        assert response.status_code < 500


@relaxed
@given(st.dictionaries(st.sampled_from(sorted(ITEM)), JSON, min_size=1))
def test_line_items(tool: lms.Tool, changes: dict[str, object]) -> None:
    body, media = changed(ITEM, changes), MediaType.LINE_ITEM
    for method, address in (("POST", lms.columns_address()), ("PUT", lms.column_address())):
        assert tool.call(method, address, body, content_type=media).status_code < 500


ADDRESSES = (
    *("/lti/token", "/lti/auth", "/faults", "/sign-in/", lms.scores_address()),
    *(canvas.AUTHORISE, "/canvas/login/oauth2/token", "/canvas/api/lti/registrations"),
    *("/canvas/api/lti/security/openid-configuration", f"{canvas.column_address()}/scores"),
)


@relaxed
@given(st.binary(max_size=60), st.sampled_from(["POST", "PUT", "GET", "DELETE", "PATCH", "HEAD"]))
def test_bytes_to_every_address(tool: lms.Tool, body: bytes, method: str) -> None:
    for address in ADDRESSES:
        for content_type in ("application/x-www-form-urlencoded", "application/json"):
            response = tool.call(method, address, body, content_type=content_type)
            assert response.status_code < 500


@relaxed
@given(st.dictionaries(PARAMETERS, TEXTS, min_size=1))
def test_authentication_requests(pupil: Client, changes: dict[str, Any]) -> None:
    params = {**lms.auth_request(lms.begin(pupil)), **changes}
    sent = {name: value.encode("utf-8", "replace") for name, value in params.items()}
    assert pupil.post("/lti/auth", sent).status_code < 500
    assert lms.browser().post("/lti/auth", {**sent, "repost": "1"}).status_code < 500


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


QUERY = st.dictionaries(
    st.sampled_from(["limit", "from", "role", "rlid", "tag", "user_id", "resource_link_id"]),
    TEXTS.map(as_bytes),
)


@relaxed
@given(QUERY)
def test_queries(tool: lms.Tool, query: dict[str, bytes]) -> None:
    sent = {"User-Agent": "a tool", "Authorization": f"Bearer {tool.token}"}
    for address in (lms.columns_address(), lms.results_address()):
        response = lms.browser().get(
            address.split("?")[0], {**query, "type_id": b"1"}, headers=sent
        )
        assert response.status_code == 200
    roster = "/lti/services/CourseSection/2/bindings/1/memberships"
    assert lms.browser().get(roster, query, headers=sent).status_code in {200, 404}


ITEM_MEMBERS = st.sampled_from([*sorted(test_deep_linking.WHOLE_ITEM), "thumbnail"])
INNER_MEMBERS = st.sampled_from(
    ["url", "width", "label", "scoreMaximum", "tag", "submissionReview", "endDateTime"]
)


@pytest.fixture
def known_keys(seeded: None) -> None:
    """The tool's keys, as if they had just been fetched."""
    ToolClient.objects.update(keys=[key_pair("first").jwk], keys_fetched_at=timezone.now())


@relaxed
@given(
    st.dictionaries(
        ITEM_MEMBERS, JSON | st.dictionaries(INNER_MEMBERS, JSON, max_size=3), min_size=1
    )
)
def test_content_items(known_keys: None, teacher: Client, changes: dict[str, object]) -> None:
    asked = test_deep_linking.ask(teacher)
    item = changed(test_deep_linking.WHOLE_ITEM, changes)
    form = {"JWT": asked.signed({Claim.CONTENT_ITEMS: [item]})}
    assert teacher.post(asked.return_path, form).status_code in {200, 400}


def test_a_content_item_with_each_member_of_the_wrong_kind() -> None:
    for item in awkward.changed(test_deep_linking.WHOLE_ITEM):
        with contextlib.suppress(BadFieldError):
            content_items.parse([item], {"http://localhost:8001"})


@relaxed
@given(st.text(max_size=60), st.text(max_size=10), st.text(max_size=10))
def test_deep_linking_returns(teacher: Client, signed: str, key: str, tool: str) -> None:
    query = urlencode({"id": tool, "sesskey": key}, errors="replace")
    for address in (f"/courses/2/selected/?{query}", "/courses/2/selected/?id=1"):
        form = {"JWT": signed.encode("utf-8", "replace")}
        assert teacher.post(address, form).status_code in {400, 404}
    assert teacher.get(f"/courses/2/select/launch/?{query}").status_code in {200, 404}


FORMS = {
    "/gradebook/1/101/": ("score", "comment"),
    "/activities/1/settings/": ("opens_at", "due_at", "closes_at"),
    "/tools/register/": ("url", "flavour"),
    "/tools/1/add/": ("course",),
    "/sign-in/": ("person", "next"),
}


@relaxed
@given(st.sampled_from(sorted(FORMS)), st.data())
def test_forms(teacher: Client, administrator: Client, address: str, data: st.DataObject) -> None:
    form = {name: data.draw(TEXTS).encode("utf-8", "replace") for name in FORMS[address]}
    for client in (teacher, administrator):
        assert client.post(address, form).status_code < 500


@relaxed
@given(st.data())
def test_registrations(seeded: None, data: st.DataObject) -> None:
    body = test_registration.posted()
    inner = body[TOOL_CONFIGURATION]
    section = inner if data.draw(st.booleans()) else body
    section[data.draw(st.sampled_from(sorted(section)))] = data.draw(JSON)
    for flavour in Flavour:
        token = test_registration.offer(flavour)
        assert test_registration.register(token, body, flavour).status_code < 500


@pytest.mark.parametrize("flavour", Flavour)
def test_a_registration_with_each_member_of_the_wrong_kind(seeded: None, flavour: Flavour) -> None:
    whole = test_registration.posted()
    whole[TOOL_CONFIGURATION][PRIVACY_LEVEL] = "public"
    for body in awkward.changed(whole):
        token = test_registration.offer(flavour)
        assert test_registration.register(token, body, flavour).status_code < 500


KIND = {"type": "external_tool", "external_tool_url": "http://localhost:8001/lti/launch/"}
CANVAS_ITEM = {**ITEM, SUBMISSION_TYPE: KIND}
SUBMISSION = {
    "new_submission": True,
    "preserve_score": False,
    "submission_type": "basic_lti_launch",
    "submission_data": "http://localhost:8001/",
    "submitted_at": "2026-03-01T10:00:00Z",
}


class TestCanvas:
    @pytest.fixture
    def tool(self, tool: lms.Tool) -> lms.Tool:  # noqa: ARG002 the sandbox is seeded with it
        return canvas.tool()

    @relaxed
    @given(
        st.dictionaries(st.sampled_from(["userId", "timestamp", "scoreGiven", "comment"]), JSON),
        st.dictionaries(st.sampled_from(sorted(SUBMISSION)), JSON),
    )
    # A value of the wrong type is in no set of names: `kind not in TYPES` raised TypeError.
    @example({}, {"submission_type": {}})
    @example({}, {"submission_type": []})
    def test_scores(
        self, tool: lms.Tool, changes: dict[str, Any], submission: dict[str, Any]
    ) -> None:
        assert canvas.post(tool, {**SUBMISSION, **submission}, **changes).status_code < 500

    def test_documents_with_each_member_of_the_wrong_kind(self, tool: lms.Tool) -> None:
        score = canvas.a_score(SUBMISSION, submission={"submittedAt": "2026-03-01T10:00:00Z"})
        for address, media, whole in (
            (f"{canvas.column_address()}/scores", MediaType.SCORE, score),
            (canvas.COLUMNS, MediaType.LINE_ITEM, CANVAS_ITEM),
        ):
            for body in awkward.changed(whole):
                assert tool.call("POST", address, body, content_type=media).status_code < 500

    @relaxed
    @given(
        st.dictionaries(st.sampled_from(sorted(CANVAS_ITEM)), JSON, min_size=1)
        | TEXTS.map(lambda url: {SUBMISSION_TYPE: {**KIND, "external_tool_url": url}})
    )
    def test_line_items(self, tool: lms.Tool, changes: dict[str, Any]) -> None:
        body, media = {**CANVAS_ITEM, **changes}, MediaType.LINE_ITEM
        for method, address in (("POST", canvas.COLUMNS), ("PUT", canvas.column_address())):
            assert tool.call(method, address, body, content_type=media).status_code < 500

    @relaxed
    @given(QUERY | st.dictionaries(st.sampled_from(["page", "per_page"]), TEXTS.map(as_bytes)))
    def test_queries(self, tool: lms.Tool, query: dict[str, bytes]) -> None:
        sent = {"User-Agent": "a tool", "Authorization": f"Bearer {tool.token}"}
        for address in (canvas.COLUMNS, canvas.ROSTER, f"{canvas.column_address()}/results"):
            response = lms.browser().get(address, query, headers=sent)
            assert response.status_code in {200, 404}
