"""Addresses that belong together, and those that do not."""

from __future__ import annotations

import pytest

from lti_tool.platforms.dynamic.agreement import check_agreement
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem

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
