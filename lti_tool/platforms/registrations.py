"""The registration of a platform, as the admin, commands and dynamic registration use it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lti_tool.audit import Actor, AuditKind, record
from lti_tool.models import Deployment, NewDeployments, Registration
from lti_tool.protocol.values import ID_LENGTH
from lti_tool.services.addresses import AddressRefused, check_address, origin_of

NAME_LENGTH = 200
URL_LENGTH = 1000


class RegistrationInvalid(Exception):
    """The error of details that cannot be right. Its text is one sentence saying what."""


class AlreadyRegistered(Exception):
    """The refusal of a request without an operator's consent to change a registration."""


@dataclass(frozen=True, slots=True)
class PlatformDetails:
    """The details of a platform (LTI Core 1.3 section 3.1.3).

    ``deployment_id`` may be '' only if new deployments are accepted from launches. A field
    that is None was not given: it keeps its value or the model's default.
    """

    name: str
    issuer: str
    client_id: str
    deployment_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    auth_audience: str | None = None
    product: str | None = None
    scopes: list[str] | None = None
    frame_ancestors: list[str] | None = None
    new_deployments: NewDeployments | None = None
    takes_institution_roles: bool | None = None


_REQUIRED = ("name", "issuer", "client_id")
_ADDRESSES = ("auth_login_url", "auth_token_url", "jwks_url")


def register(
    details: PlatformDetails,
    replaces: Registration | None = None,
    *,
    is_authorised: bool,
    by: Actor,
) -> tuple[Registration, bool]:
    """Add a platform, or update the registration with the same issuer and client id.

    ``replaces`` is a registration of the same platform that gets the new client id, unless
    that client has a row of its own. ``is_authorised`` says that an operator wants it: only then
    is an existing registration changed, and switched on again if it was off. ``by`` is who does
    it, the tool for a platform that registers itself.

    Return the registration and whether it is new. Raise RegistrationInvalid if the details
    cannot be right, AlreadyRegistered if the registration exists and no operator wants the change.
    """
    check(details)
    return store(details, replaces, is_authorised=is_authorised, by=by)


def store(
    details: PlatformDetails,
    replaces: Registration | None = None,
    *,
    is_authorised: bool,
    by: Actor,
    invitation: int | None = None,
) -> tuple[Registration, bool]:
    """Store details that were checked, as ``register`` does.

    It is for a caller with a transaction of its own: checking asks the name service, which
    must not happen in a transaction that others wait for. ``invitation`` is the primary key of the
    one that is used up by it, which is recorded.
    """
    with transaction.atomic():
        former = _recorded_values(details, replaces if is_authorised else None)
        if replaces is not None and is_authorised:
            _rename(replaces, details)
        given = _given_fields(details)
        registration, made = Registration.objects.update_or_create(
            issuer=details.issuer,
            client_id=details.client_id,
            defaults={**given, "is_active": True} if is_authorised else {},
            create_defaults=given,
        )
        if not made and not is_authorised:
            raise AlreadyRegistered
        is_approved_now = bool(details.deployment_id) and _approve(registration, details)
        # A stored token was issued to the old client id, with the old scopes.
        registration.access_tokens.all().delete()
        now = {**given, "is_active": registration.is_active}
        after = {name: value for name, value in now.items() if former.get(name) != value}
        if is_approved_now:
            after["deployment"] = details.deployment_id
        if invitation is not None:
            after["invitation"] = invitation
        if after:
            before = {name: former[name] for name in after if name in former}
            record(AuditKind.PLATFORM, by, registration=registration, before=before, after=after)
    return registration, made


def _approve(registration: Registration, details: PlatformDetails) -> bool:
    """Let the deployment launch, and return whether it might not before."""
    approved = registration.deployments.filter(
        deployment_id=details.deployment_id, is_approved=True
    )
    if approved.exists():
        return False
    Deployment.objects.update_or_create(
        registration=registration,
        deployment_id=details.deployment_id,
        defaults={"is_approved": True},
    )
    return True


def check(details: PlatformDetails) -> None:
    """Raise RegistrationInvalid if ``register`` would not accept the details.

    A blank around an id is an error of copying, because no LMS would send it.
    """
    for field in _REQUIRED:
        _check_text(field, getattr(details, field))
    learns = details.new_deployments in {NewDeployments.WAIT, NewDeployments.ACCEPT}
    if details.deployment_id or not learns:
        _check_text("deployment_id", details.deployment_id)
    for field in _ADDRESSES:
        _check_address(field, getattr(details, field))
    if details.auth_audience and len(details.auth_audience) > URL_LENGTH:
        raise RegistrationInvalid(_("The auth audience is too long."))
    for origin in details.frame_ancestors or []:
        if not origin or origin_of(origin) != origin:
            raise RegistrationInvalid(
                _(
                    "“%(origin)s” is not an origin. An origin looks like this:"
                    " https://lms.example.org"
                )
                % {"origin": origin[:100]}
            )


def _recorded_values(details: PlatformDetails, replaces: Registration | None) -> dict[str, object]:
    """Return the values of the registration that is about to change, {} for a new one."""
    rows = Registration.objects.filter(issuer=details.issuer, client_id=details.client_id)
    row = rows.first() or replaces
    if row is None:
        return {}
    return {name: getattr(row, name) for name in (*_given_fields(details), "is_active")}


def _rename(replaced: Registration, details: PlatformDetails) -> None:
    """Give a registration, and all that refers to it, another client id."""
    key = {"issuer": details.issuer, "client_id": details.client_id}
    if not Registration.objects.filter(**key).exists():
        Registration.objects.filter(pk=replaced.pk).update(**key)


def _given_fields(details: PlatformDetails) -> dict[str, object]:
    """Return the columns of a registration for which the details have a value."""
    values = {field.name: getattr(details, field.name) for field in fields(details)}
    del values["deployment_id"]
    return {name: value for name, value in values.items() if value is not None}


def _check_text(field: str, value: str) -> None:
    """Raise RegistrationInvalid unless the text is short, printable and without blanks around."""
    max_length = NAME_LENGTH if field == "name" else ID_LENGTH
    if not value or value != value.strip() or not value.isprintable() or len(value) > max_length:
        label = field.replace("_", " ")
        raise RegistrationInvalid(
            _("The %(field)s is empty, too long or has characters that are not allowed.")
            % {"field": label}
        )


def _check_address(field: str, value: str) -> None:
    """Raise RegistrationInvalid unless the tool may call the address."""
    if len(value) > URL_LENGTH:
        label = field.replace("_", " ")
        raise RegistrationInvalid(_("The %(field)s is too long.") % {"field": label})
    try:
        check_address(value, allow_private=settings.LTI_ALLOW_PRIVATE_HOSTS)
    except AddressRefused as error:
        raise RegistrationInvalid(str(error)) from error
