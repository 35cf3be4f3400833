"""The beginning of a launch: third-party-initiated login (IMS Security Framework 1.0, 5.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from pylti1p3.exception import OIDCException
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect

from lti_tool.adapter.config import FormRequest, RegistrationConfig
from lti_tool.adapter.session import NoCookies, StatelessSession
from lti_tool.login.state import LoginState, new_state, sign_state
from lti_tool.models import Registration
from lti_tool.protocol.refusal import LaunchRefused, Reason


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """A login that has begun: the platform's authorisation address, and its registration."""

    address: str
    registration: Registration


def begin_login(
    parameters: dict[str, str], browser_key: str, redirect_uri: str, again: str = ""
) -> BegunLogin:
    """Return the login with the authorisation address to send the browser to.

    ``parameters`` are those of the login initiation (iss, login_hint, client_id,
    lti_message_hint …). ``again`` is kept in the state: see ``LoginState``. Raise LaunchRefused:
    LOGIN_INCOMPLETE, UNKNOWN_PLATFORM, REGISTRATION_INACTIVE.
    """
    try:
        return _Login(parameters, browser_key, again).begin(redirect_uri)
    except OIDCException as error:
        raise LaunchRefused(Reason.LOGIN_INCOMPLETE, str(error)) from error


class _Login(OIDCLogin[FormRequest, RegistrationConfig, StatelessSession, NoCookies, str]):
    """The library's login with our state and nonce."""

    _state: LoginState

    def __init__(self, parameters: dict[str, str], browser_key: str, again: str) -> None:
        request = FormRequest(parameters)
        config = RegistrationConfig(request.get_param("lti_deployment_id"))
        super().__init__(request, config, StatelessSession(request), NoCookies())
        self._browser_key = browser_key
        self._again = again

    def begin(self, redirect_uri: str) -> BegunLogin:
        """Return the login; its address has one '?' only.

        The library appends another one if the platform's address already has a query.
        """
        address, _, query = self._prepare_redirect_url(redirect_uri).partition("?")
        address = f"{address}?{query.replace('?', '&', 1)}"
        return BegunLogin(address, self._tool_config.found)

    def get_redirect(self, url: str) -> Redirect[str]:
        """Raise NotImplementedError: the view redirects."""
        raise NotImplementedError

    def _get_uuid(self) -> str:
        """Return our signed state, for which the library asks once the registration is found."""
        self._state = new_state(self._tool_config.found.pk, self._browser_key, self._again)
        return sign_state(self._state)

    def _generate_nonce(self) -> str:
        """Return the nonce of our state, for which the library asks after the state itself."""
        return self._state.nonce
