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
    assert read_configuration(document, ADDRESS).audience == "https://api.lms.example/auth/token"


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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scopes_supported", "score"),
        ("scopes_supported", [1]),
        ("scopes_supported", ["x" * 300]),
        ("scopes_supported", ["x"] * 3000),
        (PLATFORM_SECTION, []),
        (PLATFORM_SECTION, {"messages_supported": {}}),
        (PLATFORM_SECTION, {"messages_supported": ["x"]}),
        (PLATFORM_SECTION, {"messages_supported": [{"type": ["x"]}]}),
        (PLATFORM_SECTION, {"messages_supported": [{"type": "x", "placements": "y"}]}),
        (PLATFORM_SECTION, {"messages_supported": [{"type": "x", "placements": [1]}]}),
    ],
)
def test_other_members_of_the_wrong_kind(field: str, value: object) -> None:
    assert refusal(configuration(BASE, **{field: value})) == RegistrationProblem.UNREADABLE


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
