"""Registering a platform; every way of doing it goes through here."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from lti_tool.hosts import AddressRefused, check_address
from lti_tool.models import Deployment, Registration

NAME_LENGTH = 200
ID_LENGTH = 255


class RegistrationInvalid(Exception):
    """Something about the platform cannot be right. One sentence says what."""


@dataclass(frozen=True, slots=True)
class PlatformDetails:
    """What a platform says of itself (LTI Core 1.3 section 3.1.3)."""

    name: str
    issuer: str
    client_id: str
    deployment_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str


def register(details: PlatformDetails) -> tuple[Registration, bool]:
    """Add a platform, or bring it up to date; never doubles one.

    Gives the registration and whether it is new. Raises RegistrationInvalid.
    """
    _check(details)
    with transaction.atomic():
        registration, made = Registration.objects.update_or_create(
            issuer=details.issuer,
            client_id=details.client_id,
            defaults={
                "name": details.name,
                "auth_login_url": details.auth_login_url,
                "auth_token_url": details.auth_token_url,
                "jwks_url": details.jwks_url,
                "is_active": True,
            },
        )
        Deployment.objects.get_or_create(
            registration=registration, deployment_id=details.deployment_id
        )
    return registration, made


def _check(details: PlatformDetails) -> None:
    for field in ("name", "issuer", "client_id", "deployment_id"):
        value = getattr(details, field)
        longest = NAME_LENGTH if field == "name" else ID_LENGTH
        if not value.strip() or not value.isprintable() or len(value) > longest:
            raise RegistrationInvalid(f"The {field.replace('_', ' ')} is empty, too long or odd.")
    for field in ("auth_login_url", "auth_token_url", "jwks_url"):
        value = getattr(details, field)
        if len(value) > 1000:
            raise RegistrationInvalid(f"The {field.replace('_', ' ')} is too long.")
        try:
            check_address(value, allow_private=settings.LTI_ALLOW_PRIVATE_HOSTS)
        except AddressRefused as problem:
            raise RegistrationInvalid(str(problem)) from problem
