"""What was posted to the redirect URI, taken apart once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.login.browser_key import browser_hash
from lti_tool.login.callback import KEY_FIELD, STATE_PREFIX, LaunchCallback
from lti_tool.login.platform_storage import TARGET
from lti_tool.login.state import new_state, sign_state
from lti_tool.protocol.refusal import LaunchRefused, Reason

KEY, OTHER = "a" * 32, "b" * 32
NAMES = ["state", "id_token", "error", TARGET, KEY_FIELD, "x"]


def callback(**changes: str) -> LaunchCallback:
    posted = {"state": STATE_PREFIX + sign_state(new_state(7, KEY)), "id_token": "x.y.z"}
    return LaunchCallback.parse({**posted, **changes})


def test_it_answers_the_login_of_one_browser() -> None:
    found = callback()
    assert found.registration_id == 7
    assert found.login_of(KEY) == found.login
    assert found.login.browser == browser_hash(KEY)
    with pytest.raises(LaunchRefused) as refused:
        found.login_of(OTHER)
    assert refused.value.reason is Reason.OTHER_BROWSER


def test_of_several_keys_the_one_that_began_it() -> None:
    assert callback().key_among([OTHER, KEY]) == KEY
    assert callback().key_among([OTHER]) == OTHER
    assert callback(state="none of ours").key_among([OTHER, KEY]) == OTHER


@pytest.mark.parametrize("state", ["", "state-", "none of ours", STATE_PREFIX + "a:b:c"])
def test_what_is_no_state_is_refused_when_it_is_needed(state: str) -> None:
    found = callback(state=state)
    assert found.registration_id is None
    with pytest.raises(LaunchRefused) as refused:
        found.login_of(KEY)
    assert refused.value.reason is Reason.STATE_INVALID


def test_it_waits_for_a_key_once() -> None:
    assert not callback().waits_for_key
    assert callback(**{TARGET: "_parent"}).waits_for_key
    assert not callback(**{TARGET: "_parent", "id_token": ""}).waits_for_key
    # Our own form came: whether the storage gave a key or not, it is not asked again.
    for key in (KEY, "", "no key"):
        assert not callback(**{TARGET: "_parent", KEY_FIELD: key}).waits_for_key
    assert callback(**{KEY_FIELD: KEY}).stored_key == KEY
    assert callback(**{KEY_FIELD: "no key"}).stored_key == ""


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_whatever_is_posted_is_taken_apart(parameters: dict[str, str]) -> None:
    found = LaunchCallback.parse(parameters)
    assert found.registration_id is None
    assert found.key_among([KEY, OTHER]) == KEY
