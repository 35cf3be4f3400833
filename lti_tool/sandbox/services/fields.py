"""Functions that read members of an untrusted JSON object, each one of a type. Pure.

A member that is absent is empty; one that is wrong raises a BadFieldError that names it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from lti_tool.sandbox.services import score
from lti_tool.sandbox.services.json_body import JsonObject, as_decimal

MAX_TEXT_LENGTH = 255
MAX_ADDRESS_LENGTH = 2000
MAX_VALUE_LENGTH = 4000
MAX_VALUES = 100


class BadFieldError(ValueError):
    """The error of a wrong member. Its text names the member and what it has to be."""


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Prefix the object's name to every BadFieldError raised inside."""
    try:
        yield
    except BadFieldError as error:
        raise BadFieldError(f"{name}.{error}") from error


def text(body: JsonObject, name: str, max_length: int = MAX_TEXT_LENGTH) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > max_length or "\0" in value:
        raise BadFieldError(f"{name} must be text of at most {max_length} characters")
    return value


def section(body: JsonObject, name: str) -> JsonObject | None:
    value = body.get(name)
    if name in body and not isinstance(value, dict):
        raise BadFieldError(f"{name} must be an object")
    return value if isinstance(value, dict) else None


@contextmanager
def inside_section(body: JsonObject, name: str) -> Iterator[JsonObject]:
    """Yield an object in an object, empty if it is absent; name it in errors raised inside."""
    found = section(body, name) or {}
    with inside(name):
        yield found


def address(body: JsonObject, name: str) -> str:
    """Return an absolute http(s) address, or '' if absent."""
    value = text(body, name, MAX_ADDRESS_LENGTH)
    if value and not is_address(value):
        raise BadFieldError(f"{name} must be an absolute http or https address")
    return value


def is_address(value: str) -> bool:
    """Return whether a text is an absolute http(s) address."""
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable()
    except ValueError:
        return False


def texts(body: JsonObject, name: str) -> dict[str, str]:
    """Return custom parameters, whose names and values are texts; empty if absent."""
    with inside_section(body, name) as values:
        if len(values) > MAX_VALUES:
            raise BadFieldError(f"(all) must be at most {MAX_VALUES} members")
        if any(not key or len(key) > MAX_TEXT_LENGTH for key in values):
            raise BadFieldError("(name) must be text of 1 to 255 characters")
        return {key: text(values, key, MAX_VALUE_LENGTH) for key in values}


def points(body: JsonObject, name: str) -> Decimal:
    """Return a number above 0, to five decimal places; it must not be absent."""
    number = as_decimal(body.get(name))
    if number is None or number.quantize(score.PRECISION) <= 0:
        raise BadFieldError(f"{name} must be a number above 0")
    return number.quantize(score.PRECISION)


def moment(body: JsonObject, name: str) -> datetime | None:
    """Return an ISO 8601 time with seconds and a zone, or None if absent."""
    if name not in body:
        return None
    try:
        return score.parse_timestamp(text(body, name))
    except score.BadScoreError as error:
        raise BadFieldError(f"{name} must be ISO 8601 with seconds and a time zone") from error
