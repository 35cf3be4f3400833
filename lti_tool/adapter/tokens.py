"""Access tokens, one for each deployment and set of scopes, shared by all processes.

Where no deployment is known yet, they are the registration's.

Rows hold them. The process that moves a row's ``renewed_until`` into the future asks the
platform for the next token; the others use the one that is still good, or wait a moment for the
new one. Within a process each token is also cached, because a score should not cost a query
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

from lti_tool.models import AccessToken, Deployment, Registration
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

# A token is not used in its last seconds, because it might expire on the way. Before that,
# one process renews it while the others still use it.
EXPIRY_MARGIN = timedelta(seconds=5)
RENEW_BEFORE = timedelta(seconds=120)
# Longer than the time-outs let a request for a token take.
MAX_RENEWAL_TIME = timedelta(seconds=45)
CACHE_SECONDS = 30.0  # seconds, then the row is read again: another process may have deleted it
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
class _CachedToken:
    """A token as this process last read it from its row, and the last failure to get one."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    granted: GrantedToken | None = None
    read_at: float = 0.0  # on the monotonic clock, as is the next
    failed_at: float = 0.0
    failure: ServiceError | None = None

    def fresh(self) -> GrantedToken | None:
        """Return the token, if neither the platform nor the row has to be asked."""
        is_new = time.monotonic() - self.read_at < CACHE_SECONDS
        is_good = self.granted is not None and self.granted.renew_at > timezone.now()
        return self.granted if is_new and is_good else None

    def usable_during_renewal(self) -> GrantedToken | None:
        """Return the token that is still good, while another thread asks for the next."""
        granted = self.granted
        return granted if self.lock.locked() and granted and granted.is_usable else None


_cache: dict[tuple[int, str, str, int | None, str], _CachedToken] = {}
_cache_lock = threading.Lock()


def token_for(
    registration: Registration, scopes: str, ask: Ask, *, deployment: Deployment | None = None
) -> str:
    """Return a token for these scopes (names with spaces between); only one caller asks for it.

    Raise ServiceError as ``ask`` does, also if it has failed within the last second for another
    thread, and BUSY if another process does not get a token in time.
    """
    cached = _cached(registration, scopes, deployment)
    if granted := cached.fresh() or cached.usable_during_renewal():
        return granted.token
    with cached.lock:
        if granted := cached.fresh():
            return granted.token
        if cached.failure and time.monotonic() - cached.failed_at < FAILURE_SECONDS:
            raise cached.failure
        try:
            cached.granted = _shared_token(registration, scopes, ask, deployment)
            cached.read_at = time.monotonic()
        except ServiceError as error:
            cached.failure, cached.failed_at = error, time.monotonic()
            raise
        cached.failure = None
        return cached.granted.token


def save_token(
    registration: Registration,
    scopes: str,
    granted: GrantedToken,
    *,
    deployment: Deployment | None = None,
) -> None:
    """Save this token as the one that is used from now on."""
    AccessToken.objects.update_or_create(
        registration=registration,
        deployment=deployment,
        scopes=scopes,
        defaults={
            "token": granted.token,
            "renew_at": granted.renew_at,
            "expires_at": granted.expires_at,
            "renewed_until": None,
        },
    )


def delete_token(
    registration: Registration, scopes: str, token: str, *, deployment: Deployment | None = None
) -> None:
    """Delete a token that the platform no longer accepts; one that took its place stays."""
    cached = _cached(registration, scopes, deployment)
    if cached.granted and cached.granted.token == token:
        cached.granted = None
    AccessToken.objects.filter(
        registration=registration, deployment=deployment, scopes=scopes, token=token
    ).delete()


def _cached(
    registration: Registration, scopes: str, deployment: Deployment | None = None
) -> _CachedToken:
    # With these columns in the key, a changed registration does not use its old token.
    key = (
        registration.pk,
        registration.client_id,
        registration.auth_token_url,
        deployment.pk if deployment else None,
        scopes,
    )
    with _cache_lock:
        return _cache.setdefault(key, _CachedToken())


def _shared_token(
    registration: Registration, scopes: str, ask: Ask, deployment: Deployment | None
) -> GrantedToken:
    """Return the token that all processes use, from its row or, if it is too old, from ``ask``.

    Raise ServiceError as ``token_for`` does.
    """
    end = time.monotonic() + MAX_RENEWAL_TIME.total_seconds()
    while True:
        now = timezone.now()
        row, _ = AccessToken.objects.get_or_create(
            registration=registration,
            deployment=deployment,
            scopes=scopes,
            defaults={"expires_at": now},
        )
        stored = GrantedToken(row.token, row.renew_at, row.expires_at) if row.token else None
        if stored and stored.renew_at > now:
            return stored
        usable = stored if stored and stored.is_usable else None
        if _claim_renewal(row, now):
            return _renew(row, registration, ask, usable, deployment)
        if usable:
            return usable
        if time.monotonic() > end:
            raise ServiceError(DeliveryProblem.BUSY, "waiting for an access token", permanent=False)
        time.sleep(POLL_SECONDS)


def _claim_renewal(row: AccessToken, now: datetime) -> bool:
    """Return whether this caller is to ask for the next token: one does, over all processes."""
    nobody = Q(renewed_until__isnull=True) | Q(renewed_until__lt=now)
    same = AccessToken.objects.filter(nobody, pk=row.pk, token=row.token)
    return bool(same.update(renewed_until=now + MAX_RENEWAL_TIME))


def _renew(
    row: AccessToken,
    registration: Registration,
    ask: Ask,
    usable: GrantedToken | None,
    deployment: Deployment | None,
) -> GrantedToken:
    """Return a new token, or the one that is still ``usable`` if no new one can be had."""
    try:
        granted = ask()
    except ServiceError as error:
        again = timezone.now() + RENEWAL_PAUSE if usable else None
        AccessToken.objects.filter(pk=row.pk).update(renewed_until=again)
        if usable is None:
            raise
        logger.warning(
            "a token could not be renewed yet: registration=%s %s", registration.pk, error
        )
        return usable
    save_token(registration, row.scopes, granted, deployment=deployment)
    return granted
