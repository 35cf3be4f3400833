"""What we ask of a platform."""

from __future__ import annotations

from lti_tool.platforms.dynamic.canvas import canvas_configuration
from lti_tool.platforms.dynamic.configuration import (
    PLATFORM_SECTION,
    PlatformConfiguration,
    read_configuration,
)
from lti_tool.platforms.dynamic.request import TOOL_SECTION, Tool, registration_request
from lti_tool.protocol.vocabulary import (
    CANVAS_CUSTOM_PARAMETERS,
    CUSTOM_PARAMETERS,
    MessageType,
    Scope,
)
from tests.platform.registration import configuration

URL = "https://tool.example:8443"
TOOL = Tool(
    url=URL,
    login_url=f"{URL}/lti/login/",
    launch_url=f"{URL}/lti/launch/",
    jwks_url=f"{URL}/lti/jwks.json",
    icon=f"{URL}/icon.svg",
    title="Worksheets",
    description="…",
)
BASE = "https://lms.example"
LAUNCH = "https://tool.example:8443/lti/launch/"


def platform(product: str = "moodle", /, **changes: object) -> PlatformConfiguration:
    return read_configuration(configuration(BASE, product, **changes), BASE)


def test_what_moodle_insists_on() -> None:
    body = registration_request(TOOL, platform())
    section = body[TOOL_SECTION]
    assert body["application_type"] == "web"
    assert body["response_types"] == ["id_token"]
    assert set(body["grant_types"]) == {"client_credentials", "implicit"}
    assert body["token_endpoint_auth_method"] == "private_key_jwt"
    assert body["initiate_login_uri"] == "https://tool.example:8443/lti/login/"
    assert body["jwks_uri"] == "https://tool.example:8443/lti/jwks.json"
    assert (body["redirect_uris"], section["target_link_uri"]) == ([LAUNCH], LAUNCH)
    assert section["domain"] == "tool.example:8443"
    assert [m["type"] for m in section["messages"]] == [
        MessageType.RESOURCE_LINK,
        MessageType.DEEP_LINKING,
    ]
    assert section["custom_parameters"] == CUSTOM_PARAMETERS


def test_names_and_never_an_address() -> None:
    for product in ("moodle", "canvas"):
        body = registration_request(TOOL, platform(product))
        assert {"name", "given_name", "family_name"} < set(body[TOOL_SECTION]["claims"])
        assert "email" not in str(body)


def test_all_five_scopes_or_what_is_offered() -> None:
    assert registration_request(TOOL, platform())["scope"].split() == list(Scope)
    few = platform(scopes_supported=[Scope.SCORE.value, "openid"])
    assert registration_request(TOOL, few)["scope"] == Scope.SCORE
    silent = platform(scopes_supported=[])
    assert registration_request(TOOL, silent)["scope"].split() == list(Scope)


def test_a_review_where_the_platform_can() -> None:
    messages = [{"type": MessageType.SUBMISSION_REVIEW.value}]
    section = {"product_family_code": "other", "messages_supported": messages}
    asked = registration_request(TOOL, platform(**{PLATFORM_SECTION: section}))[TOOL_SECTION]
    assert [m["type"] for m in asked["messages"]] == [
        MessageType.RESOURCE_LINK,
        MessageType.SUBMISSION_REVIEW,
    ]


def test_canvas_wants_placements_and_a_privacy_level() -> None:
    section = registration_request(TOOL, platform("canvas"))[TOOL_SECTION]
    extension = "https://canvas.instructure.com/lti/"
    assert section[f"{extension}privacy_level"] == "name_only"
    assert section[f"{extension}tool_id"] == "tool.example:8443"
    assert section["custom_parameters"] == CANVAS_CUSTOM_PARAMETERS
    places = {m["type"]: m["placements"] for m in section["messages"]}
    assert places == {
        MessageType.RESOURCE_LINK: ["course_navigation"],
        MessageType.DEEP_LINKING: [
            "assignment_selection",
            "link_selection",
            "editor_button",
            "module_menu_modal",
            "module_index_menu_modal",
            "course_assignments_menu",
        ],
    }
    navigation = section["messages"][0]
    assert navigation[f"{extension}course_navigation/default_enabled"] is False
    picker = section["messages"][1]
    assert (picker[f"{extension}launch_width"], picker[f"{extension}launch_height"]) == (1000, 800)
    assert f"{extension}launch_width" not in navigation


def test_the_json_that_canvas_reads() -> None:
    document = canvas_configuration(TOOL)
    assert document["oidc_initiation_url"] == "https://tool.example:8443/lti/login/"
    assert document["target_link_uri"] == LAUNCH
    assert document["public_jwk_url"] == "https://tool.example:8443/lti/jwks.json"
    assert document["scopes"] == list(Scope)
    assert document["custom_fields"] == CANVAS_CUSTOM_PARAMETERS
    (extension,) = document["extensions"]
    assert extension["platform"] == "canvas.instructure.com"
    assert extension["privacy_level"] == "name_only"
    assert extension["domain"] == "tool.example:8443"
    placements = {p["placement"]: p["message_type"] for p in extension["settings"]["placements"]}
    assert placements == {
        "assignment_selection": MessageType.DEEP_LINKING,
        "link_selection": MessageType.DEEP_LINKING,
        "editor_button": MessageType.DEEP_LINKING,
        "module_menu_modal": MessageType.DEEP_LINKING,
        "module_index_menu_modal": MessageType.DEEP_LINKING,
        "course_assignments_menu": MessageType.DEEP_LINKING,
        "course_navigation": MessageType.RESOURCE_LINK,
    }
    pickers = extension["settings"]["placements"][:-1]
    assert {(p["selection_width"], p["selection_height"]) for p in pickers} == {(1000, 800)}
