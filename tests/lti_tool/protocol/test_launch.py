"""Claims into one typed launch; what is refused, the certification tests walk through."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest

from lti_tool.protocol.launch import (
    Course,
    GradeService,
    Launch,
    Link,
    Person,
    Presentation,
    parse_launch,
)
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.vocabulary import VERSION, Claim, MessageType
from tests.lti_tool import awkward

MINIMAL: dict[str, object] = {
    "nonce": "n",
    "sub": "s",
    Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
    Claim.VERSION: VERSION,
    Claim.DEPLOYMENT_ID: "d",
    Claim.TARGET_LINK_URI: "https://tool.example/lti/launch/",
    Claim.RESOURCE_LINK: {"id": "l"},
    Claim.ROLES: [],
}


def test_the_least_that_a_platform_may_send() -> None:
    assert parse_launch(MINIMAL) == Launch(
        nonce="n",
        message=MessageType.RESOURCE_LINK,
        deployment_id="d",
        person=Person("s"),
        roles=(),
        link=Link("l"),
        course=None,
        target_link_uri="https://tool.example/lti/launch/",
        grades=None,
        roster_url="",
        presentation=Presentation(),
        custom={},
        product="",
    )


EVERYTHING: dict[str, object] = {
    **MINIMAL,
    "name": "Ada L",
    "given_name": "Ada",
    "family_name": "L",
    Claim.ROLES: ["b", "a", "b", ""],
    Claim.RESOURCE_LINK: {"id": "l", "title": "T", "description": "D"},
    Claim.CONTEXT: {"id": "c", "label": "C", "title": "CT", "type": [5]},
    Claim.AGS_ENDPOINT: {"scope": ["x"], "lineitems": "https://a/", "lineitem": ""},
    Claim.NRPS_SERVICE: {"context_memberships_url": "https://a/m?b=1"},
    Claim.LAUNCH_PRESENTATION: {
        "locale": "de-AT" + "x" * 50,
        "document_target": "iframe",
        "return_url": "http://a:8/b",
    },
    Claim.CUSTOM: {"a": "1", "b": None, "c": 5, "d": "line\nbreak", "e": []},
    Claim.TOOL_PLATFORM: {"product_family_code": "Moodle", "version": 2024},
}


def test_everything_is_read() -> None:
    launch = parse_launch(EVERYTHING)
    assert launch.person == Person("s", "Ada L", "Ada", "L")
    assert launch.roles == ("a", "b")
    assert launch.link == Link("l", "T")
    assert launch.course == Course("c", "C", "CT")
    assert launch.grades == GradeService(frozenset({"x"}), "https://a/", "")
    assert launch.roster_url == "https://a/m?b=1"
    assert launch.presentation.locale == "de-AT" + "x" * 30
    assert launch.presentation.return_url == "http://a:8/b"
    assert launch.custom == {"a": "1", "c": "5", "d": "line\nbreak"}
    assert launch.notes == ("custom has values that are no text",)
    assert launch.product == "moodle"


@pytest.mark.parametrize("message", MessageType)
def test_with_each_claim_of_the_wrong_kind_it_is_read_or_refused(message: MessageType) -> None:
    settings = {
        "deep_link_return_url": "https://a/",
        "accept_types": ["ltiResourceLink"],
        "accept_multiple": True,
        "accept_presentation_document_targets": ["iframe"],
        "data": "d",
    }
    whole = {
        **EVERYTHING,
        Claim.MESSAGE_TYPE: message,
        Claim.ROLES: ["Instructor"],
        Claim.DEEP_LINKING_SETTINGS: settings,
        Claim.FOR_USER: {"user_id": "u", "name": "U"},
        Claim.CUSTOM: {"link_history": "1,2", "canvas_due_at": "2026-11-28T10:00:00Z"},
    }
    for claims in awkward.changed(whole):
        with contextlib.suppress(LaunchRefused):
            launch = parse_launch(claims)
            assert launch.course_roles
            assert launch.dates
            assert len(launch.link_history) <= 2


def test_it_is_frozen() -> None:
    launch = parse_launch(MINIMAL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        launch.nonce = "other"  # type: ignore[misc]


@pytest.mark.parametrize("length", [1, 255])
def test_identifiers_as_long_as_the_specification_allows(length: int) -> None:
    assert parse_launch({**MINIMAL, "sub": "é" * length}).person.sub == "é" * length


def test_an_address_of_two_thousand_characters_is_read_and_a_longer_one_refused() -> None:
    address = "https://a/" + "x" * 1990
    assert parse_launch({**MINIMAL, Claim.TARGET_LINK_URI: address}).target_link_uri == address
    with pytest.raises(LaunchRefused) as refused:
        parse_launch({**MINIMAL, Claim.TARGET_LINK_URI: address + "x"})
    assert refused.value.reason == Reason.CLAIM_MALFORMED
    assert refused.value.detail == "target_link_uri is no http(s) address"


@pytest.mark.parametrize(
    ("claims", "detail"),
    [
        ({Claim.RESOURCE_LINK: ["Quillfeather"]}, "resource_link is a list, not an object"),
        ({Claim.RESOURCE_LINK: {"id": 5}}, "resource_link.id is missing or no text"),
        ({"sub": "Quillfeather" * 30}, "sub is too long or holds forbidden characters"),
    ],
)
def test_the_detail_names_the_claim_and_not_its_value(
    claims: dict[str, object], detail: str
) -> None:
    with pytest.raises(LaunchRefused) as refused:
        parse_launch({**MINIMAL, **claims})
    assert refused.value.detail == detail


def test_a_note_names_the_claim_once_and_not_its_value() -> None:
    launch = parse_launch({**MINIMAL, "family_name": ["Quillfeather"], Claim.CONTEXT: []})
    assert set(launch.notes) == {
        "family_name is a list, not text",
        "context is a list, not an object",
    }


def test_a_review_is_about_the_column_that_it_names() -> None:
    review = {
        **MINIMAL,
        Claim.MESSAGE_TYPE: MessageType.SUBMISSION_REVIEW,
        Claim.ROLES: ["Instructor"],
        Claim.FOR_USER: {"user_id": "u", "name": 5},
        Claim.AGS_ENDPOINT: {"lineitem": False, "scope": None},
    }
    launch = parse_launch(review)
    assert (launch.reviewed, launch.grades) == (Person("u", "5"), None)
    with pytest.raises(LaunchRefused) as refused:
        parse_launch({**review, Claim.AGS_ENDPOINT: {"scope": ["x"]}})
    assert refused.value.detail == "endpoint.lineitem is missing"
