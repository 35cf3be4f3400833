"""Functions that read the client metadata of a registration request (RFC 7591, section 2). Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lti_tool.sandbox.services.json_body import JsonObject

HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
MAX_URL_LENGTH = 500
MAX_TEXT_LENGTH = 200
MAX_ITEMS = 50


class BadRegistrationError(ValueError):
    """The refusal of a registration. Error codes are those of RFC 7591, section 3.2.2."""

    def __init__(self, description: str, error: str = "invalid_client_metadata") -> None:
        super().__init__(description)
        self.error = error


def text(body: JsonObject, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRegistrationError(f"{name} is missing or no text")
    if len(value) > MAX_TEXT_LENGTH:
        raise BadRegistrationError(f"{name} is longer than {MAX_TEXT_LENGTH} characters")
    return value


def texts(body: JsonObject, name: str) -> list[str]:
    """Return a list of texts; empty if the member is absent."""
    value = body.get(name, [])
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise BadRegistrationError(f"{name} must be a list of at most {MAX_ITEMS} texts")
    if not all(isinstance(item, str) for item in value):
        raise BadRegistrationError(f"{name} must hold texts alone")
    return [str(item) for item in value]


def address(body: JsonObject, name: str) -> str:
    value = body.get(name)
    if not is_address(value):
        raise BadRegistrationError(f"{name} is missing or no http address")
    return str(value)


def is_address(value: object) -> bool:
    """Return whether a value is an absolute http(s) address without a fragment.

    It must not be longer than the column it is stored in.
    """
    if not isinstance(value, str) or len(value) > MAX_URL_LENGTH:
        return False
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.netloc) is not None
    return is_web and port_is_valid and not parts.fragment


def host(url: str) -> str:
    """Return the host of an address with its port."""
    return urlsplit(url).netloc


def text_map(body: JsonObject, name: str) -> dict[str, str]:
    value = body.get(name, {})
    if not isinstance(value, Mapping) or len(value) > MAX_ITEMS:
        raise BadRegistrationError(f"{name} must be an object of at most {MAX_ITEMS} members")
    if not all(isinstance(item, str) for item in value.values()):
        raise BadRegistrationError(f"{name} must have texts as values")
    return {str(key): str(item) for key, item in value.items()}


def objects(body: JsonObject, name: str) -> list[JsonObject]:
    value = body.get(name)
    if not isinstance(value, list) or not value or len(value) > MAX_ITEMS:
        raise BadRegistrationError(f"{name} must be a list with something in it")
    if not all(isinstance(item, dict) for item in value):
        raise BadRegistrationError(f"{name} must hold objects alone")
    return list(value)
