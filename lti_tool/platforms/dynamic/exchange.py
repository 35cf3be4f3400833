"""The two calls of a registration, to addresses that a stranger may have named.

The host is resolved and refused if any of its addresses is private. The connection refuses a
private peer once more, against a name that changes its address in between. No redirect is
followed; size and time are bounded.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.platforms.dynamic.errors import Fault, RegistrationRefused
from lti_tool.services.addresses import AddressRefused, check_address
from lti_tool.services.errors import ServiceError
from lti_tool.services.http import Answer, call

SECONDS = 10.0  # a person is waiting


def check_addresses(platform: PlatformConfiguration) -> None:
    """Raise RegistrationRefused (ADDRESS_REFUSED) if any endpoint must not be called."""
    for address in (
        platform.authorization_endpoint,
        platform.token_endpoint,
        platform.jwks_uri,
        platform.registration_endpoint,
    ):
        _check(address)


def fetch_configuration(address: str, token: str) -> Any:
    """Return the JSON document at a platform's configuration address; ``token`` may be ''.

    Raise RegistrationRefused: ADDRESS_REFUSED, UNREACHABLE (also for any status but 200) or
    UNREADABLE.
    """
    answer = _call("GET", address, _headers(token), lost=Fault.UNREACHABLE)
    if answer.status != 200:
        raise RegistrationRefused(Fault.UNREACHABLE, f"status {answer.status}")
    return _json(answer, Fault.UNREADABLE)


def post_registration(address: str, token: str, body: dict[str, Any]) -> Any:
    """Post the registration request and return the JSON document in the response.

    Raise RegistrationRefused: ADDRESS_REFUSED, ANSWER_LOST, NOT_ACCEPTED (any status but 200
    and 201) or ANSWER_UNREADABLE.
    """
    headers = _headers(token) | {"Content-Type": "application/json"}
    answer = _call("POST", address, headers, json.dumps(body), lost=Fault.ANSWER_LOST)
    if answer.status not in {200, 201}:
        raise RegistrationRefused(Fault.NOT_ACCEPTED, _said(answer, token))
    return _json(answer, Fault.ANSWER_UNREADABLE)


def _call(
    method: str, address: str, headers: dict[str, str], data: str | None = None, *, lost: Fault
) -> Answer:
    """Return the response; raise RegistrationRefused with the fault ``lost`` if none comes."""
    _check(address)
    try:
        return call(method, address, headers=headers, data=data, seconds=SECONDS)
    except ServiceError as problem:
        raise RegistrationRefused(lost, problem.detail) from problem


def _check(address: str) -> None:
    try:
        check_address(address, allow_private=settings.LTI_ALLOW_PRIVATE_HOSTS)
    except AddressRefused as problem:
        raise RegistrationRefused(Fault.ADDRESS_REFUSED, str(problem)) from problem


def _headers(token: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    # Canvas requires the token on both calls, Moodle on the second only.
    return headers | {"Authorization": f"Bearer {token}"} if token else headers


def _json(answer: Answer, fault: Fault) -> Any:
    try:
        return answer.json()
    except ServiceError as problem:
        raise RegistrationRefused(fault, problem.detail) from problem


def _said(answer: Answer, token: str) -> str:
    """Return the status and the beginning of the platform's error text, without the token."""
    words = answer.body.decode("utf-8", "replace")
    said = (words.replace(token, "…") if token else words)[:200].strip()
    plain = said.isprintable() and "<" not in said
    return f"status {answer.status}: {said}" if said and plain else f"status {answer.status}"
