"""The tool's public keys, fetched from its JWKS address and kept with its registration."""

from datetime import timedelta

import jwt
import requests
from django.utils import timezone

from lti_tool.sandbox.models import ToolClient

TIMEOUT = 5
FRESH = timedelta(hours=1)
MAX_BYTES = 1_000_000

Jwk = dict[str, str]


class NoKeyError(ValueError):
    """The error of a key that the tool does not publish, or that cannot be fetched or read."""


def find(tool: ToolClient, kid: str) -> jwt.PyJWK:
    """Return the tool's RSA key with that id; fetch the keys again if it is unknown.

    Raise NoKeyError if there is none.
    """
    fetched = False
    if not _fresh(tool):
        _fetch(tool)
        fetched = True
    found = _among(tool.keys, kid)
    if found is None and not fetched:
        _fetch(tool)
        found = _among(tool.keys, kid)
    if found is None:
        raise NoKeyError(f"the tool publishes no key named {kid[:80]}")
    return _load(found)


def _fresh(tool: ToolClient) -> bool:
    return tool.keys_fetched_at is not None and timezone.now() - tool.keys_fetched_at < FRESH


def _among(keys: list[Jwk], kid: str) -> Jwk | None:
    return next((key for key in keys if key.get("kid") == kid), None)


def _fetch(tool: ToolClient) -> None:
    tool.keys = _download(tool.jwks_url)
    tool.keys_fetched_at = timezone.now()
    ToolClient.objects.filter(pk=tool.pk).update(
        keys=tool.keys, keys_fetched_at=tool.keys_fetched_at
    )


def _download(url: str) -> list[Jwk]:
    """Return the keys of the JWK set at an address, without members that are not text.

    Raise NoKeyError if it cannot be fetched or read.
    """
    try:
        answer = requests.get(url, timeout=TIMEOUT, headers={"Accept": "application/json"})
        answer.raise_for_status()
        if len(answer.content) > MAX_BYTES:
            raise NoKeyError("the tool's JWK set is too long")
        keys = answer.json()["keys"]
    except (requests.RequestException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoKeyError(f"the tool's keys cannot be had from {url}") from error
    return [_texts(key) for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def _texts(key: dict[object, object]) -> Jwk:
    return {str(name): value for name, value in key.items() if isinstance(value, str)}


def _load(key: Jwk) -> jwt.PyJWK:
    if key.get("kty") != "RSA" or key.get("use", "sig") != "sig":
        raise NoKeyError("the tool's key is no RSA key for signing")
    try:
        return jwt.PyJWK.from_dict({**key, "alg": "RS256"})
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NoKeyError("the tool's key cannot be read") from error
