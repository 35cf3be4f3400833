"""The claims of a client assertion: IMS Security Framework 1.0, 4.1.1; RFC 7523, section 3. Pure.

The signature is checked elsewhere; here every claim is looked at, its type included.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LEEWAY = 10
LONGEST_LIFE = 3600
LONGEST_JTI = 255


class BadAssertionError(ValueError):
    """Why a client assertion buys no token."""


@dataclass(frozen=True)
class Assertion:
    jti: str
    expires: int


def check(
    claims: Mapping[str, object], client_id: str, audiences: Collection[str], now: int
) -> Assertion:
    """What is worth keeping of an assertion that holds; else why it does not."""
    for name in ("iss", "sub"):
        if claims.get(name) != client_id:
            raise BadAssertionError(f"{name} must be the client_id")
    if not _audience(claims.get("aud")) & set(audiences):
        raise BadAssertionError("aud must name the token endpoint or the issuer")
    return Assertion(_jti(claims.get("jti")), _times(claims, now))


def _audience(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {each for each in values if isinstance(each, str)}


def _jti(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_JTI:
        raise BadAssertionError("jti is missing")
    return value


def _times(claims: Mapping[str, object], now: int) -> int:
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if issued > now + LEEWAY:
        raise BadAssertionError("iat lies in the future")
    if expires <= now - LEEWAY:
        raise BadAssertionError("it has expired")
    if expires > now + LONGEST_LIFE + LEEWAY or expires - issued > LONGEST_LIFE:
        raise BadAssertionError("it is valid for too long")
    if issued >= expires:
        raise BadAssertionError("it expired before it was issued")
    if "nbf" in claims and _seconds(claims, "nbf") > now + LEEWAY:
        raise BadAssertionError("it is not valid yet")
    return int(expires)


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadAssertionError(f"{name} is missing or no number")
    return value
