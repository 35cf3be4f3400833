"""The steps of a dynamic registration, from the platform's offer to the stored row.

Nothing is stored between the two requests of the administrator's browser, which may not keep
our cookies inside the LMS's page: the form carries the offer, signed. Source: LTI Dynamic
Registration 1.0.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lti_tool.audit import TOOL
from lti_tool.models import Invitation, NewDeployments, Registration, StoredLaunch
from lti_tool.platforms import invitations
from lti_tool.platforms.dynamic.agreement import CLOUDS
from lti_tool.platforms.dynamic.configuration import PlatformConfiguration, read_configuration
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.platforms.dynamic.exchange import (
    check_addresses,
    fetch_configuration,
    post_registration,
)
from lti_tool.platforms.dynamic.fields import is_plain_address
from lti_tool.platforms.dynamic.request import Tool, registration_request
from lti_tool.platforms.dynamic.response import GrantedRegistration, read_response
from lti_tool.platforms.origins import platform_origins
from lti_tool.platforms.products import product_of
from lti_tool.platforms.registrations import (
    AlreadyRegistered,
    PlatformDetails,
    RegistrationInvalid,
    register,
)
from lti_tool.services.addresses import is_same_origin, origin_of

logger = logging.getLogger(__name__)

MAX_REGISTRATIONS = 20  # registrations of one platform that its administrator chooses from
MAX_AGE = 3600  # seconds: as long as registration tokens live
IN_USE = timedelta(days=90)  # longer than the summer holidays
_SALT = "lti_tool.platforms.dynamic.flow"


@dataclass(frozen=True, slots=True)
class Offer:
    """A platform that offers to register us.

    ``token`` is its registration token, ``invitation`` the primary key of our row or None.
    ``is_vouched`` says that the holder of the invitation has seen the platform's hosts and says
    that they belong together.
    """

    platform: PlatformConfiguration
    token: str
    invitation: int | None
    is_vouched: bool = False

    @property
    def unproven_origins(self) -> tuple[str, ...]:
        """Return the origins for which somebody has to vouch before the platform is asked."""
        return () if self.is_vouched else self.platform.unproven_origins


def read_offer(address: str, token: str, invitation: str) -> Offer:
    """Return the offer of the platform whose configuration is at ``address``.

    No host is called without a valid invitation, unless registration is open. Raise
    RegistrationError if the platform must not or cannot be registered.
    """
    row = _require_invitation(token=invitation)
    if not address:
        raise RegistrationError(RegistrationProblem.INCOMPLETE, "no openid_configuration")
    platform = read_configuration(fetch_configuration(address, token), address)
    check_addresses(platform)
    if row is None and platform.unproven_origins:
        raise RegistrationError(RegistrationProblem.DISAGREES, ", ".join(platform.unproven_origins))
    return Offer(platform, token, row.pk if row else None)


def vouch(offer: Offer) -> Offer:
    """Return the offer of a platform with hosts for which the holder of the invitation vouches.

    Raise RegistrationError (INVITATION_INVALID) without an invitation, as nobody vouches then.
    """
    invitation = _require_invitation(pk=offer.invitation)
    if invitation is None:
        raise RegistrationError(RegistrationProblem.INVITATION_INVALID)
    logger.warning(
        "registration: hosts are vouched for: invitation=%s address=%s hosts=%s",
        invitation.pk,
        origin_of(offer.platform.address),
        ", ".join(offer.platform.unproven_origins),
    )
    return replace(offer, is_vouched=True)


def sign_offer(offer: Offer) -> str:
    """Return the offer as signed text for a form. It is not encrypted."""
    data = [asdict(offer.platform), offer.token, offer.invitation, offer.is_vouched]
    return signing.dumps(data, salt=_SALT, compress=True)


def read_signed_offer(text: str) -> Offer:
    """Return the offer in a text that ``sign_offer`` wrote.

    Raise RegistrationError (EXPIRED) if it is not ours or older than MAX_AGE.
    """
    try:
        platform, *others = signing.loads(text, salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise RegistrationError(RegistrationProblem.EXPIRED) from error
    return Offer(PlatformConfiguration.from_json(platform), *others)


def usual_name(offer: Offer) -> str:
    """Return the name to propose: the LMS's own, or the invitation's note, or product and host."""
    platform = offer.platform
    if platform.account:
        return platform.account
    invitation = Invitation.objects.filter(pk=offer.invitation or 0).first()
    if invitation and (note := invitation.note.strip()):
        return note
    product = product_of(platform.product).name or platform.product.capitalize() or "LMS"
    return f"{product} ({urlsplit(platform.registration_endpoint).netloc})"


def existing_registrations(offer: Offer) -> list[Registration]:
    """Return registrations of the same platform, which the new one may replace.

    Empty without an invitation, because only an invitation may change a registration. All
    schools in a cloud have one issuer: there the school's own host tells them apart, and the
    list is empty if the registration endpoint is at a host that they share.
    """
    platform = offer.platform
    if offer.invitation is None:
        return []
    rows = Registration.objects.filter(issuer=platform.issuer).order_by("pk")
    cloud = CLOUDS.get(platform.issuer)
    if cloud is None:
        return list(rows[:MAX_REGISTRATIONS])
    if urlsplit(platform.registration_endpoint).hostname in cloud.hosts:
        return []
    home = origin_of(platform.registration_endpoint)
    return [row for row in rows if home in platform_origins(row)][:MAX_REGISTRATIONS]


def are_in_use(rows: Iterable[Registration]) -> bool:
    """Return whether anybody launched from one of these within IN_USE."""
    since = timezone.now() - IN_USE
    return StoredLaunch.objects.filter(registration__in=rows, created_at__gte=since).exists()


def complete(
    offer: Offer, name: str, replaces: Registration | None
) -> tuple[Registration, GrantedRegistration]:
    """Ask the platform to register us; return the stored registration and what it grants.

    Raise RegistrationError if the platform or the invitation does not allow it; then
    nothing is stored and no invitation used up.
    """
    invitation = _require_invitation(pk=offer.invitation)
    platform = offer.platform
    if offer.unproven_origins:
        raise RegistrationError(RegistrationProblem.DISAGREES, "nobody has vouched")
    request = registration_request(tool_configuration(), platform)
    granted = read_response(
        post_registration(platform.registration_endpoint, offer.token, request), platform
    )
    _require_own_client(offer, granted.client_id)
    details = _details(offer, granted, name, invitation)
    try:
        if invitation is not None:
            return invitations.register_by(invitation, details, replaces), granted
        return register(details, replaces, is_authorised=False, by=TOOL)[0], granted
    except invitations.InvitationUsed as error:
        raise RegistrationError(RegistrationProblem.INVITATION_INVALID, "used meanwhile") from error
    except AlreadyRegistered as error:
        raise RegistrationError(RegistrationProblem.KNOWN) from error
    except RegistrationInvalid as error:
        raise RegistrationError(RegistrationProblem.ANSWER_UNREADABLE, str(error)) from error


def tool_configuration() -> Tool:
    """Return the description of the tool that platforms are sent."""
    return Tool(
        url=settings.PUBLIC_URL,
        login_url=settings.PUBLIC_URL + reverse("lti-login"),
        launch_url=settings.PUBLIC_URL + reverse("lti-launch"),
        jwks_url=settings.PUBLIC_URL + reverse("lti-jwks"),
        icon=settings.PUBLIC_URL + static(settings.LTI_ICON),
        title=_("Worksheets"),
        description=_("Worksheets with gaps and questions. Marks go to the gradebook."),
    )


def _require_invitation(*, token: str = "", pk: int | None = None) -> Invitation | None:
    """Return the named invitation; None if none is named, and registration is open without one.

    Raise RegistrationError: CLOSED if one is needed, INVITATION_INVALID if the named one cannot
    be used any more. Between the two requests of a registration it may be used or withdrawn.
    """
    if not token and pk is None:
        if not settings.LTI_OPEN_REGISTRATION:
            raise RegistrationError(RegistrationProblem.CLOSED)
        return None
    row = invitations.find(token) if pk is None else invitations.usable().filter(pk=pk).first()
    if row is None:
        raise RegistrationError(RegistrationProblem.INVITATION_INVALID)
    return row


def _require_own_client(offer: Offer, client_id: str) -> None:
    """Raise RegistrationError (ANSWER_UNREADABLE) for another platform's client.

    Schools of one cloud get tokens at one host. A platform that names the client id of another
    school would be sent a token that is good for that school's services. A host that somebody has
    vouched for may be the other school's under another name.
    """
    platform = offer.platform
    ours = [platform.token_endpoint, platform.audience]
    others = Registration.objects.filter(client_id=client_id).exclude(issuer=platform.issuer)
    for row in others:
        pairs = itertools.product(ours, [row.auth_token_url, row.auth_audience])
        if offer.is_vouched or any(
            is_plain_address(one) and is_plain_address(other) and is_same_origin(one, other)
            for one, other in pairs
        ):
            raise RegistrationError(
                RegistrationProblem.ANSWER_UNREADABLE, "client_id is that of another registration"
            )


def _details(
    offer: Offer, granted: GrantedRegistration, name: str, invitation: Invitation | None
) -> PlatformDetails:
    platform = offer.platform
    # In a cloud the platform's pages have other origins than its services.
    pages = {origin_of(platform.address), origin_of(platform.registration_endpoint)} - {""}
    return PlatformDetails(
        name=name,
        issuer=platform.issuer,
        client_id=granted.client_id,
        deployment_id=granted.deployment_id,
        auth_login_url=platform.authorization_endpoint,
        auth_token_url=platform.token_endpoint,
        jwks_url=platform.jwks_uri,
        auth_audience=platform.audience,
        product=platform.product,
        scopes=list(granted.scopes),
        frame_ancestors=sorted(pages),
        new_deployments=_new_deployments(platform, granted, invitation),
    )


def _new_deployments(
    platform: PlatformConfiguration, granted: GrantedRegistration, invitation: Invitation | None
) -> NewDeployments:
    """Return what to do with deployments first seen in a launch.

    One that the platform tells need not be the only one: in Canvas a key is installed in several
    accounts and courses. Without an invitation no operator knows the platform, so they wait for
    approval.
    """
    if granted.deployment_id and product_of(platform.product).has_one_deployment:
        return NewDeployments.REFUSE
    return NewDeployments(invitation.new_deployments) if invitation else NewDeployments.WAIT
