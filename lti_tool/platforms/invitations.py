"""Invitations, links that each let an administrator register one platform."""

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

from lti_tool.audit import TOOL, Actor, AuditKind, record
from lti_tool.models import Invitation, NewDeployments, Registration
from lti_tool.platforms.registrations import PlatformDetails, check, store

DAYS = 7
MAX_DAYS = 90


class InvitationUsed(Exception):
    """The error that an invitation was used or has expired in the meantime."""


def invite(
    note: str = "",
    *,
    days: int = DAYS,
    new_deployments: NewDeployments = NewDeployments.ACCEPT,
    by: Actor,
) -> tuple[Invitation, str]:
    """Return a new invitation and its link, of which only a hash is stored."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            note=note,
            new_deployments=new_deployments,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record(AuditKind.INVITATION, by, subject=_subject(invitation), after=_recorded(invitation))
    query = urlencode({"invitation": token})
    return invitation, f"{settings.PUBLIC_URL}{reverse('lti-register')}?{query}"


def withdraw(invitation: Invitation, *, by: Actor) -> None:
    """Delete an invitation, used or not. A registration that was made by it stays."""
    with transaction.atomic():
        record(AuditKind.INVITATION, by, subject=_subject(invitation), before=_recorded(invitation))
        invitation.delete()


def _subject(invitation: Invitation) -> str:
    return f"invitation-{invitation.pk}"


def _recorded(invitation: Invitation) -> dict[str, object]:
    """Return what is recorded of an invitation; its note may name somebody."""
    return {
        "new_deployments": invitation.new_deployments,
        "expires_at": invitation.expires_at,
        "used_at": invitation.used_at,
    }


def usable() -> QuerySet[Invitation]:
    """Return the invitations that have been neither used nor ended by their time."""
    return Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())


def find(token: str) -> Invitation | None:
    """Return the invitation with this token, or None if it cannot be used any more."""
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    return usable().filter(token_hash=token_hash).first()


def register_by(
    invitation: Invitation, details: PlatformDetails, replaces: Registration | None
) -> Registration:
    """Register a platform and use up the invitation, in one transaction.

    Raise InvitationUsed if the invitation cannot be used any more, as for the second of two
    registrations at once, and RegistrationInvalid if the details cannot be right.
    """
    check(details)
    with transaction.atomic():
        if not usable().filter(pk=invitation.pk).update(used_at=timezone.now()):
            raise InvitationUsed
        registration, _made = store(
            details, replaces, is_authorised=True, by=TOOL, invitation=invitation.pk
        )
        Invitation.objects.filter(pk=invitation.pk).update(registration=registration)
    return registration
