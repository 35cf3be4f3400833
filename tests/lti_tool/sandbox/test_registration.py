"""A tool that registers itself: what it is told, what it must post, what comes of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from lti_tool.protocol.vocabulary import Scope
from lti_tool.sandbox.models import Activity, Flavour, Person, RegistrationToken, ToolClient
from lti_tool.sandbox.registration import registration_tokens
from lti_tool.sandbox.registration.tool_configuration import PRIVACY_LEVEL, TOOL_CONFIGURATION
from tests.lti_tool.sandbox import lms

MOODLE, CANVAS = Flavour.MOODLE, Flavour.CANVAS
CONFIGURATION = {
    MOODLE: "/lti/openid-configuration",
    CANVAS: "/canvas/api/lti/security/openid-configuration",
}
REGISTER = {MOODLE: "/lti/register", CANVAS: "/canvas/api/lti/registrations"}
TOOL = "http://tool.localhost:9000"
PICK = {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL}/pick/", "label": "Choose"}


def posted() -> dict[str, Any]:
    """A registration that either platform takes."""
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{TOOL}/login/",
        "redirect_uris": [f"{TOOL}/launch/"],
        "client_name": "Quizzes",
        "jwks_uri": f"{TOOL}/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{Scope.SCORE} {Scope.LINE_ITEM} openid https://other.example/scope",
        TOOL_CONFIGURATION: {
            "domain": "tool.localhost:9000",
            "target_link_uri": f"{TOOL}/launch/",
            "custom_parameters": {"context_history": "$Context.id.history"},
            "claims": ["iss", "sub", "name"],
            "messages": [{"type": "LtiResourceLinkRequest"}, PICK],
        },
    }


def offer(flavour: Flavour = MOODLE, withheld: tuple[str, ...] = ()) -> str:
    return registration_tokens.issue(Person.objects.get(is_administrator=True), flavour, withheld)


def register(token: str, body: object = None, flavour: Flavour = MOODLE, **options: Any) -> Any:
    return lms.browser().post(
        REGISTER[flavour],
        posted() if body is None else body,
        content_type=options.get("content_type", "application/json"),
        headers={"Authorization": f"Bearer {token}"},
    )


def configuration(flavour: Flavour, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return lms.browser().get(CONFIGURATION[flavour], headers=headers)


@pytest.mark.parametrize("flavour", [MOODLE, CANVAS])
def test_the_configuration_names_one_platform_s_addresses(seeded: None, flavour: Flavour) -> None:
    told = lms.json_of(configuration(flavour, offer(flavour)))
    base = f"{lms.URL}/canvas" if flavour == CANVAS else lms.URL
    assert told["issuer"] == base
    assert told["registration_endpoint"] == lms.URL + REGISTER[flavour]
    assert all(
        told[name].startswith(base)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    own = told["https://purl.imsglobal.org/spec/lti-platform-configuration"]
    assert own["product_family_code"] == ("canvas" if flavour == CANVAS else "sandbox")
    placed = [bool(message.get("placements")) for message in own["messages_supported"]]
    assert set(placed) == {flavour == CANVAS}
    names = [
        name for message in own["messages_supported"] for name in message.get("placements", ())
    ]
    assert all(name.startswith("https://canvas.instructure.com/lti/") for name in names)


def test_only_canvas_wants_the_token_for_its_configuration(seeded: None) -> None:
    assert configuration(MOODLE).status_code == 200
    assert configuration(CANVAS).status_code == 401
    assert configuration(CANVAS, "wrong").status_code == 401
    assert configuration(CANVAS, offer(MOODLE)).status_code == 401


def test_moodle_tells_the_deployment_and_leaves_the_tool_pending(seeded: None) -> None:
    response = register(offer())
    assert response.status_code == 200
    told, tool = lms.json_of(response), ToolClient.objects.get(name="Quizzes")
    assert (told["client_id"], tool.is_active) == (tool.client_id, False)
    assert told[TOOL_CONFIGURATION]["deployment_id"] == tool.deployment_id
    assert set(told["scope"].split()) == {Scope.SCORE, Scope.LINE_ITEM} == set(tool.scopes)
    assert tool.deep_linking_url == f"{TOOL}/pick/"
    assert tool.custom == {"context_history": "$Context.id.history"}
    assert tool.shares_names


def test_canvas_returns_201_with_the_deployment_at_the_top(seeded: None) -> None:
    body = posted()
    own = body[TOOL_CONFIGURATION]
    prefixed = "https://canvas.instructure.com/lti/assignment_selection"
    own["messages"] = [{**PICK, "placements": [prefixed, "editor_button", "ContentArea"]}]
    own[PRIVACY_LEVEL] = "name_only"
    response = register(offer(CANVAS), body, CANVAS)
    assert response.status_code == 201
    told = lms.json_of(response)
    assert "deployment_id" not in told[TOOL_CONFIGURATION]
    tool = ToolClient.objects.get(name="Quizzes")
    assert (tool.flavour, tool.shares_names) == (CANVAS, True)
    assert tool.placements == ["assignment_selection", "editor_button", "link_selection"]
    assert told["deployment_id"] == tool.deployment_id


def test_who_is_told_names(seeded: None) -> None:
    """Canvas goes by the privacy level, Moodle by the claims that a tool names."""
    for level, shares in ((None, False), ("anonymous", False), ("public", True)):
        body = posted()
        body[TOOL_CONFIGURATION] |= {PRIVACY_LEVEL: level} if level else {}
        assert register(offer(CANVAS), body, CANVAS).status_code == 201
        assert ToolClient.objects.order_by("-pk")[0].shares_names is shares
    body = posted()
    body[TOOL_CONFIGURATION]["claims"] = ["iss", "sub"]
    register(offer(), body)
    assert not ToolClient.objects.order_by("-pk")[0].shares_names


def test_without_the_message_there_is_no_deep_linking(seeded: None) -> None:
    body = posted()
    body[TOOL_CONFIGURATION]["messages"] = [{"type": "LtiResourceLinkRequest"}]
    register(offer(), body)
    assert ToolClient.objects.get(name="Quizzes").deep_linking_url == ""


def test_withheld_scopes_are_not_granted(seeded: None) -> None:
    told = lms.json_of(register(offer(withheld=(Scope.SCORE,))))
    assert told["scope"] == Scope.LINE_ITEM


def test_a_token_registers_one_tool_of_one_platform_within_the_hour(seeded: None) -> None:
    token = offer()
    assert register(token, {}).status_code == 400  # which leaves the token as it was
    assert [register(token).status_code for _ in range(2)] == [200, 401]
    assert register(offer(CANVAS)).status_code == 401
    assert register("").status_code == 401
    token = offer()
    RegistrationToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert register(token).status_code == 401


def test_moodle_updates_the_tool_of_a_domain_and_canvas_makes_another(seeded: None) -> None:
    first = lms.json_of(register(offer()))["client_id"]
    ToolClient.objects.filter(client_id=first).update(is_active=True)
    again = posted() | {"client_name": "Renamed"}
    assert lms.json_of(register(offer(), again))["client_id"] == first
    tool = ToolClient.objects.get(client_id=first)
    assert (tool.name, tool.is_active) == ("Renamed", True)
    ids = {lms.json_of(register(offer(CANVAS), None, CANVAS))["client_id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_pending_tool_is_launched_once_it_is_active(administrator: Client) -> None:
    tool = ToolClient.objects.get(client_id=lms.json_of(register(offer()))["client_id"])
    quiz_form = {"course": lms.HISTORY, "title": "A quiz"}
    assert administrator.post(f"/tools/{tool.pk}/add/", quiz_form).status_code == 302
    quiz, teacher = Activity.objects.get(title="A quiz"), lms.browser()
    lms.sign_in(teacher, lms.TEACHER)
    assert teacher.get(f"/launch/{quiz.pk}/").status_code == 409
    administrator.post(f"/tools/{tool.pk}/activate/")
    form = lms.self_posting(teacher.get(f"/launch/{quiz.pk}/"))
    assert (form.action, form.fields["client_id"]) == (f"{TOOL}/login/", tool.client_id)
    assert teacher.post(f"/tools/{tool.pk}/activate/").status_code == 403


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"application_type": "native"}, "application_type"),
    ({"response_types": ["code"]}, "response_types"),
    ({"response_types": "id_token"}, "response_types"),
    ({"grant_types": ["implicit"]}, "grant_types"),
    ({"initiate_login_uri": ...}, "initiate_login_uri"),
    ({"initiate_login_uri": "/login/"}, "initiate_login_uri"),
    ({"initiate_login_uri": "javascript:alert(1)"}, "initiate_login_uri"),
    ({"redirect_uris": []}, "redirect_uris"),
    ({"redirect_uris": ["http://a b/"]}, "redirect_uris"),
    ({"redirect_uris": ["http://a;frame-src *"]}, "redirect_uris"),
    ({"client_name": " "}, "client_name"),
    ({"client_name": "x" * 201}, "client_name"),
    ({"jwks_uri": ...}, "jwks_uri"),
    ({"jwks_uri": "http://u:p@tool.localhost/"}, "jwks_uri"),
    ({"token_endpoint_auth_method": "client_secret_post"}, "private_key_jwt"),
    ({"scope": ["a"]}, "scope"),
    ({TOOL_CONFIGURATION: ...}, "lti-tool-configuration"),
    ({TOOL_CONFIGURATION: []}, "lti-tool-configuration"),
]
WRONG_TOOL: list[tuple[dict[str, Any], str]] = [
    ({"domain": "tool.localhost"}, "domain must be tool.localhost:9000"),
    ({"domain": "other.localhost:9000"}, "domain must be tool.localhost:9000"),
    ({"domain": ...}, "domain"),
    ({"target_link_uri": ...}, "target_link_uri"),
    ({"messages": ...}, "messages"),
    ({"messages": ["LtiResourceLinkRequest"]}, "messages"),
    ({"messages": [{"type": "ContentItemSelectionRequest"}]}, "no message of this platform"),
    ({"messages": [{**PICK, "target_link_uri": "http://elsewhere/"}]}, "domain"),
    ({"custom_parameters": {"a": 1}}, "custom_parameters"),
    ({"claims": "name"}, "claims"),
]
WRONG_CANVAS: list[tuple[dict[str, Any], str]] = [
    ({"messages": [{**PICK, "placements": ["course_navigation"]}]}, "placement"),
    ({"messages": [{**PICK, "placements": "editor_button"}]}, "placements"),
    ({PRIVACY_LEVEL: "everything"}, "privacy_level"),
]


def but(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def refusal(body: object, flavour: Flavour = MOODLE, **options: Any) -> str:
    response = register(offer(flavour), body, flavour, **options)
    assert response.status_code == 400, response.content
    assert isinstance(response, HttpResponse)
    assert not ToolClient.objects.filter(name="Quizzes").exists()
    return str(lms.json_of(response)["error_description"])


def test_what_a_tool_must_say(seeded: None) -> None:
    for changes, words in WRONG:
        assert words in refusal(but(posted(), changes)), changes
    assert "application/json" in refusal("a=b", content_type="text/plain")
    assert "not JSON" in refusal("{")


def test_what_its_configuration_must_say(seeded: None) -> None:
    for flavour, wrong in ((MOODLE, WRONG_TOOL), (CANVAS, WRONG_CANVAS)):
        for changes, words in wrong:
            body = posted()
            body[TOOL_CONFIGURATION] = but(body[TOOL_CONFIGURATION], changes)
            assert words in refusal(body, flavour), changes
