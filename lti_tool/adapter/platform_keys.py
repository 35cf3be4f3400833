"""The platform's public keys: read once, shared by all processes, refetched with care.

Closes: keys fetched at every launch, or kept with no refetch when the platform rotates
them; a platform whose key address is down; junk key ids that make us hammer it.
"""

from __future__ import annotations

import functools
import json
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db import IntegrityError, transaction
from django.utils import timezone

from lti_tool.errors import ServiceError
from lti_tool.models import PlatformKeySet, Registration
from lti_tool.refusal import LaunchRefused, Reason
from lti_tool.services import http

# How soon an unknown key id may make us ask the platform again.
REFETCH_AFTER = timedelta(seconds=10)


def public_key(registration: Registration, kid: str) -> RSAPublicKey:
    """The platform's RSA key of that id.

    Raises LaunchRefused: KEY_UNKNOWN, or KEYS_UNREACHABLE if the platform could not be
    asked and the key is not among those that were read before.
    """
    stored: PlatformKeySet | None = getattr(registration, "key_set", None)
    if stored is not None and stored.source == registration.jwks_url:
        if key := _find(stored.document, kid):
            return key
        if timezone.now() - stored.tried_at < REFETCH_AFTER:
            if not stored.document:
                raise LaunchRefused(Reason.KEYS_UNREACHABLE, "nor could they be read just now")
            raise LaunchRefused(Reason.KEY_UNKNOWN, "and the keys were read just now")
    document = _refetch(registration, stored)
    if key := _find(document, kid):
        return key
    raise LaunchRefused(Reason.KEY_UNKNOWN, f"registration {registration.pk}")


def _refetch(registration: Registration, stored: PlatformKeySet | None) -> dict[str, Any]:
    """Ask the platform; on failure the old document stays, but the try is remembered."""
    known = stored.document if stored and stored.source == registration.jwks_url else {}
    try:
        document = _usable(http.get_json(registration.jwks_url))
    except ServiceError as problem:
        _store(registration, known)
        raise LaunchRefused(Reason.KEYS_UNREACHABLE, str(problem)) from problem
    if document is None:
        _store(registration, known)
        raise LaunchRefused(Reason.KEYS_UNREACHABLE, "the answer is no set of keys")
    _store(registration, document)
    return document


def _store(registration: Registration, document: dict[str, Any]) -> None:
    values = {
        "source": registration.jwks_url,
        "document": document,
        "tried_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            PlatformKeySet.objects.update_or_create(registration=registration, defaults=values)
    except IntegrityError:
        # Another launch stored the same keys a moment ago: those serve as well.
        pass


def _usable(answer: object) -> dict[str, Any] | None:
    """The RSA keys in an answer, with the members that are used; None if it is no key set.

    What no database stores (NUL, lone surrogates) is not printable, and stays outside.
    """
    entries = answer.get("keys") if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        return None
    wanted = [e for e in entries if isinstance(e, dict) and e.get("kty") == "RSA" and "d" not in e]
    return {
        "keys": [
            {
                name: value
                for name in ("kty", "kid", "n", "e")
                if isinstance(value := entry.get(name), str) and value.isprintable()
            }
            for entry in wanted
        ]
    }


def _find(document: dict[str, Any], kid: str) -> RSAPublicKey | None:
    for entry in document.get("keys", []):
        if entry.get("kid") == kid:
            return _parsed(json.dumps(entry, sort_keys=True))
    return None


@functools.lru_cache(maxsize=256)
def _parsed(entry: str) -> RSAPublicKey | None:
    """A key in parsed form; parsing costs more than verifying a signature."""
    try:
        key = jwt.PyJWK(json.loads(entry), algorithm="RS256").key
    except jwt.PyJWTError:
        return None
    return key if isinstance(key, RSAPublicKey) else None
