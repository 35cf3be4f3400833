"""Whose frame our pages may stand in."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from lti_tool.views.framing import may_be_framed_by_its_platform
from tests.cast import Cast
from tests.lti_tool.launching import Browser
from tests.platform.launches import Platform


def ancestors(policy: str) -> list[str]:
    """The sources of frame-ancestors, which stands there once."""
    found = [part.split() for part in policy.split(";") if "frame-ancestors" in part]
    assert len(found) == 1
    return found[0][1:]


def test_an_activity_is_framed_by_its_lms_and_nobody_else(
    platform: Platform, direct: Browser
) -> None:
    page = direct.get(direct.launch(platform).location)
    assert ancestors(page.headers["content-security-policy"]) == [
        "'self'",
        platform.lms.url,
        "https://lms.example",
    ]
    assert "x-frame-options" not in page.headers


def test_other_pages_are_framed_by_nobody_else(db: None) -> None:
    for path in ("/", "/lti/jwks.json", "/admin/login/"):
        response = Client(headers={"host": "localhost:8001"}).get(path)
        assert ancestors(response["Content-Security-Policy"]) == ["'self'"]


def test_a_return_address_adds_no_directive_of_its_own(cast: Cast) -> None:
    launch = cast.amina.launch
    for odd in ("https://a;sandbox", "https://a, b", "https://a b", "data:x", "", "https://*"):
        launch.frame_ancestor = odd
        response = may_be_framed_by_its_platform(HttpResponse(), launch)
        assert vars(response)["_csp_replace"] == {
            "frame-ancestors": ["'self'", "http://127.0.0.1:9999"]
        }


def test_ports_and_ipv6_are_origins(cast: Cast) -> None:
    launch = cast.amina.launch
    launch.frame_ancestor = "https://[2001:db8::1]:8443"
    response = may_be_framed_by_its_platform(HttpResponse(), launch)
    assert launch.frame_ancestor in vars(response)["_csp_replace"]["frame-ancestors"]


def test_origins_of_the_registration_may_frame_as_well(cast: Cast) -> None:
    launch = cast.amina.launch
    launch.registration.frame_ancestors = [
        "https://school.instructure.com",
        "https://a;sandbox",
        "http://[",
        7,
    ]
    response = may_be_framed_by_its_platform(HttpResponse(), launch)
    assert vars(response)["_csp_replace"] == {
        "frame-ancestors": ["'self'", "http://127.0.0.1:9999", "https://school.instructure.com"]
    }
