"""Access tokens, one for each registration and set of scopes, shared by all processes.

Rows hold them. The process that moves a row's ``renewed_until`` into the future asks the
platform for the next token; the others use the one that is still good, or wait a moment for the
new one. Within a process each token is also remembered, because a score should not cost a query
of the database.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from lti_tool.models import AccessToken, Registration
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

# A token is not used in its last seconds, because it might expire on the way. Before that,
# one process renews it while the others still use it.
EXPIRY_MARGIN = timedelta(seconds=5)
RENEW_BEFORE = timedelta(seconds=120)
# Longer than the time-outs let a request for a token take.
MAX_RENEWAL_TIME = timedelta(seconds=45)
MEMORY_SECONDS = 30.0  # seconds, then the row is read again: another process may have deleted it
POLL_SECONDS = 0.05  # seconds between looks while another process asks
FAILURE_SECONDS = 1.0  # seconds after a failure in which the platform is not asked again
# After a failed renewal, the token that is still good is used for so long before the next try.
RENEWAL_PAUSE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class GrantedToken:
    """A token as the platform gave it, with the times of its renewal and its end."""

    token: str
    renew_at: datetime
    expires_at: datetime

    @property
    def is_usable(self) -> bool:
        """Return whether the token will still be good when it arrives at the platform."""
        return self.expires_at > timezone.now() + EXPIRY_MARGIN

    @classmethod
    def now(cls, token: str, lifetime: timedelta) -> GrantedToken:
        """Return a token that was given at this moment."""
        now = timezone.now()
        return cls(token, now + max(lifetime - RENEW_BEFORE, lifetime / 2), now + lifetime)


Ask = Callable[[], GrantedToken]


@dataclass
class _Remembered:
    lock: threading.Lock = field(default_factory=threading.Lock)
    granted: GrantedToken | None = None
    read_at: float = 0.0
    failed_at: float = 0.0
    failure: ServiceError | None = None

    def good(self) -> GrantedToken | None:
        """Return the token, if neither the platform nor the row has to be asked."""
        is_new = time.monotonic() - self.read_at < MEMORY_SECONDS
        is_good = self.granted is not None and self.granted.renew_at > timezone.now()
        return self.granted if is_new and is_good else None

    def stale_but_usable(self) -> GrantedToken | None:
        """Return the token that is still good, while another thread asks for the next."""
        granted = self.granted
        return granted if self.lock.locked() and granted and granted.is_usable else None


_remembered: dict[tuple[int, str, str, str], _Remembered] = {}
_lock = threading.Lock()


def token_for(registration: Registration, scopes: str, ask: Ask) -> str:
    """Return a token for these scopes (names with spaces between); only one caller asks for it.

    Raise ServiceError as ``ask`` does, also if it has failed within the last second for another
    thread, and BUSY if another process does not get a token in time.
    """
    mine = _memory(registration, scopes)
    if granted := mine.good() or mine.stale_but_usable():
        return granted.token
    with mine.lock:
        if granted := mine.good():
            return granted.token
        if mine.failure and time.monotonic() - mine.failed_at < FAILURE_SECONDS:
            raise mine.failure
        try:
            mine.granted = _shared(registration, scopes, ask)
            mine.read_at = time.monotonic()
        except ServiceError as error:
            mine.failure, mine.failed_at = error, time.monotonic()
            raise
        mine.failure = None
        return mine.granted.token


def keep(registration: Registration, scopes: str, granted: GrantedToken) -> None:
    """Save this token as the one that is used from now on."""
    AccessToken.objects.update_or_create(
        registration=registration,
        scopes=scopes,
        defaults={
            "token": granted.token,
            "renew_at": granted.renew_at,
            "expires_at": granted.expires_at,
            "renewed_until": None,
        },
    )


def forget(registration: Registration, scopes: str, token: str) -> None:
    """Delete a token that the platform no longer accepts; one that took its place stays."""
    mine = _memory(registration, scopes)
    if mine.granted and mine.granted.token == token:
        mine.granted = None
    AccessToken.objects.filter(registration=registration, scopes=scopes, token=token).delete()


def _memory(registration: Registration, scopes: str) -> _Remembered:
    # With these columns in the key, a changed registration does not use its old token.
    key = (registration.pk, registration.client_id, registration.auth_token_url, scopes)
    with _lock:
        return _remembered.setdefault(key, _Remembered())


def _shared(registration: Registration, scopes: str, ask: Ask) -> GrantedToken:
    end = time.monotonic() + MAX_RENEWAL_TIME.total_seconds()
    while True:
        now = timezone.now()
        row = _row(registration, scopes)
        if row.token and row.renew_at > now:
            return _held(row)
        held = _held(row) if row.token and _held(row).is_usable else None
        if _is_mine_to_renew(row, now):
            return _renewed(row, registration, scopes, ask, held)
        if held:
            return held
        if time.monotonic() > end:
            raise ServiceError(DeliveryProblem.BUSY, "waiting for an access token", permanent=False)
        time.sleep(POLL_SECONDS)


def _row(registration: Registration, scopes: str) -> AccessToken:
    found = AccessToken.objects.filter(registration=registration, scopes=scopes).first()
    if found is not None:
        return found
    return AccessToken.objects.get_or_create(
        registration=registration, scopes=scopes, defaults={"expires_at": timezone.now()}
    )[0]


def _held(row: AccessToken) -> GrantedToken:
    return GrantedToken(row.token, row.renew_at, row.expires_at)


def _is_mine_to_renew(row: AccessToken, now: datetime) -> bool:
    nobody = Q(renewed_until__isnull=True) | Q(renewed_until__lt=now)
    same = AccessToken.objects.filter(nobody, pk=row.pk, token=row.token)
    return bool(same.update(renewed_until=now + MAX_RENEWAL_TIME))


def _renewed(
    row: AccessToken, registration: Registration, scopes: str, ask: Ask, held: GrantedToken | None
) -> GrantedToken:
    """Return a new token, or the one that is ``held`` if no new one can be had."""
    try:
        granted = ask()
    except ServiceError as error:
        again = timezone.now() + RENEWAL_PAUSE if held else None
        AccessToken.objects.filter(pk=row.pk).update(renewed_until=again)
        if held is None:
            raise
        logger.warning(
            "a token could not be renewed yet: registration=%s %s", registration.pk, error
        )
        return held
    keep(registration, scopes, granted)
    return granted
