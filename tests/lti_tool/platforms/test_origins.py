"""Which hosts are the platform's own, and the way back to the course."""

from __future__ import annotations

import pytest

from lti_tool.models import StoredLaunch
from lti_tool.platforms.origins import platform_origins, return_address
from tests.cast import Cast


@pytest.fixture
def launch(cast: Cast) -> StoredLaunch:
    registration = cast.amina.launch.registration
    registration.issuer = "https://canvas.instructure.com"
    registration.auth_login_url = "https://sso.canvaslms.com/api/lti/authorize_redirect"
    registration.frame_ancestors = ["https://school.example"]
    return cast.amina.launch


def test_what_the_registration_says(launch: StoredLaunch) -> None:
    assert platform_origins(launch.registration) == {
        "https://canvas.instructure.com",
        "https://sso.canvaslms.com",
        "https://school.example",
    }


@pytest.mark.parametrize("odd", [None, {}, "https://a.example", [None, 7, "x", "http://["]])
def test_a_list_that_is_none(launch: StoredLaunch, odd: object) -> None:
    launch.registration.frame_ancestors = odd
    assert len(platform_origins(launch.registration)) == 2


@pytest.mark.parametrize(
    "address",
    ["https://school.example/courses/2?x=1", "https://sso.canvaslms.com/", ""],
)
def test_back_to_the_course(launch: StoredLaunch, address: str) -> None:
    launch.return_url = address
    assert return_address(launch) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/courses/2",
        "http://school.example/",
        "https://school.example:8443/",
        "https://school.example@evil.example/",
        "https://school.example.evil.example/",
        "javascript:alert(1)",
        "//school.example/",
        "https://[",
    ],
)
def test_never_to_another_host(launch: StoredLaunch, address: str) -> None:
    # Whatever the launch told of frames is no platform of its own.
    launch.frame_ancestor = "https://evil.example"
    launch.return_url = address
    assert return_address(launch) == ""


def test_the_link_stands_on_a_page_of_its_own_and_not_in_the_frame(cast: Cast) -> None:
    amina = cast.amina
    amina.launch.return_url = "http://127.0.0.1:9999/course?id=2&x=1"
    amina.launch.save()
    link = 'href="http://127.0.0.1:9999/course?id=2&amp;x=1"'
    for destination, count in (("document", 1), ("iframe", 0)):
        page = amina.client.get(amina.url("home"), headers={"Sec-Fetch-Dest": destination})
        assert page.content.decode().count(link) == count


def test_no_link_to_another_host(cast: Cast) -> None:
    amina = cast.amina
    amina.launch.return_url = "https://evil.example/"
    amina.launch.save()
    assert b"evil.example" not in amina.client.get(amina.url("home")).content
