"""The state of a login: this browser's, this registration's, and recent."""

from __future__ import annotations

import time

import pytest
from django.core import signing

from lti_tool.login.browser_key import LOGIN_AGE, new_browser_key
from lti_tool.login.state import (
    LoginState,
    check_browser,
    new_state,
    read_state,
    sign_state,
)
from lti_tool.protocol.refusal import LaunchRefused, Reason

KEY = "a" * 32


def opened(text: str, key: str = KEY) -> LoginState:
    return check_browser(read_state(text), key)


def refusal(text: str, key: str = KEY) -> Reason:
    with pytest.raises(LaunchRefused) as refused:
        opened(text, key)
    return refused.value.reason


def test_comes_back_as_it_went() -> None:
    state = new_state(7, KEY)
    assert opened(sign_state(state)) == state
    assert state.registration == 7


def test_no_two_nonces_are_the_same() -> None:
    assert len({new_state(1, KEY).nonce for _ in range(100)}) == 100


def test_does_not_show_the_key() -> None:
    assert KEY not in sign_state(new_state(1, KEY))


def test_fits_into_an_address() -> None:
    sealed = sign_state(new_state(10**9, new_browser_key()))
    assert len(sealed) < 300
    assert sealed.isascii()


def test_belongs_to_one_browser() -> None:
    sealed = sign_state(new_state(1, KEY))
    assert refusal(sealed, "b" * 32) == Reason.OTHER_BROWSER
    assert refusal(sealed, "") == Reason.COOKIE_MISSING


def test_a_browser_without_key_cannot_use_a_state_without_one() -> None:
    assert refusal(sign_state(new_state(1, "")), "") == Reason.COOKIE_MISSING


def test_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, now = sign_state(new_state(1, KEY)), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + LOGIN_AGE - 5)
    assert opened(sealed)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + LOGIN_AGE + 5)
    assert refusal(sealed) == Reason.STATE_EXPIRED


@pytest.mark.parametrize("text", ["", ":", "a:b:c", "é", "\0", "\ud800", "." * 50])
def test_anything_else_is_not_ours(text: str) -> None:
    assert refusal(text) == Reason.STATE_INVALID


@pytest.mark.parametrize("content", [[], [1, 2], "text", 5, None, {"a": 1, "b": 2}])
def test_something_of_ours_that_is_no_state(content: object) -> None:
    assert refusal(signing.dumps(content, salt="lti_tool.login.state")) == Reason.STATE_INVALID


def test_every_change_is_noticed() -> None:
    sealed = sign_state(new_state(1, KEY))
    for place, letter in enumerate(sealed):
        other = "A" if letter != "A" else "B"
        assert refusal(sealed[:place] + other + sealed[place + 1 :]) == Reason.STATE_INVALID
