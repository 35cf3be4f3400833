"""Our key pairs: made on first use, loaded once a process, shown at /lti/jwks.json."""

from __future__ import annotations

import base64
import functools
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.models import ToolKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: rsa.RSAPrivateKey


def signing_key() -> SigningKey:
    """The newest key pair; makes the first one."""
    newest = ToolKey.objects.values_list("kid", "private_pem").first()
    if newest is None:
        made = make_key()
        newest = (made.kid, made.private_pem)
    return _loaded(*newest)


def make_key() -> ToolKey:
    """Store a fresh RSA key pair of 2048 bits, which from now on signs."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return ToolKey.objects.create(kid=secrets.token_hex(16), private_pem=pem.decode())


def public_key_set() -> dict[str, Any]:
    """Our public keys as a JWK set (RFC 7517); never empty."""
    signing_key()
    pairs = ToolKey.objects.values_list("kid", "private_pem")
    return {"keys": [_public_jwk(_loaded(*pair)) for pair in pairs]}


@functools.lru_cache(maxsize=16)
def _loaded(kid: str, pem: str) -> SigningKey:
    """Parsing a private key takes some 40 ms: once a process."""
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"the key pair {kid} is no RSA key")
    return SigningKey(kid, private)


def _public_jwk(key: SigningKey) -> dict[str, str]:
    numbers = key.private.public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key.kid,
        "n": _base64url(numbers.n),
        "e": _base64url(numbers.e),
    }


def _base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
