"""The claims of a client assertion: IMS Security Framework 1.0, 4.1.1; RFC 7523, section 3. Pure.

The signature is checked in `tool_jwt`; this module checks every claim, and its type.
"""

from collections.abc import Collection
from dataclasses import dataclass

from lti_tool.sandbox.platform import signed_claims
from lti_tool.sandbox.platform.signed_claims import BadClaimError, Claims


@dataclass(frozen=True)
class Assertion:
    jti: str
    expires: int


def check(claims: Claims, client_id: str, audiences: Collection[str], now: int) -> Assertion:
    """Return the id and expiry of a valid assertion. Raise BadClaimError if it is not valid."""
    for name in ("iss", "sub"):
        if claims.get(name) != client_id:
            raise BadClaimError(f"{name} must be the client_id")
    if not signed_claims.audience(claims) & set(audiences):
        raise BadClaimError("aud must name the token endpoint or the issuer")
    return Assertion(
        jti=signed_claims.unique_id(claims, "jti"), expires=signed_claims.expiry(claims, now)
    )
