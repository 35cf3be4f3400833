"""The authentication request: IMS Security Framework 1.0, section 5.1.1.2. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_PARAMETER_LENGTH = 4096
FIXED: Mapping[str, tuple[str, str]] = {
    "scope": ("openid", "invalid_scope"),
    "response_type": ("id_token", "unsupported_response_type"),
    "response_mode": ("form_post", "invalid_request"),
    "prompt": ("none", "invalid_request"),
}
NEEDED = ("client_id", "redirect_uri", "login_hint", "lti_message_hint", "nonce")


@dataclass(frozen=True)
class AuthFault:
    """An OAuth error code with its description (RFC 6749, 4.2.2.1; OIDC Core, 3.1.2.6)."""

    error: str
    description: str


@dataclass(frozen=True)
class AuthRequest:
    client_id: str
    redirect_uri: str
    login_hint: str
    lti_message_hint: str
    nonce: str
    state: str | None
    fault: AuthFault | None


def parse(params: Mapping[str, Sequence[str]]) -> AuthRequest:
    """Return the request with its first error in `fault`.

    It does not raise, because only the caller knows whether the tool may be told.
    """

    def one(name: str) -> str:
        values = params.get(name, [])
        return values[0] if len(values) == 1 else ""

    return AuthRequest(
        **{name: one(name) for name in NEEDED},
        state=one("state") if "state" in params else None,
        fault=_fault(params),
    )


def _fault(params: Mapping[str, Sequence[str]]) -> AuthFault | None:
    for name in (*FIXED, *NEEDED, "state"):
        values = params.get(name, [])
        if len(values) > 1:
            return AuthFault("invalid_request", f"{name} came more than once")
        if name != "state" and not (values and values[0]):
            return AuthFault("invalid_request", f"{name} is missing")
        if values and len(values[0]) > MAX_PARAMETER_LENGTH:
            return AuthFault("invalid_request", f"{name} is too long")
    return _wrong_value(params)


def _wrong_value(params: Mapping[str, Sequence[str]]) -> AuthFault | None:
    for name, (expected, error) in FIXED.items():
        if params[name][0] != expected:
            return AuthFault(error, f"{name} must be {expected}")
    return None
