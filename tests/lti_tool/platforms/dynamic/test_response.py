"""What a platform grants, beside what was asked."""

from __future__ import annotations

import pytest

from lti_tool.platforms.dynamic.configuration import read_configuration
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.platforms.dynamic.request import TOOL_SECTION, wanted_scopes
from lti_tool.platforms.dynamic.response import GrantedRegistration, read_response
from lti_tool.protocol.vocabulary import MessageType, Scope
from tests.platform.registration import configuration
from tests.reported import reported

BASE = "https://lms.example"
PLATFORM = read_configuration(configuration(BASE), BASE)
BOTH = (MessageType.RESOURCE_LINK, MessageType.DEEP_LINKING)
DEEP = {"type": MessageType.DEEP_LINKING.value, "placements": ["ContentArea"]}


def read(section: object = None, **members: object) -> GrantedRegistration:
    return read_response({"client_id": "abc", TOOL_SECTION: section, **members}, PLATFORM)


def test_everything_granted() -> None:
    section = {"deployment_id": "7", "messages": [DEEP], "claims": ["sub", "name"]}
    granted = read(section, scope=" ".join(Scope))
    assert (granted.client_id, granted.deployment_id) == ("abc", "7")
    assert granted.scopes == tuple(Scope)
    assert granted.messages == BOTH
    assert granted.placements == ("ContentArea",)
    assert granted.names


def test_an_answer_that_says_nothing_cut_nothing() -> None:
    granted = read_response({"client_id": "abc"}, PLATFORM)
    assert granted.scopes == wanted_scopes(PLATFORM)
    assert granted.messages == BOTH
    assert granted.names
    assert granted.deployment_id == ""


def test_a_deployment_at_the_top_of_the_answer() -> None:
    """There Canvas has it; the specification's place goes first."""
    assert read({}, deployment_id="8").deployment_id == "8"
    assert read({"deployment_id": "7"}, deployment_id="8").deployment_id == "7"
    assert read({"deployment_id": None}, deployment_id="8").deployment_id == "8"


@reported("lti-10c")
def test_ids_that_are_numbers() -> None:
    granted = read({"deployment_id": 7}, client_id=12)
    assert (granted.client_id, granted.deployment_id) == ("12", "7")
    assert read({}, deployment_id=0).deployment_id == "0"


@pytest.mark.parametrize("odd", [[], {}, "", ["8"], True, 1.5, "x" * 256, "a\nb"], ids=repr)
def test_a_deployment_that_is_none_becomes_known_at_the_first_launch(odd: object) -> None:
    assert read({"deployment_id": odd}).deployment_id == ""
    assert read({"deployment_id": odd}, deployment_id="8").deployment_id == "8"


@reported("lti-10c")
@pytest.mark.parametrize("section", [[], {}, "", "text", 7, None, [{}]], ids=repr)
def test_a_section_that_is_none_cut_nothing(section: object) -> None:
    granted = read(section)
    assert (granted.messages, granted.placements, granted.names) == (BOTH, (), True)


@reported("lti-10c")
@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ({"0": DEEP}, BOTH),
        ({"1": DEEP, "3": 7}, BOTH),
        ([MessageType.DEEP_LINKING.value], BOTH),
        ("x", BOTH[:1]),
        ({}, BOTH[:1]),
        (7, BOTH[:1]),
        ([{"type": 1}], BOTH[:1]),
        ([7, None, []], BOTH[:1]),
        ([{**DEEP, "placements": [{}]}], BOTH),
    ],
    ids=repr,
)
def test_messages_of_other_shapes(messages: object, expected: tuple[MessageType, ...]) -> None:
    assert read({"messages": messages}).messages == expected


@pytest.mark.parametrize(
    ("claims", "names"),
    [("sub name", True), ("sub", False), ({"0": "name"}, True), ({}, True), (7, True), ([], False)],
    ids=repr,
)
def test_claims_of_other_shapes(claims: object, names: bool) -> None:
    assert read({"claims": claims}).names == names


@pytest.mark.parametrize("scope", [7, {"x": 1}, None, {}, True], ids=repr)
def test_a_scope_that_is_none_cut_nothing(scope: object) -> None:
    assert read(scope=scope).scopes == wanted_scopes(PLATFORM)


def test_cut_scopes_and_no_scopes() -> None:
    assert read(scope=f"openid {Scope.SCORE}").scopes == (Scope.SCORE,)
    assert read(scope=[Scope.SCORE.value]).scopes == (Scope.SCORE,)
    assert read(scope="").scopes == ()


def test_cut_messages_and_names() -> None:
    granted = read({"messages": [], "claims": ["sub", "iss"]})
    assert granted.messages == (MessageType.RESOURCE_LINK,)
    assert not granted.names
    level = "https://canvas.instructure.com/lti/privacy_level"
    assert not read({level: "anonymous", "claims": ["name"]}).names
    assert read({level: "name_only"}).names


def test_what_was_not_asked_for_is_not_ours() -> None:
    review = {"type": MessageType.SUBMISSION_REVIEW.value}
    assert read({"messages": [DEEP, review]}).messages == BOTH
    assert read(scope="https://lms.example/scope/everything").scopes == ()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "client_id",
        {},
        {"client_id": ""},
        {"client_id": " "},
        {"client_id": []},
        {"client_id": True},
        {"client_id": {"id": 7}},
        {"client_id": ["a"]},
        {"client_id": "x" * 256},
        {"client_id": "a\nb"},
        {"client_id": "a\0b"},
    ],
    ids=lambda answer: str(answer)[:40],
)
def test_an_answer_that_is_none(answer: object) -> None:
    with pytest.raises(RegistrationError) as refused:
        read_response(answer, PLATFORM)
    assert refused.value.problem == RegistrationProblem.ANSWER_UNREADABLE
