"""The one cookie."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from lti_tool.browser import COOKIE, browser_hash, browser_key, give_browser_key, new_browser_key


def sent(value: str) -> str:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value
    return browser_key(request)


def test_a_key_comes_back() -> None:
    key = new_browser_key()
    assert sent(key) == key
    assert new_browser_key() != key


@pytest.mark.parametrize(
    "value", ["", "a" * 31, "a" * 33, "é" * 32, "a" * 31 + "-", "a" * 31 + "\n", "٣" * 32]
)
def test_what_we_did_not_give_is_no_key(value: str) -> None:
    assert sent(value) == ""


def test_no_cookie_is_no_key() -> None:
    assert browser_key(RequestFactory().get("/")) == ""


def test_hashes() -> None:
    assert browser_hash("") == ""
    assert len(browser_hash("a" * 32)) == 64
    assert browser_hash("a" * 32) != browser_hash("b" * 32)


def test_the_cookie_is_let_into_frames_and_nowhere_else() -> None:
    response = HttpResponse()
    give_browser_key(response, "a" * 32)
    name, *attributes = response.cookies[COOKIE].OutputString().split("; ")
    assert name == f"__Host-lti-browser={'a' * 32}"
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
    assert 0 < int(found["Max-Age"].partition("=")[2]) <= 400 * 86400
