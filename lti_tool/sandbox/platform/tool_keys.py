"""The tool's public keys, fetched from its JWKS address and kept with its registration."""

from datetime import timedelta

import jwt
import requests
from django.utils import timezone

from lti_tool.sandbox.models import ToolClient

TIMEOUT = 5
CACHE_LIFETIME = timedelta(hours=1)
MAX_BYTES = 1_000_000

Jwk = dict[str, str]


class NoKeyError(ValueError):
    """The error of a key that the tool does not publish, or that cannot be fetched or read."""


def find(tool: ToolClient, kid: str) -> jwt.PyJWK:
    """Return the tool's RSA key with that id; fetch the keys again if it is unknown.

    Raise NoKeyError if there is none.
    """
    now = timezone.now()
    outdated = tool.keys_fetched_at is None or now - tool.keys_fetched_at >= CACHE_LIFETIME
    if outdated or kid not in {key.get("kid") for key in tool.keys}:
        tool.keys, tool.keys_fetched_at = _download(tool.jwks_url), now
        tool.save(update_fields=["keys", "keys_fetched_at"])
    for key in tool.keys:
        if key.get("kid") == kid:
            return _load(key)
    raise NoKeyError(f"the tool publishes no key named {kid[:80]}")


def _download(url: str) -> list[Jwk]:
    """Return the keys of the JWK set at an address, without members that are not text.

    Raise NoKeyError if it cannot be fetched or read.
    """
    try:
        response = requests.get(url, timeout=TIMEOUT, headers={"Accept": "application/json"})
        response.raise_for_status()
    except requests.RequestException as error:
        raise NoKeyError(f"the tool's keys cannot be fetched from {url}") from error
    if len(response.content) > MAX_BYTES:
        raise NoKeyError("the tool's JWK set is too long")
    try:
        keys = response.json()["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoKeyError("the tool's JWK set cannot be read") from error
    if not isinstance(keys, list):
        raise NoKeyError("the tool's JWK set has no list of keys")
    return [
        {str(name): value for name, value in key.items() if isinstance(value, str)}
        for key in keys
        if isinstance(key, dict)
    ]


def _load(key: Jwk) -> jwt.PyJWK:
    if key.get("kty") != "RSA" or key.get("use", "sig") != "sig":
        raise NoKeyError("the tool's key is no RSA key for signing")
    try:
        return jwt.PyJWK.from_dict({**key, "alg": "RS256"})
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NoKeyError("the tool's key cannot be read") from error
