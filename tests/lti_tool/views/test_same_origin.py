"""What changes something comes from a page of ours, by the headers that a browser sends with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from pytest_django import Settings

from lti_tool.models import LaunchWay, StoredLaunch, User
from tests.lti_tool.launching import Answer, Browser
from tests.platform.launches import Platform

OURS, FOREIGN = "ours", "https://elsewhere.example"
REFUSED = "This was not sent from a page of the worksheet tool"
Log = pytest.LogCaptureFixture

# Origin and Sec-Fetch-Site, None for a header that is not sent, and whether it is taken.
TABLE = [
    (OURS, "same-origin", True),
    (OURS, "none", True),  # a page is loaded again that was the answer to a form
    (OURS, None, True),  # Safari before 16.4
    (None, "same-origin", True),
    (None, "none", True),
    (None, None, True),  # older ones
    (OURS, "same-site", False),
    (OURS, "cross-site", False),
    (OURS, "", False),
    (OURS, "something new", False),
    (None, "same-site", False),
    (None, "cross-site", False),
    (FOREIGN, "cross-site", False),
    (FOREIGN, "same-site", False),
    (FOREIGN, "same-origin", False),
    (FOREIGN, "none", False),  # the refusal is loaded again
    (FOREIGN, None, False),
    ("null", "cross-site", False),
    ("null", None, False),
    ("", None, False),
    ("https://localhost:8001", "same-origin", False),  # another scheme
    ("http://localhost:8002", None, False),  # another port
    ("http://[", None, False),
    ("http://localhost:99999", None, False),
    ("http://localhost:8001.elsewhere.example", None, False),
]


def sent(base: str, origin: str | None, site: str | None) -> dict[str, str]:
    """The headers of a row of the table."""
    headers = {}
    if origin is not None:
        headers["Origin"] = base if origin == OURS else origin
    if site is not None:
        headers["Sec-Fetch-Site"] = site
    return headers


def base_of(browser: Browser) -> str:
    base = getattr(browser.wire, "base", None)
    assert isinstance(base, str)
    return base


def assert_refused(answer: Answer) -> None:
    assert answer.status == 403
    assert REFUSED in answer.text
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(("origin", "site", "is_taken"), TABLE)
def test_the_table(
    platform: Platform, browser: Browser, origin: str | None, site: str | None, is_taken: bool
) -> None:
    """Over real HTTP, at an address of the tool's and at one of the worksheets'."""
    page = browser.launch(platform).location
    headers = sent(base_of(browser), origin, site)
    answer = browser.send("POST", f"{page}time-zone/", {"zone": "Europe/Oslo"}, headers=headers)
    assert User.objects.get().time_zone == ("Europe/Oslo" if is_taken else "")
    script = {**headers, "Content-Type": "application/json"}
    saved = browser.send("POST", f"{page}answers/", body="{}", headers=script)
    if is_taken:
        assert answer.status == 204
        assert saved.status == 404  # nothing is assigned there
    else:
        assert_refused(answer)
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert saved.status == 403
        body = json.loads(saved.text)
        assert body.pop("error").startswith(REFUSED)
        assert body == {"ended": True, "saved": False}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "SOMETHING"])
def test_whatever_the_method(platform: Platform, browser: Browser, method: str) -> None:
    page = browser.launch(platform).location
    assert_refused(browser.send(method, page, headers={"Origin": FOREIGN}))


def test_pages_open_by_a_link_from_elsewhere(platform: Platform, browser: Browser) -> None:
    """The LMS's own frame does that; the cookie, and who may frame it, are asked for instead."""
    page = browser.launch(platform).location
    headers = {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}
    assert browser.get(page, headers=headers).status == 200
    assert browser.send("HEAD", page, headers=headers).status == 200


def test_what_an_lms_posts_is_taken(platform: Platform, browser: Browser) -> None:
    headers = {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}
    begun = browser.send("POST", "/lti/login/", platform.login_form(), headers=headers)
    assert begun.status == 302
    form = {"state": "none of ours", "id_token": "x"}
    assert REFUSED not in browser.send("POST", "/lti/launch/", form, headers=headers).text


def test_a_registration_is_confirmed_on_our_page(browser: Browser) -> None:
    path = "/lti/register/"
    assert_refused(browser.send("POST", path, {"offer": "x"}, headers={"Origin": FOREIGN}))
    ours = sent(base_of(browser), OURS, "same-origin")
    assert browser.send("POST", path, {"offer": "x"}, headers=ours).status == 400


def test_without_either_header_a_visit_by_platform_storage_changes_nothing(
    platform: Platform, browser: Browser
) -> None:
    """No cookie proves it."""
    page = browser.launch(platform).location
    StoredLaunch.objects.update(way=LaunchWay.STORAGE)
    browser.cookie = ""
    assert browser.send("POST", f"{page}time-zone/", {"zone": "Europe/Oslo"}).status == 403
    assert User.objects.get().time_zone == ""


def test_behind_a_proxy_with_another_host_the_public_address_is_ours(
    platform: Platform, browser: Browser, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://Worksheets.example.org:443"
    page = browser.launch(platform).location
    headers = {"Origin": "https://worksheets.example.org", "Sec-Fetch-Site": "same-origin"}
    form = {"zone": "Europe/Oslo"}
    assert browser.send("POST", f"{page}time-zone/", form, headers=headers).status == 204


def test_the_log_says_why(browser: Browser, caplog: Log) -> None:
    browser.send("POST", "/lti/register/", headers={"Origin": "x" * 5000})
    (line,) = [m for m in caplog.messages if "from another origin" in m]
    assert "origin='xxx" in line
    assert "site=None" in line
    assert len(line) < 400


# What stands for the parts of addresses.
VALUES = {"int": "1", "picture_name": "map.png", "str": "a", "path": "1", "slug": "a"}
PART = re.compile(r"<(?:(\w+):)?\w+>")


def every_address(token: str) -> dict[str, URLPattern]:
    """One address for each entry of the URL configuration, with what is below others."""
    values = {**VALUES, "activity_token": token}

    def walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
        for entry in patterns:
            route = PART.sub(lambda part: values[part[1] or "str"], str(entry.pattern))
            route = before + ("nowhere" if "(?P" in route else route)  # the admin's last
            if isinstance(entry, URLPattern):
                yield route, entry
            else:
                yield from walk(entry.url_patterns, route)

    return dict(walk(get_resolver().url_patterns, "/"))


def test_only_login_and_launch_are_posted_to_by_an_lms(
    platform: Platform, browser: Browser
) -> None:
    """Every address that there is, whoever wrote it down elsewhere, over real HTTP."""
    token = browser.launch(platform).location.split("/")[2]
    rows = every_address(token)
    assert len(rows) > 100
    marked = {path for path, row in rows.items() if row.name in ("lti-login", "lti-launch")}
    for path, row in rows.items():
        assert getattr(row.callback, "is_posted_by_platforms", False) == (path in marked), path
    for path in sorted(rows.keys() - marked):
        # Where Django asks for a token of its own, that refuses first.
        is_ours = getattr(rows[path].callback, "csrf_exempt", False)
        for method, origin, site in (
            ("POST", FOREIGN, None),
            ("POST", "null", None),
            ("POST", None, "same-site"),
            ("DELETE", None, "cross-site"),
        ):
            answer = browser.send(method, path, {}, headers=sent(base_of(browser), origin, site))
            assert answer.status == 403, (method, path)
            assert REFUSED in answer.text or not is_ours, (method, path)
