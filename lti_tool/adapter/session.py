"""pylti1p3's session and cookies, without either.

Closes: a token accepted again because its hash is known, a nonce of another login, a
login begun at one platform and finished by another. State is a signed text
(``lti_tool.login.state``), single use is a unique row (``StoredLaunch``), so there is
nothing here to store.
"""

from __future__ import annotations

from pylti1p3.cookie import CookieService
from pylti1p3.request import Request
from pylti1p3.session import SessionService, TJwtBody, TStateParams

from lti_tool.login.state import LoginState


class StatelessSession(SessionService):
    """Knows the one state that the browser proved to have begun."""

    def __init__(self, request: Request) -> None:  # noqa: ARG002
        self.state: LoginState | None = None

    def save_nonce(self, nonce: str) -> None:
        """Nothing: the nonce is in the signed state."""

    def check_nonce(self, nonce: str) -> bool:
        """Whether it is the nonce of the very login that this state began."""
        return self.state is not None and nonce == self.state.nonce

    def save_launch_data(self, key: str, jwt_body: TJwtBody) -> None:
        """Nothing: an accepted launch becomes rows."""

    def save_state_params(self, state: str, params: TStateParams) -> None:
        """Nothing."""

    def set_state_valid(self, state: str, id_token_hash: str) -> None:
        """Nothing: a state is proved by the browser each time."""

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:  # noqa: ARG002
        """Never by the hash of a token alone."""
        return False


class NoCookies(CookieService):
    """The library sets a cookie per login; ours is ``lti_tool.login.browser_key``."""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002
        """None."""
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Nothing."""
