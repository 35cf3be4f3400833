"""Registration tokens, which an administrator hands a tool to register once within an hour."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.sandbox.models import Flavour, Person, RegistrationOffer, ToolClient

VALID: Final = timedelta(hours=1)


def begin(administrator: Person, flavour: Flavour, withheld: Iterable[str] = ()) -> str:
    """Return a new token, of which only a digest is stored."""
    token = secrets.token_urlsafe(32)
    RegistrationOffer.objects.create(
        digest=_digest(token),
        administrator=administrator,
        flavour=flavour,
        withheld=list(withheld),
        expires_at=timezone.now() + VALID,
    )
    return token


def find(token: str, flavour: Flavour) -> RegistrationOffer | None:
    """Return this platform's offer with that token, or None if it is unknown, used or expired."""
    return _open(flavour).filter(digest=_digest(token)).first()


def take(offer: RegistrationOffer, tool: ToolClient) -> bool:
    """Use up the offer for this tool. Return False if it was used in the meantime."""
    unused = _open(Flavour(offer.flavour)).filter(pk=offer.pk)
    return bool(unused.update(used_at=timezone.now(), tool=tool))


def _open(flavour: Flavour) -> QuerySet[RegistrationOffer]:
    offers = RegistrationOffer.objects.select_related("administrator")
    return offers.filter(flavour=flavour, used_at=None, expires_at__gt=timezone.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
