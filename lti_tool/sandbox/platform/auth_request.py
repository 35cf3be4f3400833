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
REQUIRED = ("client_id", "redirect_uri", "login_hint", "lti_message_hint", "nonce")


@dataclass(frozen=True)
class AuthError:
    """An OAuth error code with its description (RFC 6749, 4.2.2.1; OIDC Core, 3.1.2.6)."""

    code: str
    description: str


@dataclass(frozen=True)
class AuthRequest:
    client_id: str
    redirect_uri: str
    login_hint: str
    lti_message_hint: str
    nonce: str
    state: str | None
    error: AuthError | None


def parse(params: Mapping[str, Sequence[str]]) -> AuthRequest:
    """Return the request with its first error in `error`.

    It does not raise, because only the caller knows whether the error may be sent to the tool.
    """
    once = {name: values[0] for name, values in params.items() if len(values) == 1}
    return AuthRequest(
        **{name: once.get(name, "") for name in REQUIRED},
        state=once.get("state", "") if "state" in params else None,
        error=_first_error(params),
    )


def _first_error(params: Mapping[str, Sequence[str]]) -> AuthError | None:
    for name in (*FIXED, *REQUIRED, "state"):
        values = params.get(name, [])
        if len(values) > 1:
            return AuthError("invalid_request", f"{name} came more than once")
        if name != "state" and not (values and values[0]):
            return AuthError("invalid_request", f"{name} is missing")
        if values and len(values[0]) > MAX_PARAMETER_LENGTH:
            return AuthError("invalid_request", f"{name} is too long")
    for name, (expected, code) in FIXED.items():
        if params[name][0] != expected:
            return AuthError(code, f"{name} must be {expected}")
    return None
