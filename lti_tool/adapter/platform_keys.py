"""The platform's public keys, read seldom and shared by all processes.

Closes: keys fetched at every launch, or kept with no refetch when the platform rotates them; a
platform whose key address is down; junk key ids that make us call it again and again; many
launches that ask all at once for the same new key; a new key under the id of the old one.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.utils import timezone

from lti_tool.models import PlatformKeySet, Registration
from lti_tool.protocol.refusal import LaunchRefused, LaunchWaits, Reason
from lti_tool.services import http
from lti_tool.services.bulkhead import NoPlace, place_for
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable

# An unknown key id, or a signature that no known key fits, makes us ask the platform again: once
# at any time, and then after this at the earliest.
REFETCH_AFTER = timedelta(seconds=10)
# Keys of one id that are tried: each costs a verification, and a platform may list thousands.
MAX_CANDIDATES = 10
MIN_BITS = 2048  # of a key (RFC 7518, 3.3): a shorter one is passed over, as if it were not there
# A key that the platform has withdrawn is trusted for no longer than this, ...
OLD_AFTER = timedelta(days=1)
# ... unless its address does not answer: then it is asked again after this.
OLD_RETRY_AFTER = timedelta(hours=1)
# Seconds that a launch asks, within which others wait for its result, and between their looks. The
# second is short, and counts from when the platform was asked: other launches must not occupy
# every thread while it hangs. They get a page that sends them again.
READ_SECONDS, WAIT_SECONDS, POLL_SECONDS = 8.0, 1.5, 0.05


def candidate_keys(registration: Registration, kid: str) -> Iterator[RSAPublicKey]:
    """Yield the platform's RSA keys of that id: those that are known, then those read anew.

    A caller stops at the key that fits, so the platform is asked only if no known key does.

    Raise LaunchRefused when there is no other key: KEY_UNKNOWN if there was none at all,
    KEYS_UNREACHABLE if the platform could not be asked, UNKNOWN_PLATFORM if the registration was
    deleted meanwhile. Raise LaunchWaits while the keys are being read.
    """
    stored = _stored_keys(registration)
    known = _find_keys(stored, kid)
    is_old = _is_old(stored)
    if not is_old:
        yield from known
    now = _refresh(registration, stored, is_needed=not (is_old and known))
    found = _find_keys(now, kid)
    yield from (key for key in found if is_old or key not in known)
    if now.read_at != now.tried_at:
        raise LaunchRefused(Reason.KEYS_UNREACHABLE, "they could not be read just now")
    if not found:
        raise LaunchRefused(Reason.KEY_UNKNOWN, f"the keyset has no key with kid {kid[:60]!r}")


def read_keys(registration: Registration) -> http.HttpReply:
    """Ask the platform for its keys now, save them and return the answer. Raise ServiceError.

    It is for a person who checks the connection, so there is no limit on how often.
    """
    PlatformKeySet.objects.get_or_create(
        registration=registration, defaults={"source": "", "tried_at": timezone.now()}
    )
    return _read_and_save(registration)


def _stored_keys(registration: Registration) -> PlatformKeySet | None:
    """Return the keys that were read before from the address that the registration has now."""
    stored: PlatformKeySet | None = getattr(registration, "key_set", None)
    return stored if stored is not None and stored.source == registration.jwks_url else None


def _is_old(stored: PlatformKeySet | None) -> bool:
    if stored is None:
        return True
    now = timezone.now()
    read_at = stored.read_at or stored.tried_at
    return read_at < now - OLD_AFTER and stored.tried_at < now - OLD_RETRY_AFTER


def _refresh(
    registration: Registration, stored: PlatformKeySet | None, *, is_needed: bool
) -> PlatformKeySet:
    """Return the keys after this launch, another one, or one just before has asked for them.

    Raise LaunchRefused (KEYS_UNREACHABLE) if a key ``is_needed`` and the platform cannot be
    read, LaunchWaits if it is being read.
    """
    if stored is not None and not _may_ask_again(stored):
        return _wait_for_reading(registration) if stored.is_being_read and is_needed else stored
    try:
        with place_for(str(registration.pk)):
            if _claim_reading(registration, stored, is_needed=is_needed):
                return _read(registration, is_needed=is_needed or stored is None)
    except NoPlace as error:
        if stored is not None and not is_needed:
            return stored
        # Else nobody is reading these keys: others wait for another platform, or for a class list
        # of this one. It is no thread's work to wait for them.
        if not PlatformKeySet.objects.filter(
            registration=registration, is_being_read=True
        ).exists():
            raise LaunchWaits from error
        return _wait_for_reading(registration, stored)
    return _wait_for_reading(registration) if is_needed or stored is None else stored


def _read(registration: Registration, *, is_needed: bool) -> PlatformKeySet:
    """Return the keys as the platform answers now, or those that are known.

    Raise LaunchRefused (KEYS_UNREACHABLE) if a key ``is_needed`` and it does not answer.
    """
    try:
        _read_and_save(registration)
    except ServiceError as error:
        if is_needed:
            raise LaunchRefused(Reason.KEYS_UNREACHABLE, str(error)) from error
    return _get_row(registration)


def _may_ask_again(stored: PlatformKeySet) -> bool:
    """Return whether a launch may ask the platform for keys that it was asked for before.

    A platform may change its keys seconds after it was asked, so the first launch that needs
    others asks at once, unless the platform does not answer.
    """
    latest = timezone.now() - REFETCH_AFTER
    if stored.tried_at <= latest:
        return True
    is_healthy = stored.read_at == stored.tried_at
    return is_healthy and (stored.refetched_at is None or stored.refetched_at <= latest)


def _claim_reading(
    registration: Registration, stored: PlatformKeySet | None, *, is_needed: bool
) -> bool:
    """Return whether this launch is to ask the platform: one does, over all processes."""
    now = timezone.now()
    claim = {"source": registration.jwks_url, "tried_at": now, "is_being_read": True}
    rows = PlatformKeySet.objects.filter(registration=registration)
    if stored is not None:
        if is_needed:
            claim["refetched_at"] = now
        return bool(rows.filter(tried_at=stored.tried_at).update(**claim))
    moved = rows.exclude(source=registration.jwks_url)
    if moved.update(**claim, document={}, read_at=None, refetched_at=None):
        return True
    return PlatformKeySet.objects.get_or_create(registration=registration, defaults=claim)[1]


def _wait_for_reading(
    registration: Registration, older: PlatformKeySet | None = None
) -> PlatformKeySet:
    """Return the keys once the launch that asks for them is done; not these ``older`` ones.

    Raise LaunchWaits if the platform was asked WAIT_SECONDS ago and has not answered.
    """
    row = PlatformKeySet.objects.filter(registration=registration).first()
    asked = (timezone.now() - row.tried_at).total_seconds() if row and row.is_being_read else 0.0
    end = time.monotonic() + WAIT_SECONDS - asked
    # The other launch may be about to write that it asks.
    while row is None or row.is_being_read or (older and row.tried_at == older.tried_at):
        if time.monotonic() > end:
            raise LaunchWaits
        time.sleep(POLL_SECONDS)
        row = PlatformKeySet.objects.filter(registration=registration).first()
    return row


def _get_row(registration: Registration) -> PlatformKeySet:
    row = PlatformKeySet.objects.filter(registration=registration).first()
    if row is None:
        raise LaunchRefused(Reason.UNKNOWN_PLATFORM, "the registration is gone")
    return row


def _read_and_save(registration: Registration) -> http.HttpReply:
    """Ask the platform, save what it answered, and return the answer. Raise ServiceError."""
    rows = PlatformKeySet.objects.filter(registration=registration)
    try:
        reply = http.call(
            "GET",
            registration.jwks_url,
            headers={"Accept": "application/json"},
            seconds=READ_SECONDS,
        )
        document = _rsa_keys(reply)
    except ServiceError:
        rows.update(tried_at=timezone.now(), is_being_read=False)
        raise
    now = timezone.now()
    rows.update(
        source=registration.jwks_url,
        document=document,
        tried_at=now,
        read_at=now,
        is_being_read=False,
    )
    return reply


def _rsa_keys(reply: http.HttpReply) -> dict[str, Any]:
    """Return the RSA keys that verify, with the members that are used. Raise ServiceError.

    Values that are not printable, such as NUL and lone surrogates, are left out: databases
    refuse them.
    """
    if reply.status != 200:
        raise ServiceError(DeliveryProblem.SERVER_ERROR, f"status {reply.status}", permanent=False)
    content = reply.json()
    entries = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise unreadable("no set of keys")
    wanted = [entry for entry in entries if isinstance(entry, dict) and _verifies(entry)]
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


def _verifies(entry: dict[str, Any]) -> bool:
    """Return whether this is a public RSA key that is not for encryption alone (RFC 7517, 4)."""
    operations, algorithm = entry.get("key_ops"), entry.get("alg")
    encrypts = entry.get("use") == "enc" or (
        isinstance(algorithm, str) and algorithm.startswith(("RSA-OAEP", "RSA1_5"))
    )
    is_for_others = isinstance(operations, list) and operations and "verify" not in operations
    return entry.get("kty") == "RSA" and "d" not in entry and not encrypts and not is_for_others


def _find_keys(stored: PlatformKeySet | None, kid: str) -> list[RSAPublicKey]:
    """Return the first keys of that id: the specification wants one, platforms list several."""
    entries = stored.document.get("keys", []) if stored else []
    named = [entry for entry in entries if entry.get("kid") == kid][:MAX_CANDIDATES]
    parsed = (_parse_key(json.dumps(entry, sort_keys=True)) for entry in named)
    return [key for key in parsed if key is not None]


@functools.lru_cache(maxsize=256)
def _parse_key(entry: str) -> RSAPublicKey | None:
    """Return a key in parsed form, None for one that is none of ours or too short.

    It is cached: parsing costs more than verifying a signature.
    """
    try:
        key = jwt.PyJWK(json.loads(entry), algorithm="RS256").key
    except jwt.PyJWTError:
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= MIN_BITS else None
