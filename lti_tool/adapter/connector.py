"""Calls to a platform's services in the tool's own name.

Closes: no time-outs, a token asked for per object and kept beyond its end, no second try with a
fresh token, answers that are no JSON, lower-cased ``Link`` addresses.
"""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import jwt
import requests
from django.utils import timezone
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.service_connector import ServiceConnector

from lti_tool.adapter import tokens
from lti_tool.adapter.tokens import GrantedToken
from lti_tool.models import Deployment, Registration
from lti_tool.platforms.tool_keys import signing_key
from lti_tool.protocol.values import printable_ascii
from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE, Claim
from lti_tool.services import http
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable
from lti_tool.services.verdicts import http_date, retry_after

DEFAULT_LIFETIME = 3600
# In seconds. A smaller difference than the first may be the time that the answer took.
SAME_TIME, OTHER_DAY = 2.0, 24 * 3600.0
# All calls go through ``lti_tool.services.http``; the library would make one for each score.
_UNUSED_SESSION = requests.Session()


class Connector(ServiceConnector):
    """The services of one platform; its tokens are shared by all processes.

    ``deployment`` is the one whose courses are asked about, None if no launch has told one yet.
    ``seconds`` is for calls that a person waits for: each is given up after that. ``until`` is in
    seconds of the monotonic clock: after that nothing more is sent, because another process may
    be doing it by then. ``together`` are scopes that the platform has granted: a token for one of
    them is asked for with all of them. ``clock_ahead`` is how many seconds the platform's clock was
    ahead of ours in its last answer, None before there was one.
    """

    clock_ahead: int | None = None

    def __init__(
        self,
        row: Registration,
        *,
        deployment: Deployment | None = None,
        seconds: float | None = None,
        until: float = math.inf,
        together: Sequence[str] = (),
    ) -> None:
        super().__init__(LibraryRegistration().set_client_id(row.client_id), _UNUSED_SESSION)
        self._row = row
        self._deployment = deployment
        self._seconds = seconds
        self._until = until
        self._together = frozenset(together)

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """Return a token for these scopes, asking the platform only if none is held.

        Raise ServiceError: UNREACHABLE, SERVER_ERROR, TOKEN_REFUSED, NOT_ALLOWED,
        ANSWER_UNREADABLE, or BUSY if another process does not get one in time.
        """
        return self._token_for(scopes)[1]

    def ask_for_token(self, scopes: Sequence[str]) -> None:
        """Ask the platform for a token for these scopes, even if one is held, and keep it.

        Raise ServiceError as above; NOT_ALLOWED means that a scope is not granted.
        """
        names = _scope_names(scopes)
        tokens.save_token(self._row, names, self._request_token(names), deployment=self._deployment)

    def request(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str,
        content: str | None = None,
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> http.HttpReply:
        """Call a service, and once more with a fresh token after status 401.

        Return the reply whatever its status. Raise ServiceError if there is none, and BUSY
        after ``until``.
        """
        wanted = {**(headers or {}), "Accept": accept}
        if content is not None:
            wanted["Content-Type"] = content_type
        names, token = self._token_for(scopes)
        reply = self._send(method, url, wanted, content, token)
        if reply.status == 401:
            tokens.delete_token(self._row, names, token, deployment=self._deployment)
            reply = self._send(method, url, wanted, content, self._token_for(scopes)[1])
        return reply

    def _token_for(self, scopes: Sequence[str]) -> tuple[str, str]:
        """Return the names of the scopes that a token is for, and the token."""
        needed = _scope_names(scopes)
        names = _scope_names([*self._together]) if self._together.issuperset(scopes) else needed
        try:
            return names, self._shared_token(names)
        except ServiceError as error:
            # One of the scopes may have been withdrawn since: the others are still of use.
            if error.problem is not DeliveryProblem.NOT_ALLOWED or names == needed:
                raise
        return needed, self._shared_token(needed)

    def _shared_token(self, names: str) -> str:
        return tokens.token_for(
            self._row, names, lambda: self._request_token(names), deployment=self._deployment
        )

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], content: str | None, token: str
    ) -> http.HttpReply:
        if time.monotonic() > self._until:
            raise ServiceError(
                DeliveryProblem.BUSY, "the time for it ran out before it was sent", permanent=False
            )
        authorised = {**headers, "Authorization": f"Bearer {token}"}
        reply = http.call(method, url, headers=authorised, data=content, seconds=self._seconds)
        self.clock_ahead = clock_ahead(reply)
        return reply

    def _request_token(self, scopes: str) -> GrantedToken:
        reply = http.call(
            "POST",
            self._row.auth_token_url,
            headers={"Accept": "application/json"},
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": CLIENT_ASSERTION_TYPE,
                "client_assertion": self._assertion(),
                "scope": scopes,
            },
            seconds=self._seconds,
        )
        self.clock_ahead = clock_ahead(reply)
        if reply.status >= 500 or reply.status == 429:
            raise ServiceError(
                DeliveryProblem.SERVER_ERROR,
                f"token endpoint: {reply.status}",
                permanent=False,
                status=reply.status,
                retry_after=retry_after(reply),
            )
        if reply.status >= 300:
            error = _oauth_error(reply)
            raise ServiceError(
                # RFC 6749 section 5.2: the platform knows us and does not grant this scope.
                DeliveryProblem.NOT_ALLOWED
                if error == "invalid_scope"
                else DeliveryProblem.TOKEN_REFUSED,
                f"token endpoint: {reply.status} {error}",
                # An administrator may correct it (a key address, a scope) at any time.
                permanent=False,
                status=reply.status,
            )
        return _granted_token(reply.json())

    def _assertion(self) -> str:
        """Return a signed client assertion (IMS Security Framework 1.0 section 4.1.1).

        It names the deployment, for platforms that give each one tokens of its own. Moodle
        (mod/lti/token.php), Canvas (Canvas::Security::JwtValidator) and Open edX
        (lti_1p3/key_handlers.py of xblock-lti-consumer) read none but the usual claims.
        """
        key, now = signing_key(), int(time.time())
        claims = {
            "iss": self._row.client_id,
            "sub": self._row.client_id,
            "aud": self._row.auth_audience or self._row.auth_token_url,
            "iat": now - 5,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
        }
        if self._deployment:
            claims[Claim.DEPLOYMENT_ID] = self._deployment.deployment_id
        return jwt.encode(
            claims,
            key.private,
            algorithm="RS256",
            headers={"kid": key.kid},
        )


def clock_ahead(reply: http.HttpReply) -> int | None:
    """Return the whole seconds that the platform's clock is ahead of ours (RFC 9110 section 6.6.1).

    None if the answer has no date, or one that is a day or more away, which no clock explains.
    """
    there = http_date(reply.headers.get("date", ""))
    if there is None:
        return None
    ahead = there - timezone.now().timestamp()
    if abs(ahead) <= SAME_TIME:
        return 0
    return math.floor(ahead) if abs(ahead) < OTHER_DAY else None


def _scope_names(scopes: Sequence[str]) -> str:
    return " ".join(sorted(scopes))


def _granted_token(body: Any) -> GrantedToken:
    token = body.get("access_token") if isinstance(body, dict) else None
    # RFC 6749 appendix A.12; nothing else goes into a header or a row.
    if not isinstance(token, str) or not printable_ascii(token):
        raise unreadable("token endpoint: no access_token")
    lifetime = body.get("expires_in")
    seconds = lifetime if isinstance(lifetime, int) and 0 < lifetime < 10**6 else None
    return GrantedToken.now(token, timedelta(seconds=seconds or DEFAULT_LIFETIME))


def _oauth_error(reply: http.HttpReply) -> str:
    """Return the ``error`` code of an OAuth response (RFC 6749 section 5.2), or ''."""
    try:
        body = reply.json()
    except ServiceError:
        return ""
    error = body.get("error") if isinstance(body, dict) else None
    return error[:60] if isinstance(error, str) else ""
