"""Access tokens for client assertions: opaque, limited to scopes, stored as a digest.

IMS Security Framework 1.0, section 4.1; RFC 6749, sections 4.4 and 5.2; RFC 7523.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE
from lti_tool.sandbox.models import AccessToken, ToolClient, UsedAssertion
from lti_tool.sandbox.platform import assertion, keys, terms
from lti_tool.sandbox.platform.platforms import platform
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import BadSignatureError, unverified_claims, verified_claims
from lti_tool.sandbox.platform.tool_keys import NoKeyError

MAX_ASSERTION_LENGTH = 10_000


class TokenRefusedError(Exception):
    """The refusal of a token, with an OAuth error code and a description for developers."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def grant(form: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return a new token and its scopes. Raise TokenRefusedError if the form is not valid."""
    signed = _signed_assertion(form)
    tool = authenticate(signed)
    asked = dict.fromkeys(form["scope"].split())
    scopes = [scope for scope in asked if scope in tool.scopes]
    if not scopes:
        raise TokenRefusedError("invalid_scope", "none of these scopes is granted to this tool")
    return issue(tool, scopes), scopes


def _signed_assertion(form: Mapping[str, str]) -> str:
    for name in ("grant_type", "client_assertion_type", "client_assertion", "scope"):
        if not form.get(name):
            raise TokenRefusedError("invalid_request", f"{name} is missing")
    if form["grant_type"] != "client_credentials":
        raise TokenRefusedError("unsupported_grant_type", "grant_type must be client_credentials")
    if form["client_assertion_type"] != CLIENT_ASSERTION_TYPE:
        raise TokenRefusedError("invalid_request", "client_assertion_type is not jwt-bearer")
    if len(form["client_assertion"]) > MAX_ASSERTION_LENGTH:
        raise TokenRefusedError("invalid_request", "client_assertion is too long")
    return form["client_assertion"]


def authenticate(signed: str) -> ToolClient:
    """Return the tool that signed this assertion, and use the assertion up.

    Raise TokenRefusedError if it is not valid or was used before.
    """
    try:
        tool = _named_client(signed)
        own = platform(tool.flavour)
        claims = verified_claims(signed, tool)
        checked = assertion.check(claims, tool.client_id, (own.token_url, own.issuer), keys.now())
    except (NoKeyError, BadSignatureError, BadClaimError) as error:
        raise TokenRefusedError("invalid_client", str(error)) from error
    _use_up(tool, checked)
    return tool


def _named_client(signed: str) -> ToolClient:
    """Return the tool in the assertion's `sub`, which is not verified yet."""
    client_id = str(unverified_claims(signed).get("sub"))
    tool = ToolClient.objects.filter(client_id=client_id).first()
    if tool is None:
        raise BadClaimError("no such client is registered")
    return tool


def _use_up(tool: ToolClient, checked: assertion.Assertion) -> None:
    expires = datetime.fromtimestamp(checked.expires, UTC)
    UsedAssertion.objects.filter(expires_at__lt=timezone.now() - timedelta(minutes=5)).delete()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(
                tool=tool, jti_digest=digest(checked.jti), expires_at=expires
            )
    except IntegrityError as error:
        raise TokenRefusedError("invalid_client", "this assertion was used before") from error


def issue(tool: ToolClient, scopes: list[str], seconds: int = terms.ACCESS_TOKEN_SECONDS) -> str:
    """Return a new token, of which only a digest is stored."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    AccessToken.objects.create(
        digest=digest(token),
        tool=tool,
        scopes=scopes,
        issued_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    return token


def find(token: str) -> AccessToken | None:
    """Return the row of an issued token, or None if it is unknown or has expired."""
    return (
        AccessToken.objects.select_related("tool")
        .filter(digest=digest(token), expires_at__gt=timezone.now())
        .first()
    )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
