"""The one cookie."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from lti_tool.login.browser_key import (
    COOKIE,
    LAUNCHED_AGE,
    LOGIN_AGE,
    browser_hash,
    browser_keys,
    find_key,
    give_browser_key,
    is_framed,
    is_posted_by_us,
    is_within_our_frame,
    new_browser_key,
)


def sent(**cookies: str) -> list[str]:
    request = RequestFactory().get("/")
    request.COOKIES.update({f"{COOKIE}-{name}": value for name, value in cookies.items()})
    return browser_keys(request)


def test_a_key_comes_back() -> None:
    key = new_browser_key()
    assert sent(a=key) == [key]
    assert new_browser_key() != key


def test_several_keys_come_in_one_order() -> None:
    one, other = "a" * 32, "b" * 32
    assert sent(x=other, y=one) == sent(y=one, x=other) == [one, other]


def test_the_key_with_which_a_login_was_begun() -> None:
    keys = ["a" * 32, "b" * 32]
    assert [find_key(keys, browser_hash(key)) for key in keys] == keys
    assert find_key(keys, browser_hash("c" * 32)) == keys[0]
    assert find_key([], browser_hash("c" * 32)) == ""


@pytest.mark.parametrize(
    "value", ["", "a" * 31, "a" * 33, "é" * 32, "a" * 31 + "-", "a" * 31 + "\n", "٣" * 32]
)
def test_what_we_did_not_give_is_no_key(value: str) -> None:
    assert sent(a=value) == []


def test_no_cookie_is_no_key() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["another"] = "a" * 32
    assert browser_keys(request) == []


def given(key: str, *seconds: int) -> str:
    """The cookie, but for the moment at which it ends."""
    response = HttpResponse()
    give_browser_key(response, key, *seconds)
    (cookie,) = response.cookies.values()
    return re.sub(r"expires=[^;]*", "expires=x", cookie.OutputString())


def test_hashes() -> None:
    assert browser_hash("") == ""
    assert len(browser_hash("a" * 32)) == 64
    assert browser_hash("a" * 32) != browser_hash("b" * 32)


def test_the_cookie_is_let_into_frames_and_nowhere_else() -> None:
    cookie = given("a" * 32)
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-lti-browser-")
    assert name.endswith("a" * 32)
    found = {attribute.partition("=")[0]: attribute for attribute in attributes}
    assert set(found) == {
        "expires",
        "HttpOnly",
        "Max-Age",
        "Path",
        "SameSite",
        "Partitioned",
        "Secure",
    }
    assert (found["Path"], found["SameSite"]) == ("Path=/", "SameSite=None")
    assert found["Max-Age"] == f"Max-Age={10 * 60}"


def test_the_cookie_stays_once_it_led_to_a_launch() -> None:
    assert LAUNCHED_AGE > LOGIN_AGE
    assert f"Max-Age={400 * 86400}" in given("a" * 32, LAUNCHED_AGE)


def test_no_key_takes_the_place_of_another() -> None:
    names = {given(key * 32).partition("=")[0] for key in "abcdef"}
    assert len(names) == 6
    assert given("a" * 32) == given("a" * 32)


def request_with(**headers: str) -> HttpRequest:
    """A request to http://testserver/ with these headers."""
    return RequestFactory().post("/", headers=headers)


@pytest.mark.parametrize(
    ("destination", "framed"),
    [("iframe", True), ("frame", True), ("object", True), ("document", False), ("", False)],
)
def test_framed(destination: str, framed: bool) -> None:
    assert is_framed(request_with(sec_fetch_dest=destination)) is framed
    request = request_with(sec_fetch_dest=destination, sec_fetch_site="same-origin")
    assert is_within_our_frame(request) is (framed or not destination)


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://testserver", True),
        ("https://testserver", False),
        ("http://testserver:81", False),
        ("http://testserver.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_form_of_ours_says_so(origin: str, ours: bool) -> None:
    assert is_posted_by_us(request_with(origin=origin)) is ours


def test_a_form_that_does_not_say() -> None:
    assert not is_posted_by_us(request_with())
