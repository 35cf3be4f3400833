"""Addresses that belong together, and those that do not."""

from __future__ import annotations

import pytest

from lti_tool.platforms.dynamic.agreement import check_agreement, unproven_origins
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from tests.reported import reported

HOME = "https://lms.example"
CANVAS = "https://canvas.instructure.com"
SSO = "https://sso.canvaslms.com"
SCHOOL = "https://hill.instructure.com"


def agrees(address: str, issuer: str, registration: str, *endpoints: str) -> bool:
    try:
        check_agreement(f"{address}/config", issuer, f"{registration}/register", endpoints)
    except RegistrationError as error:
        return error.problem != RegistrationProblem.DISAGREES
    return True


def test_one_host_for_everything() -> None:
    assert agrees(HOME, HOME, HOME, f"{HOME}/auth", f"{HOME}/token", f"{HOME}/jwks")
    assert agrees(HOME, f"{HOME}:443/moodle", HOME, "https://LMS.example/auth")


@pytest.mark.parametrize(
    "other",
    [
        "https://evil.example",
        "https://lms.example.evil.example",
        "https://lms.example:8443",
        "http://lms.example",
        "https://sub.lms.example",
        SSO,
    ],
)
def test_another_host_anywhere(other: str) -> None:
    assert not agrees(other, HOME, HOME, HOME)
    assert not agrees(HOME, other, HOME, HOME)
    assert not agrees(HOME, HOME, other, HOME)
    assert not agrees(HOME, HOME, HOME, HOME, other)


@pytest.mark.parametrize("stage", ["", "beta.", "test."])
def test_canvas_signs_on_at_its_own_host(stage: str) -> None:
    issuer = f"https://canvas.{stage}instructure.com"
    sso = f"https://sso.{stage}canvaslms.com"
    school = f"https://hill.{stage}instructure.com"
    assert agrees(school, issuer, school, f"{sso}/auth", f"{sso}/token", f"{issuer}/jwks")
    assert agrees(issuer, issuer, school, f"{sso}/auth")
    assert agrees(sso, issuer, "https://canvas.hill-school.example", f"{sso}/auth")


@pytest.mark.parametrize(
    ("address", "registration", "endpoint"),
    [
        (SCHOOL, SCHOOL, "https://evil.example/auth"),
        (SCHOOL, SCHOOL, f"{SCHOOL}/auth"),
        (SCHOOL, SCHOOL, "http://sso.canvaslms.com/auth"),
        (SCHOOL, SCHOOL, "https://sso.beta.canvaslms.com/auth"),
        ("https://evil.example", "https://evil.example", f"{SSO}/auth"),
        ("https://evilinstructure.com", "https://evilinstructure.com", f"{SSO}/auth"),
        (SCHOOL, "https://other.instructure.com", f"{SSO}/auth"),
        (SCHOOL, "https://evil.example", f"{SSO}/auth"),
        (CANVAS, "http://hill.instructure.com", f"{SSO}/auth"),
    ],
)
def test_nobody_speaks_for_canvas(address: str, registration: str, endpoint: str) -> None:
    assert not agrees(address, CANVAS, registration, endpoint)


def unproven(address: str, issuer: str, registration: str, *endpoints: str) -> tuple[str, ...]:
    return unproven_origins(f"{address}/config", issuer, f"{registration}/register", endpoints)


@reported("lti-10a")
def test_brightspace_gives_tokens_at_hosts_that_all_schools_share() -> None:
    school, token = (
        "https://hill.brightspace.com",
        "https://auth.brightspace.com/core/connect/token",
    )
    own = (f"{school}/d2l/lti/authenticate", f"{school}/d2l/.well-known/jwks")
    assert agrees(school, school, school, *own, token, "https://api.brightspace.com/auth/token")
    assert not agrees(school, school, school, *own, "http://auth.brightspace.com/token")
    assert not agrees(school, "https://dale.brightspace.com", school, *own, token)
    assert not agrees(school, school, school, *own, "https://dale.brightspace.com/token")
    for other in ("https://evilbrightspace.com", HOME, "http://hill.brightspace.com"):
        assert not agrees(other, other, other, token)


@reported("lti-10a")
def test_blackboards_portal_speaks_for_its_issuer() -> None:
    portal, issuer = "https://developer.blackboard.com", "https://blackboard.com"
    services = [f"{portal}/api/v1/gateway/oidcauth", f"{portal}/.well-known/jwks.json"]
    assert agrees(portal, issuer, portal, *services)
    for other in ("https://hill.blackboard.com", "https://evil.example", issuer):
        assert not agrees(other, issuer, other, *services)
        assert not agrees(portal, issuer, portal, *services, f"{other}/token")


def test_what_somebody_may_vouch_for() -> None:
    token = "https://auth.lms.example:8443"
    assert unproven(HOME, HOME, HOME, f"{HOME}/auth", f"{HOME}/jwks") == ()
    assert unproven(HOME, HOME, HOME, f"{HOME}/auth", f"{token}/a", f"{token}/b") == (token,)
    assert unproven(HOME, HOME, token, "http://lms.example/jwks") == (token, "http://lms.example")
    assert unproven(HOME, HOME, HOME, "https://auth.brightspace.com/core/connect/token")


@pytest.mark.parametrize(
    "service",
    [
        SSO,
        CANVAS,
        "https://developer.blackboard.com",
        "https://sso.canvaslms.com.",
        "https://SSO.canvaslms.com:443",
        SCHOOL,  # gives tokens too, which are good for the whole of Canvas
        "https://hill.beta.instructure.com.",
    ],
)
@pytest.mark.parametrize("place", ["issuer", "registration", "endpoint"])
def test_nobody_can_vouch_for_the_hosts_of_a_cloud(service: str, place: str) -> None:
    said = {"issuer": HOME, "registration": HOME, "endpoint": HOME, place: service}
    with pytest.raises(RegistrationError) as refused:
        unproven(HOME, said["issuer"], said["registration"], said["endpoint"])
    assert refused.value.problem == RegistrationProblem.DISAGREES


def test_nobody_can_vouch_for_an_issuer() -> None:
    with pytest.raises(RegistrationError):
        unproven(HOME, "https://other.example", HOME, HOME)
