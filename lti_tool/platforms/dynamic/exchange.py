"""The two calls of a registration, to addresses that a stranger may have named.

The host is resolved and refused if any of its addresses is private. The connection refuses a
private peer once more, against a name that changes its address in between. No redirect is
followed; size and time are bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.services.addresses import AddressRefused, check_address, origin_of
from lti_tool.services.bulkhead import NoPlace, place_for
from lti_tool.services.errors import ServiceError
from lti_tool.services.http import HttpReply, call

SECONDS = 10.0  # a person is waiting


def check_addresses(platform: PlatformConfiguration) -> None:
    """Raise RegistrationError: ADDRESS_REFUSED if any endpoint must not be called, or BUSY."""
    with _place(platform.registration_endpoint):
        for address in (
            platform.authorization_endpoint,
            platform.token_endpoint,
            platform.jwks_uri,
            platform.registration_endpoint,
        ):
            _require_allowed(address)


def fetch_configuration(address: str, token: str) -> Any:
    """Return the JSON document at a platform's configuration address; ``token`` may be ''.

    Raise RegistrationError: ADDRESS_REFUSED, BUSY, UNREACHABLE (also for any status but 200) or
    UNREADABLE.
    """
    reply = _call("GET", address, _headers(token), lost=RegistrationProblem.UNREACHABLE)
    if reply.status != 200:
        raise RegistrationError(RegistrationProblem.UNREACHABLE, f"status {reply.status}")
    return _json(reply, RegistrationProblem.UNREADABLE)


def post_registration(address: str, token: str, body: dict[str, Any]) -> Any:
    """Post the registration request and return the JSON document in the response.

    Raise RegistrationError: ADDRESS_REFUSED, BUSY (nothing was posted), ANSWER_LOST, NOT_ACCEPTED
    (any status but 200 and 201) or ANSWER_UNREADABLE.
    """
    headers = _headers(token) | {"Content-Type": "application/json"}
    reply = _call("POST", address, headers, json.dumps(body), lost=RegistrationProblem.ANSWER_LOST)
    if reply.status not in {200, 201}:
        raise RegistrationError(RegistrationProblem.NOT_ACCEPTED, _error_text(reply, token))
    return _json(reply, RegistrationProblem.ANSWER_UNREADABLE)


def _call(
    method: str,
    address: str,
    headers: dict[str, str],
    data: str | None = None,
    *,
    lost: RegistrationProblem,
) -> HttpReply:
    """Return the response; raise RegistrationError (``lost``) if none comes."""
    with _place(address):
        _require_allowed(address)
        try:
            return call(method, address, headers=headers, data=data, seconds=SECONDS)
        except ServiceError as error:
            raise RegistrationError(lost, error.detail) from error


@contextmanager
def _place(address: str) -> Iterator[None]:
    """Hold a place for the platform at this address. Raise RegistrationError (BUSY).

    To find the address of a name may take as long as a call.
    """
    try:
        with place_for(origin_of(address)):
            yield
    except NoPlace as error:
        raise RegistrationError(RegistrationProblem.BUSY) from error


def _require_allowed(address: str) -> None:
    try:
        check_address(address, allow_private=settings.LTI_ALLOW_PRIVATE_HOSTS)
    except AddressRefused as error:
        raise RegistrationError(RegistrationProblem.ADDRESS_REFUSED, str(error)) from error


def _headers(token: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    # Canvas requires the token on both calls, Moodle on the second only.
    return headers | {"Authorization": f"Bearer {token}"} if token else headers


def _json(reply: HttpReply, problem: RegistrationProblem) -> Any:
    try:
        return reply.json()
    except ServiceError as error:
        raise RegistrationError(problem, error.detail) from error


def _error_text(reply: HttpReply, token: str) -> str:
    """Return the status and the beginning of the platform's error text, without the token."""
    text = reply.body.decode("utf-8", "replace")
    text = (text.replace(token, "…") if token else text)[:200].strip()
    is_plain = text.isprintable() and "<" not in text
    return f"status {reply.status}: {text}" if text and is_plain else f"status {reply.status}"
