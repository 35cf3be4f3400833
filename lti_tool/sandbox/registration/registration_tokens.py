"""Registration tokens, which an administrator hands a tool to register once within an hour."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.sandbox.models import Flavour, Person, RegistrationToken, ToolClient
from lti_tool.sandbox.platform.tokens import digest

LIFETIME: Final = timedelta(hours=1)


def issue(administrator: Person, flavour: Flavour, withheld: Iterable[str] = ()) -> str:
    """Return a new token, of which only a digest is stored."""
    token = secrets.token_urlsafe(32)
    RegistrationToken.objects.create(
        digest=digest(token),
        administrator=administrator,
        flavour=flavour,
        withheld=list(withheld),
        expires_at=timezone.now() + LIFETIME,
    )
    return token


def find(token: str, flavour: str) -> RegistrationToken | None:
    """Return this platform's token, or None if it is unknown, used or expired."""
    return _unused(flavour).filter(digest=digest(token)).first()


def redeem(token: RegistrationToken, tool: ToolClient) -> bool:
    """Use up the token for this tool. Return False if it was used in the meantime."""
    unused = _unused(token.flavour).filter(pk=token.pk)
    return bool(unused.update(used_at=timezone.now(), tool=tool))


def _unused(flavour: str) -> QuerySet[RegistrationToken]:
    return RegistrationToken.objects.filter(
        flavour=flavour, used_at=None, expires_at__gt=timezone.now()
    )
