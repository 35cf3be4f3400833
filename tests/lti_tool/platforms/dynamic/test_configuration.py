"""What a platform says of itself: read whole, or refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from lti_tool.platforms.dynamic.configuration import (
    PLATFORM_SECTION,
    PlatformConfiguration,
    read_configuration,
)
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.protocol.vocabulary import MessageType
from tests.platform.registration import SCOPES, configuration
from tests.reported import reported

BASE = "https://lms.example:8443/moodle"
ADDRESS = f"{BASE}/mod/lti/openid-configuration.php"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


def refusal(document: object) -> RegistrationProblem:
    with pytest.raises(RegistrationError) as refused:
        read_configuration(document, ADDRESS)
    return refused.value.problem


def test_an_honest_one() -> None:
    found = read_configuration(configuration(BASE), ADDRESS)
    assert (found.issuer, found.address) == (BASE, ADDRESS)
    assert (found.product, found.version, found.account) == ("moodle", "4.5", "Hill School")
    assert set(SCOPES) < set(found.scopes)
    assert found.messages[MessageType.DEEP_LINKING] == ("ContentArea",)
    assert not found.is_canvas


def test_it_survives_the_way_through_a_form() -> None:
    found = read_configuration(configuration(BASE), ADDRESS)
    assert PlatformConfiguration.from_json(json.loads(json.dumps(asdict(found)))) == found


def test_only_addresses_are_needed() -> None:
    document = configuration(BASE)
    for name in ("scopes_supported", PLATFORM_SECTION):
        del document[name]
    found = read_configuration(document, ADDRESS)
    assert (found.product, found.scopes, dict(found.messages)) == ("", (), {})


@pytest.mark.parametrize("host", ["sso.canvaslms.com", ""])
def test_an_audience_is_an_address_or_none(host: str) -> None:
    assert (
        read_configuration(configuration(BASE, authorization_server=host), ADDRESS).audience == ""
    )


def test_an_audience_of_its_own() -> None:
    document = configuration(BASE, authorization_server="https://api.lms.example/auth/token")
    found = read_configuration(document, ADDRESS)
    assert found.audience == "https://api.lms.example/auth/token"
    # Whoever got what we sign for another platform could use it there.
    assert found.unproven_origins == ("https://api.lms.example",)


@pytest.mark.parametrize("document", [None, [], "text", 7, {}, {"issuer": BASE}])
def test_what_is_no_configuration(document: object) -> None:
    assert refusal(document) == RegistrationProblem.UNREADABLE


WRONG: list[Any] = [None, "", 7, True, [BASE], {"a": BASE}, "javascript:alert(1)", "/auth"]
WRONG += ["ftp://lms.example:8443/", "https://", "https://[", "https://lms.example:x/"]
WRONG += [f"{BASE}/{'x' * 1000}", f"{BASE}/\0", f"{BASE}/ö", f"{BASE}/a b", f"{BASE}/#x"]


@pytest.mark.parametrize("field", ["issuer", *ENDPOINTS])
@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:30])
def test_addresses_of_the_wrong_kind(field: str, value: object) -> None:
    assert refusal(configuration(BASE, **{field: value})) == RegistrationProblem.UNREADABLE


@reported("lti-10c")
@pytest.mark.parametrize("value", [7, True, {}, "", None, [1], [["x"]], ["x" * 300], {"a": "b"}])
def test_odd_scopes_are_none(value: object) -> None:
    assert read_configuration(configuration(BASE, scopes_supported=value), ADDRESS).scopes == ()


@reported("lti-10c")
@pytest.mark.parametrize(
    "value", [" ".join(SCOPES), f" {SCOPES[0]}\n{'  '.join(SCOPES[1:])}", [7, *SCOPES, None]]
)
def test_scopes_as_text(value: object) -> None:
    found = read_configuration(configuration(BASE, scopes_supported=value), ADDRESS)
    assert found.scopes == tuple(SCOPES)


def test_scopes_without_end() -> None:
    document = configuration(BASE, scopes_supported=["x"] * 3000)
    assert len(read_configuration(document, ADDRESS).scopes) == 2000


@reported("lti-10c")
@pytest.mark.parametrize("section", [[], "", "moodle", 7, None, True, [{}]])
def test_a_section_that_is_none(section: object) -> None:
    found = read_configuration(configuration(BASE, **{PLATFORM_SECTION: section}), ADDRESS)
    assert (found.product, dict(found.messages)) == ("", {})


@reported("lti-10c")
@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["A", {"type": "B"}], {"A": (), "B": ()}),
        ({"0": {"type": "A"}, "2": "B"}, {"A": (), "B": ()}),
        ([{"type": "A", "placements": "p q"}], {"A": ("p", "q")}),
        ([{"type": "A", "placements": {"1": "p"}}], {"A": ("p",)}),
        ([{"type": "A", "placements": [1, "p"]}, 7, None, []], {"A": ("p",)}),
        ([{"type": "A", "placements": {}}], {"A": ()}),
        ([{"type": 7}], {"7": ()}),
        ([{"type": ["A"]}, {}], {"": ()}),
        ({}, {}),
        ({"type": "A"}, {}),
        ("A", {}),
        (7, {}),
    ],
    ids=repr,
)
def test_messages_of_other_shapes(messages: object, expected: dict[str, object]) -> None:
    section = {"messages_supported": messages}
    found = read_configuration(configuration(BASE, **{PLATFORM_SECTION: section}), ADDRESS)
    assert dict(found.messages) == expected


@pytest.mark.parametrize("issuer", ["https://blackboard.com", "https://developer.blackboard.com"])
def test_blackboard_launches_with_one_issuer_whatever_it_says(issuer: str) -> None:
    portal = "https://developer.blackboard.com"
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{portal}/api/v1/gateway/oidcauth",
        "token_endpoint": f"{portal}/api/v1/gateway/oauth2/jwttoken",
        "jwks_uri": f"{portal}/.well-known/jwks.json",
        "registration_endpoint": f"{portal}/api/v1/gateway/registerLti?registrationToken=7",
        PLATFORM_SECTION: {"product_family_code": "BlackboardLearn", "variables": []},
    }
    found = read_configuration(document, f"{portal}/.well-known/openid-configuration")
    assert (found.issuer, found.unproven_origins) == ("https://blackboard.com", ())


def test_an_issuer_as_long_as_an_id() -> None:
    issuer = f"{BASE}/".ljust(255, "x")
    assert read_configuration(configuration(BASE, issuer=issuer), ADDRESS).issuer == issuer
    assert refusal(configuration(BASE, issuer=issuer + "x")) == RegistrationProblem.UNREADABLE


def test_texts_to_be_shown_are_cut_and_cleaned() -> None:
    platform = {"product_family_code": "Moodle" * 99, "version": "4\0.5\n" + "x" * 999}
    found = read_configuration(configuration(BASE, **{PLATFORM_SECTION: platform}), ADDRESS)
    assert len(found.product) == 60
    assert found.version.startswith("4.5x")
    assert len(found.version) < 201
