"""The LMS's response to a login, as it was posted to the redirect URI.

Source: OpenID Connect Core 1.0 section 3.1.2.5 and 3.1.2.6, IMS Security Framework 1.0
section 5.1.1.3; Platform Storage 1.0 adds ``lti_storage_target``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lti_tool.login.browser_key import find_key, parse_key
from lti_tool.login.platform_storage import TARGET
from lti_tool.login.state import LoginState, check_browser, read_state
from lti_tool.protocol.refusal import LaunchRefused

STATE_PREFIX = "state-"  # pylti1p3 puts it before every state
# A field of our own form; it is there even where the storage did not answer.
KEY_FIELD = "browser_key"


@dataclass(frozen=True, slots=True)
class LaunchCallback:
    """A response to a login, taken apart once.

    ``error`` is the platform's own, '' if it sent a token. ``storage_target`` names the frame
    of Platform Storage, '' where the LMS offers none. ``state`` is the login that this answers,
    or the refusal for a text that is no state of ours; ``stored_key`` is the browser key of our
    own form, None if the LMS's form came.
    """

    error: str
    id_token: str
    sealed_state: str
    storage_target: str
    state: LoginState | LaunchRefused
    stored_key: str | None

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> LaunchCallback:
        """Return the callback in the parameters of a request. Raise nothing."""
        sealed = parameters.get("state", "")
        state: LoginState | LaunchRefused
        try:
            state = read_state(sealed.removeprefix(STATE_PREFIX))
        except LaunchRefused as error:
            state = error
        key = parameters.get(KEY_FIELD)
        return cls(
            error=parameters.get("error", ""),
            id_token=parameters.get("id_token", ""),
            sealed_state=sealed,
            storage_target=parameters.get(TARGET, ""),
            state=state,
            stored_key=None if key is None else parse_key(key),
        )

    @property
    def waits_for_key(self) -> bool:
        """Return whether the platform's storage may have the key that no cookie brought."""
        return bool(self.storage_target and self.id_token) and self.stored_key is None

    @property
    def login(self) -> LoginState:
        """Return the login that this answers, begun in whatever browser.

        Raise LaunchRefused: STATE_INVALID, STATE_EXPIRED.
        """
        if isinstance(self.state, LaunchRefused):
            raise self.state
        return self.state

    @property
    def registration_id(self) -> int | None:
        """Return the registration at which the login was begun, None for no state of ours."""
        return None if isinstance(self.state, LaunchRefused) else self.state.registration

    @property
    def login_again(self) -> str:
        """Return the path at which this login begins anew, '' if that cannot help."""
        return "" if isinstance(self.state, LaunchRefused) else self.state.again

    def login_of(self, key: str) -> LoginState:
        """Return the login that the browser with this key began.

        Raise LaunchRefused: STATE_INVALID, STATE_EXPIRED, COOKIE_MISSING, OTHER_BROWSER.
        """
        return check_browser(self.login, key)

    def key_among(self, keys: Sequence[str]) -> str:
        """Return, of several keys of one browser, the one with which this login was begun.

        The first one if the state is none of ours; ``login_of`` refuses it then.
        """
        if len(keys) == 1 or isinstance(self.state, LaunchRefused):
            return keys[0]
        return find_key(keys, self.state.browser)
