"""Access tokens for client assertions: opaque, limited to scopes, stored as a digest.

IMS Security Framework 1.0, section 4.1; RFC 6749, sections 4.4 and 5.2; RFC 7523.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE
from lti_tool.sandbox.models import AccessToken, ToolClient, UsedAssertion
from lti_tool.sandbox.platform import assertion
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import BadSignatureError, unverified_claims, verified_claims
from lti_tool.sandbox.platform.tool_keys import NoKeyError

ACCESS_TOKEN_SECONDS = 3600
MAX_ASSERTION_LENGTH = 10_000


class TokenRefusedError(Exception):
    """The refusal of a token, with an OAuth error code and a description for developers."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def grant(form: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return a new token and its scopes. Raise TokenRefusedError if the form is not valid."""
    for name in ("grant_type", "client_assertion_type", "client_assertion", "scope"):
        if not form.get(name):
            raise TokenRefusedError("invalid_request", f"{name} is missing")
    if form["grant_type"] != "client_credentials":
        raise TokenRefusedError("unsupported_grant_type", "grant_type must be client_credentials")
    if form["client_assertion_type"] != CLIENT_ASSERTION_TYPE:
        raise TokenRefusedError("invalid_request", "client_assertion_type is not jwt-bearer")
    if len(form["client_assertion"]) > MAX_ASSERTION_LENGTH:
        raise TokenRefusedError("invalid_request", "client_assertion is too long")
    tool = authenticate(form["client_assertion"])
    requested = dict.fromkeys(form["scope"].split())
    scopes = [scope for scope in requested if scope in tool.scopes]
    if not scopes:
        raise TokenRefusedError("invalid_scope", "none of these scopes is granted to this tool")
    return issue(tool, scopes), scopes


def authenticate(client_assertion: str) -> ToolClient:
    """Return the tool that signed this assertion, and use the assertion up.

    Raise TokenRefusedError if it is not valid or was used before.
    """
    try:
        client_id = str(unverified_claims(client_assertion).get("sub"))
        tool = ToolClient.objects.get(client_id=client_id)
        platform = get_platform(tool.flavour)
        claims = verified_claims(client_assertion, tool)
        audiences = (platform.token_url, platform.issuer)
        checked = assertion.check(claims, tool.client_id, audiences, int(time.time()))
    except ToolClient.DoesNotExist as error:
        raise TokenRefusedError("invalid_client", "no such client is registered") from error
    except (NoKeyError, BadSignatureError, BadClaimError) as error:
        raise TokenRefusedError("invalid_client", str(error)) from error
    now, expires = timezone.now(), datetime.fromtimestamp(checked.expires, UTC)
    UsedAssertion.objects.filter(expires_at__lt=now - timedelta(minutes=5)).delete()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(
                tool=tool, jti_digest=digest(checked.jti), expires_at=expires
            )
    except IntegrityError as error:
        raise TokenRefusedError("invalid_client", "this assertion was used before") from error
    return tool


def issue(tool: ToolClient, scopes: list[str]) -> str:
    """Return a new token, of which only a digest is stored."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    AccessToken.objects.create(
        digest=digest(token),
        tool=tool,
        scopes=scopes,
        issued_at=now,
        expires_at=now + timedelta(seconds=ACCESS_TOKEN_SECONDS),
    )
    return token


def bearer_token(request: HttpRequest) -> str:
    """Return the token of the Authorization header (RFC 6750, 2.1), '' without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def find(token: str) -> AccessToken | None:
    """Return the row of an issued token, or None if it is unknown or has expired."""
    return (
        AccessToken.objects.select_related("tool")
        .filter(digest=digest(token), expires_at__gt=timezone.now())
        .first()
    )


def digest(token: str) -> str:
    """Return the SHA-256 digest under which a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
