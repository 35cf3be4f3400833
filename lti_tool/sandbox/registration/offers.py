"""Registration tokens: what an administrator hands a tool, for one registration within an hour."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.sandbox.models import Person, RegistrationOffer, Temper, ToolClient

VALID: Final = timedelta(hours=1)


def begin(administrator: Person, temper: Temper, withheld: Iterable[str] = ()) -> str:
    """A new token; it cannot be read back from the database."""
    token = secrets.token_urlsafe(32)
    RegistrationOffer.objects.create(
        digest=_digest(token),
        administrator=administrator,
        temper=temper,
        withheld=list(withheld),
        expires_at=timezone.now() + VALID,
    )
    return token


def find(token: str, temper: Temper) -> RegistrationOffer | None:
    """The offer that a token opens on this platform, unless it was used or is too old."""
    return _open(temper).filter(digest=_digest(token)).first()


def take(offer: RegistrationOffer, tool: ToolClient) -> bool:
    """Use the offer up for this tool; False where someone else just did."""
    unused = _open(Temper(offer.temper)).filter(pk=offer.pk)
    return bool(unused.update(used_at=timezone.now(), tool=tool))


def _open(temper: Temper) -> QuerySet[RegistrationOffer]:
    offers = RegistrationOffer.objects.select_related("administrator")
    return offers.filter(temper=temper, used_at=None, expires_at__gt=timezone.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
