"""Invitations: a link that lets one administrator register one platform."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from lti_tool.models import Invitation, NewDeployments, Registration
from lti_tool.platforms.registrations import PlatformDetails, check, store

DAYS = 7
MOST_DAYS = 90


class InvitationUsed(Exception):
    """Somebody registered with it a moment ago, or it has expired meanwhile."""


def invite(
    note: str = "",
    *,
    days: int = DAYS,
    new_deployments: NewDeployments = NewDeployments.ACCEPT,
) -> tuple[Invitation, str]:
    """A new invitation, and its link: the only time that the link is known."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        token_hash=_hash(token),
        note=note,
        new_deployments=new_deployments,
        expires_at=timezone.now() + timedelta(days=days),
    )
    query = urlencode({"invitation": token})
    return invitation, f"{settings.PUBLIC_URL}{reverse('lti-register')}?{query}"


def find(token: str) -> Invitation | None:
    """The invitation of this link, if it can still be used."""
    return _open().filter(token_hash=_hash(token)).first()


def still_open(number: int) -> Invitation | None:
    """The invitation of this row, if it can still be used."""
    return _open().filter(pk=number).first()


def register_by(
    invitation: Invitation, details: PlatformDetails, replaces: Registration | None
) -> Registration:
    """Register, and use the invitation up: both, or neither.

    Of two at once the second finds no unused row. Raises InvitationUsed and
    RegistrationInvalid.
    """
    check(details)
    with transaction.atomic():
        if not _open().filter(pk=invitation.pk).update(used_at=timezone.now()):
            raise InvitationUsed
        registration, _made = store(details, replaces, vouched=True)
        Invitation.objects.filter(pk=invitation.pk).update(registration=registration)
    return registration


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
