"""Calls to a platform's services in the tool's own name.

Closes: no time-outs, a token asked for per object and kept beyond its end, no second try
with a fresh token, answers that are no JSON, lower-cased ``Link`` addresses.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import jwt
from django.utils import timezone
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.service_connector import ServiceConnector

from lti_tool.errors import Problem, ServiceError
from lti_tool.keys import signing_key
from lti_tool.models import AccessToken, Registration
from lti_tool.services import http
from lti_tool.vocabulary import CLIENT_ASSERTION_TYPE

# A token is not used in its last moments: it might expire on the way.
SPARE = timedelta(seconds=30)
DEFAULT_LIFETIME = 3600


class Connector(ServiceConnector):
    """One platform's services; tokens are rows, shared by all processes.

    ``seconds`` is for calls that a person waits for: each is given up after that.
    """

    def __init__(self, row: Registration, *, seconds: float | None = None) -> None:
        super().__init__(LibraryRegistration().set_client_id(row.client_id))
        self._row = row
        self._seconds = seconds

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """A token for these scopes, asked for only where none is held.

        Raises ServiceError: UNREACHABLE, TOKEN_REFUSED, ANSWER_UNREADABLE.
        """
        names = " ".join(sorted(scopes))
        held = AccessToken.objects.filter(
            registration=self._row, scopes=names, expires_at__gt=timezone.now() + SPARE
        ).first()
        return held.token if held else self._fresh_token(names)

    def ask_for_token(self, scopes: Sequence[str]) -> None:
        """See whether these scopes are granted at present, whatever token is held.

        Raises ServiceError as above, and NOT_ALLOWED for scopes that are not granted.
        """
        self._fresh_token(" ".join(sorted(scopes)))

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
    ) -> http.Answer:
        """Call a service; once more with a fresh token if the platform no longer knows ours.

        Gives the answer whatever its status. Raises ServiceError if there is none.
        """
        wanted = {**(headers or {}), "Accept": accept}
        if content is not None:
            wanted["Content-Type"] = content_type
        answer = self._attempt(method, url, scopes, wanted, content)
        if answer.status == 401:
            AccessToken.objects.filter(registration=self._row).delete()
            answer = self._attempt(method, url, scopes, wanted, content)
        return answer

    def _attempt(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        headers: Mapping[str, str],
        content: str | None,
    ) -> http.Answer:
        authorised = {**headers, "Authorization": f"Bearer {self.get_access_token(scopes)}"}
        return http.call(method, url, headers=authorised, data=content, seconds=self._seconds)

    def _fresh_token(self, scopes: str) -> str:
        answer = http.call(
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
        if answer.status >= 500 or answer.status == 429:
            raise ServiceError(
                Problem.SERVER_ERROR,
                f"token endpoint: {answer.status}",
                permanent=False,
                status=answer.status,
            )
        if answer.status >= 300:
            error = _oauth_error(answer)
            raise ServiceError(
                # RFC 6749 section 5.2: we are known, and not given this scope.
                Problem.NOT_ALLOWED if error == "invalid_scope" else Problem.TOKEN_REFUSED,
                f"token endpoint: {answer.status} {error}",
                # An administrator may mend it (a key address, a scope) at any time.
                permanent=False,
                status=answer.status,
            )
        return self._keep(scopes, answer.json())

    def _keep(self, scopes: str, granted: Any) -> str:
        token = granted.get("access_token") if isinstance(granted, dict) else None
        if not isinstance(token, str) or not token:
            raise ServiceError(
                Problem.ANSWER_UNREADABLE, "token endpoint: no access_token", permanent=False
            )
        lifetime = granted.get("expires_in")
        seconds = lifetime if isinstance(lifetime, int) and 0 < lifetime < 10**6 else None
        AccessToken.objects.update_or_create(
            registration=self._row,
            scopes=scopes,
            defaults={
                "token": token,
                "expires_at": timezone.now() + timedelta(seconds=seconds or DEFAULT_LIFETIME),
            },
        )
        return token

    def _assertion(self) -> str:
        """Who we are, signed: IMS Security Framework 1.0 section 4.1.1."""
        key, now = signing_key(), int(time.time())
        return jwt.encode(
            {
                "iss": self._row.client_id,
                "sub": self._row.client_id,
                "aud": self._row.auth_audience or self._row.auth_token_url,
                "iat": now - 5,
                "exp": now + 60,
                "jti": str(uuid.uuid4()),
            },
            key.private,
            algorithm="RS256",
            headers={"kid": key.kid},
        )


def _oauth_error(answer: http.Answer) -> str:
    """The ``error`` code of an OAuth answer, which is a word, if there is one."""
    try:
        body = answer.json()
    except ServiceError:
        return ""
    error = body.get("error") if isinstance(body, dict) else None
    return error[:60] if isinstance(error, str) else ""
