"""The ``state`` of an OIDC login: signed, short-lived, bound to browser and registration.

Nothing is stored between login and launch. Source: OpenID Connect Core 1.0 section
3.1.2.1 (state), IMS Security Framework 1.0 section 5.1.1.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core import signing

from lti_tool.login.browser_key import LOGIN_AGE, browser_hash
from lti_tool.protocol.refusal import LaunchRefused, Reason

_SALT = "lti_tool.login.state"


@dataclass(frozen=True, slots=True)
class LoginState:
    """The content of a state: nonce, id of the registration, hash of the browser's key.

    ``again`` is the path at which the same login begins anew, '' where that cannot help: a browser
    that did not say whether it is in a frame may lack its key at the launch.
    """

    nonce: str
    registration: int
    browser: str
    again: str = ""


def new_state(registration: int, key: str, again: str = "") -> LoginState:
    """Return a state, with a new nonce, for a login of this browser at this registration."""
    return LoginState(secrets.token_urlsafe(24), registration, browser_hash(key), again)


def sign_state(state: LoginState) -> str:
    """Return the signed text that the platform sends back with the launch."""
    content = [state.nonce, state.registration, state.browser, state.again]
    return signing.dumps(content if state.again else content[:3], salt=_SALT)


def check_browser(state: LoginState, key: str) -> LoginState:
    """Return the state if the browser with this key began its login.

    Raise LaunchRefused: COOKIE_MISSING (the browser sent no key), OTHER_BROWSER.
    """
    if not key:
        raise LaunchRefused(Reason.COOKIE_MISSING)
    if not secrets.compare_digest(state.browser, browser_hash(key)):
        raise LaunchRefused(Reason.OTHER_BROWSER)
    return state


def read_state(text: str) -> LoginState:
    """Return a state that we signed, whoever sends it; only ``check_browser`` knows the browser.

    Raise LaunchRefused: STATE_INVALID or STATE_EXPIRED.
    """
    try:
        content = signing.loads(text, salt=_SALT, max_age=LOGIN_AGE)
    except signing.SignatureExpired as error:
        raise LaunchRefused(Reason.STATE_EXPIRED) from error
    except (signing.BadSignature, ValueError) as error:
        raise LaunchRefused(Reason.STATE_INVALID) from error
    match content:
        case [nonce, registration, browser]:
            return LoginState(nonce, registration, browser)
        case [nonce, registration, browser, again]:
            return LoginState(nonce, registration, browser, again)
        case _:
            raise LaunchRefused(Reason.STATE_INVALID)
