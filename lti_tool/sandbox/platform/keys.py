"""The key of each platform, published as a JWK set (RFC 7517) and used to sign id_tokens."""

import json
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from lti_tool.sandbox.models import Flavour, PlatformKey


def ensure_key(flavour: str = Flavour.MOODLE) -> PlatformKey:
    """Return the key of the platform with this flavour; create it if there is none."""
    key = PlatformKey.objects.filter(flavour=flavour).first()
    if key is not None:
        return key
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")
    return PlatformKey.objects.create(flavour=flavour, kid=secrets.token_hex(10), private_pem=pem)


def jwk_set(flavour: str = Flavour.MOODLE) -> dict[str, list[dict[str, Any]]]:
    """Return the JWK set of the platform with this flavour."""
    jwks = []
    for key in PlatformKey.objects.filter(flavour=flavour):
        public = json.loads(RSAAlgorithm.to_jwk(_load(key.private_pem).public_key()))
        members = {name: public[name] for name in ("kty", "n", "e")}
        jwks.append({**members, "kid": key.kid, "alg": "RS256", "use": "sig"})
    return {"keys": jwks}


@lru_cache(maxsize=4)
def _load(pem: str) -> rsa.RSAPrivateKey:
    """Return the parsed key, cached because parsing takes longer than signing."""
    key = serialization.load_pem_private_key(pem.encode("ascii"), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("The platform's key is an RSA key.")
    return key


def sign(claims: Mapping[str, object], flavour: str = Flavour.MOODLE) -> str:
    """Return claims as a JWT signed with RS256, whose header names the key."""
    key = ensure_key(flavour)
    return jwt.encode(dict(claims), _load(key.private_pem), "RS256", headers={"kid": key.kid})
