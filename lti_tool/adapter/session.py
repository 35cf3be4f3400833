"""pylti1p3's session and cookies, without either.

State is a signed text (``lti_tool.login.state``) and single use is a unique row
(``StoredLaunch``), so there is nothing here to store. What the library would look up in a session
or a cookie at a launch is checked in ``lti_tool.adapter.message``.
"""

from __future__ import annotations

from pylti1p3.cookie import CookieService
from pylti1p3.session import SessionService


class StatelessSession(SessionService):
    """A session in which a login stores nothing."""

    def save_nonce(self, nonce: str) -> None:
        """Do nothing: the nonce is in the signed state."""


class NoCookies(CookieService):
    """The library's cookies, which are not used: ours is ``lti_tool.login.browser_key``."""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002
        """Return None: no cookie of the library's is ever set."""
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Do nothing, because the library's cookies are not used."""
