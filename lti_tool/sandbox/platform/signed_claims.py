"""Checks of the claims that every JWT of a tool has: audience, time of issue, expiry.

IMS Security Framework 1.0, 4.1.1 and 5.2. Pure; the signature is checked in `tool_jwt`.
"""

from collections.abc import Mapping
from decimal import Decimal

LEEWAY = 10
MAX_LIFETIME_SECONDS = 3600
MAX_TIMESTAMP_SECONDS = 10**11

Claims = Mapping[str, object]


class BadClaimError(ValueError):
    """The refusal of a claim. Its text names the claim and says why."""


def audience(claims: Claims) -> set[str]:
    value = claims.get("aud")
    values = value if isinstance(value, list) else [value]
    return {each for each in values if isinstance(each, str)}


def unique_id(claims: Claims, name: str, max_length: int = 255) -> str:
    """Return a `jti` or a `nonce`, which no other token of the tool may carry.

    Raise BadClaimError if it is missing or too long.
    """
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= max_length:
        raise BadClaimError(f"{name} is missing")
    return value


def expiry(claims: Claims, now: int) -> int:
    """Return the token's expiry in seconds since the epoch.

    Raise BadClaimError unless the token is valid now, and for no longer than an hour.
    """
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if issued > now + LEEWAY:
        raise BadClaimError("iat lies in the future")
    if expires <= now - LEEWAY:
        raise BadClaimError("it has expired")
    if expires > now + MAX_LIFETIME_SECONDS + LEEWAY or expires - issued > MAX_LIFETIME_SECONDS:
        raise BadClaimError("it is valid for too long")
    if issued >= expires:
        raise BadClaimError("it expired before it was issued")
    if "nbf" in claims and _seconds(claims, "nbf") > now + LEEWAY:
        raise BadClaimError("it is not valid yet")
    return int(expires)


def _seconds(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise BadClaimError(f"{name} is missing or no number")
    if not -MAX_TIMESTAMP_SECONDS < value < MAX_TIMESTAMP_SECONDS:
        raise BadClaimError(f"{name} is no time")
    return float(value)
