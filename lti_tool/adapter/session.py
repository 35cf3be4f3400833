"""pylti1p3's session and cookies, without either.

Closes: a token accepted again because its hash is known, a nonce of another login, a login
begun at one platform and finished by another. State is a signed text
(``lti_tool.login.state``), single use is a unique row (``StoredLaunch``), so there is nothing
here to store.
"""

from __future__ import annotations

from pylti1p3.cookie import CookieService
from pylti1p3.request import Request
from pylti1p3.session import SessionService, TJwtBody, TStateParams

from lti_tool.login.state import LoginState


class StatelessSession(SessionService):
    """A session that knows only the state that this browser proved to have begun."""

    def __init__(self, request: Request) -> None:  # noqa: ARG002
        self.state: LoginState | None = None

    def save_nonce(self, nonce: str) -> None:
        """Do nothing: the nonce is in the signed state."""

    def check_nonce(self, nonce: str) -> bool:
        """Return whether the nonce is that of the login which this state began."""
        return self.state is not None and nonce == self.state.nonce

    def save_launch_data(self, key: str, jwt_body: TJwtBody) -> None:
        """Do nothing: an accepted launch becomes rows."""

    def save_state_params(self, state: str, params: TStateParams) -> None:
        """Do nothing: the state itself carries what is needed."""

    def set_state_valid(self, state: str, id_token_hash: str) -> None:
        """Do nothing: the browser proves its state at each launch."""

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:  # noqa: ARG002
        """Return False: the hash of a token alone never makes a launch valid."""
        return False


class NoCookies(CookieService):
    """The library's cookies, which are not used: ours is ``lti_tool.login.browser_key``."""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002
        """Return None: no cookie of the library's is ever set."""
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Do nothing, because the library's cookies are not used."""
