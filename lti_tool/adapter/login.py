"""The beginning of a launch: third-party-initiated login (IMS Security Framework 1.0, 5.1.1)."""

from __future__ import annotations

from pylti1p3.exception import OIDCException
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect

from lti_tool.adapter.config import FormRequest, RegistrationConfig
from lti_tool.adapter.session import NoCookies, StatelessSession
from lti_tool.login.state import LoginState, new_state, sign_state
from lti_tool.protocol.refusal import LaunchRefused, Reason


class _Login(OIDCLogin[FormRequest, RegistrationConfig, StatelessSession, NoCookies, str]):
    """The library's login with our state and nonce."""

    def __init__(self, parameters: dict[str, str], browser_key: str) -> None:
        request = FormRequest(parameters)
        super().__init__(request, RegistrationConfig(), StatelessSession(request), NoCookies())
        self._browser_key = browser_key
        self._state: LoginState | None = None

    def get_redirect(self, url: str) -> Redirect[str]:
        """Raise NotImplementedError: the view redirects."""
        raise NotImplementedError

    def _begun(self) -> LoginState:
        if self._state is None:
            row = self._tool_config.found
            if row is None:
                raise LaunchRefused(Reason.UNKNOWN_PLATFORM)
            self._state = new_state(row.pk, self._browser_key)
        return self._state

    def _get_uuid(self) -> str:
        return sign_state(self._begun())

    def _generate_nonce(self) -> str:
        return self._begun().nonce

    def address(self, redirect_uri: str) -> str:
        """Return the platform's authorisation address for this login."""
        return self._prepare_redirect_url(redirect_uri)


def begin_login(parameters: dict[str, str], browser_key: str, redirect_uri: str) -> str:
    """Return the platform's authorisation address to send the browser to.

    ``parameters`` are those of the login initiation (iss, login_hint, client_id,
    lti_message_hint …). Raise LaunchRefused: LOGIN_INCOMPLETE, UNKNOWN_PLATFORM,
    REGISTRATION_INACTIVE.
    """
    login = _Login(parameters, browser_key)
    try:
        address = login.address(redirect_uri)
    except OIDCException as error:
        raise LaunchRefused(Reason.LOGIN_INCOMPLETE, str(error)) from error
    return _one_query(address)


def _one_query(address: str) -> str:
    """Return the address with one '?' only.

    The library appends another one if the platform's address already has a query.
    """
    base, _, rest = address.partition("?")
    return f"{base}?{rest.replace('?', '&', 1)}" if "?" in rest else address
