"""Key pairs, made once a process under a name, and tokens that no library would sign."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.platform.server import Asked, Part, Reply, json_reply


@dataclass(frozen=True)
class KeyPair:
    kid: str
    private: rsa.RSAPrivateKey

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def pem(self) -> str:
        """The private key, as the database keeps it."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def jwk(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "kid": self.kid,
            "n": _unpadded(numbers.n.to_bytes(256, "big")),
            "e": _unpadded(numbers.e.to_bytes(3, "big")),
        }


@functools.cache
def key_pair(kid: str) -> KeyPair:
    """The key pair of that name; making one takes a while, so each is made once."""
    return KeyPair(kid, rsa.generate_private_key(public_exponent=65537, key_size=2048))


class Keys(Part):
    """The address of the public keys, a platform's or a tool's."""

    endpoints: ClassVar = {"keys": ("GET", "/jwks")}

    def __init__(self, *keys: KeyPair) -> None:
        self.publish(*keys)

    def publish(self, *keys: KeyPair) -> None:
        """These keys, and no others."""
        self.published: list[object] = [key.jwk for key in keys]

    def answer_keys(self, _asked: Asked) -> Reply:
        return json_reply({"keys": self.published})


class Raw(str):
    """JSON that is written already."""

    __slots__ = ()


def _json(content: object) -> bytes:
    return (content if isinstance(content, Raw) else json.dumps(content)).encode()


def raw_token(header: object, body: object, key: KeyPair, algorithm: str = "RS256") -> str:
    """A JWT of any header and any body: no library would sign most of them."""
    data = f"{_unpadded(_json(header))}.{_unpadded(_json(body))}"
    signature = _SIGNERS[algorithm](key, data.encode())
    return f"{data}.{_unpadded(signature)}"


def _rsa(algorithm: hashes.HashAlgorithm) -> Callable[[KeyPair, bytes], bytes]:
    return lambda key, data: key.private.sign(data, padding.PKCS1v15(), algorithm)


_SIGNERS: dict[str, Callable[[KeyPair, bytes], bytes]] = {
    "RS256": _rsa(hashes.SHA256()),
    "RS512": _rsa(hashes.SHA512()),
    "HS256": lambda key, data: hmac.digest(key.public_pem, data, hashlib.sha256),
    "none": lambda _key, _data: b"",
}


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
