"""Our key pairs, created on first use and when the last one is old.

Their public keys are served at /lti/jwks.json. ``key_schedule`` says when each signs and
ends. No job runs for it: each look at the keys, to sign or to publish, applies the schedule.
"""

from __future__ import annotations

import functools
import itertools
import logging
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from lti_tool.audit import TOOL, Actor, AuditKind, record
from lti_tool.models import ToolKey
from lti_tool.platforms.key_schedule import KeySchedule

logger = logging.getLogger(__name__)

# Seconds for which a process may go on signing with the same key before it looks again.
CACHE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair of ours, parsed; ``kid`` names it in the headers of what it signs."""

    kid: str
    private: rsa.RSAPrivateKey


def signing_key() -> SigningKey:
    """Return the key pair that signs now; create the first one."""
    return _signing_key(int(time.monotonic() // CACHE_SECONDS))


@functools.lru_cache(maxsize=1)
def _signing_key(_period: int) -> SigningKey:
    """Return the signing key, cached for one period so that signing needs no query."""
    keys = _published(_current_keys())
    key = keys[schedule().signing([key.created_at for key in keys], timezone.now())]
    return _parse(key.kid, key.private_pem)


def clear_cache() -> None:
    """Drop this process's cached signing key, so that the next signature looks it up."""
    _signing_key.cache_clear()


def public_key_set() -> dict[str, Any]:
    """Return our published keys as a JWK set (RFC 7517), never empty."""
    keys = []
    for key in _published(_current_keys()):
        public = _parse(key.kid, key.private_pem).private.public_key()
        jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
        named = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.kid}
        keys.append({**named, "n": jwk["n"], "e": jwk["e"]})
    return {"keys": keys}


def rotate(*, by: Actor) -> ToolKey | None:
    """Make and publish the next key, which signs after the overlap; ``by`` asks for it.

    Return None if a published key is still waiting to sign.
    """
    keys = _current_keys()
    made = [key.created_at for key in _published(keys)]
    # The newest key is the first.
    return None if schedule().signing(made, timezone.now()) > 0 else _make_next(keys, by)


def rotate_now(*, by: Actor) -> ToolKey:
    """Make a key that signs at once, and withdraw all others, as after a leak."""
    made = _make_next(list(ToolKey.objects.all()), by)
    _withdraw(ToolKey.objects.exclude(pk=made.pk), by)
    clear_cache()
    return made


def schedule() -> KeySchedule:
    """Return the schedule of the settings LTI_KEY_DAYS and LTI_KEY_OVERLAP_HOURS."""
    days = settings.LTI_KEY_DAYS
    return KeySchedule(
        lifetime=timedelta(days=days) if days else None,
        overlap=timedelta(hours=settings.LTI_KEY_OVERLAP_HOURS),
    )


def _current_keys() -> list[ToolKey]:
    """Make the next key and withdraw old ones if due; return all keys, newest first."""
    plan, now = schedule(), timezone.now()
    keys = list(ToolKey.objects.all())
    if plan.is_due([key.created_at for key in _published(keys)], now):
        _make_next(keys, TOOL)
        keys = list(ToolKey.objects.all())
    pairs = itertools.pairwise(_published(keys))
    expired = [old.pk for new, old in pairs if plan.has_expired(new.created_at, now)]
    if expired:
        _withdraw(ToolKey.objects.filter(pk__in=expired), TOOL)
        keys = list(ToolKey.objects.all())
    return keys


def _withdraw(keys: QuerySet[ToolKey], by: Actor) -> None:
    """Withdraw those of these keys that are published. Several processes may do it at once."""
    with transaction.atomic():
        rows = keys.filter(retired_at=None).order_by("pk").select_for_update(no_key=True)
        withdrawn = {row.pk: row.kid for row in rows}
        if not withdrawn:
            return
        # A private part that is kept could still sign in our name.
        found = ToolKey.objects.filter(pk__in=withdrawn)
        found.update(retired_at=timezone.now(), private_pem="")
        record(AuditKind.TOOL_KEY, by, after={"withdrawn": list(withdrawn.values())})


def _published(keys: Iterable[ToolKey]) -> list[ToolKey]:
    return [key for key in keys if key.retired_at is None]


def _make_next(keys: Iterable[ToolKey], by: Actor) -> ToolKey:
    """Return the key that follows these, made here or by another process at the same time."""
    generation = max((key.generation or 0 for key in keys), default=0) + 1
    kid, pem = secrets.token_hex(16), _new_private_pem()
    try:
        with transaction.atomic():
            made = ToolKey.objects.create(kid=kid, generation=generation, private_pem=pem)
            record(AuditKind.TOOL_KEY, by, after={"made": made.kid})
    except IntegrityError:
        return ToolKey.objects.get(generation=generation)
    logger.info("key pair made: kid=%s", made.kid)
    return made


def _new_private_pem() -> str:
    """Return a new RSA key of 2048 bits, which every platform accepts and LTI requires."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@functools.lru_cache(maxsize=16)
def _parse(kid: str, pem: str) -> SigningKey:
    """Return the parsed key, cached because parsing takes some 40 ms."""
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"the key pair {kid} is no RSA key")
    return SigningKey(kid, private)
