"""Members of a JSON object that anyone may have sent, each with the type that it has to have. Pure.

What is left out is empty; what is there and wrong is a BadFieldError that names it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from lti_tool.sandbox.services import score
from lti_tool.sandbox.services.json_body import JsonObject, as_decimal

LONGEST_TEXT = 255
LONGEST_ADDRESS = 2000
LONGEST_VALUE = 4000
MOST_VALUES = 100
PLACES = Decimal("0.00001")


class BadFieldError(ValueError):
    """Which member is wrong, and what it has to be."""


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Names the object that a wrong member stands in."""
    try:
        yield
    except BadFieldError as error:
        raise BadFieldError(f"{name}.{error}") from error


def text(body: JsonObject, name: str, longest: int = LONGEST_TEXT) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise BadFieldError(f"{name} must be text of at most {longest} characters")
    return value


def section(body: JsonObject, name: str) -> JsonObject | None:
    value = body.get(name)
    if name in body and not isinstance(value, dict):
        raise BadFieldError(f"{name} must be an object")
    return value if isinstance(value, dict) else None


@contextmanager
def inside_section(body: JsonObject, name: str) -> Iterator[JsonObject]:
    """An object in an object, empty where it is left out."""
    found = section(body, name) or {}
    with inside(name):
        yield found


def address(body: JsonObject, name: str) -> str:
    """An absolute http address."""
    value = text(body, name, LONGEST_ADDRESS)
    if value and not _is_address(value):
        raise BadFieldError(f"{name} must be an absolute http or https address")
    return value


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable()
    except ValueError:
        return False


def texts(body: JsonObject, name: str) -> dict[str, str]:
    """Custom parameters: names and values are texts."""
    with inside_section(body, name) as values:
        if len(values) > MOST_VALUES:
            raise BadFieldError(f"(all) must be at most {MOST_VALUES} members")
        if any(not key or len(key) > LONGEST_TEXT for key in values):
            raise BadFieldError("(name) must be text of 1 to 255 characters")
        return {key: text(values, key, LONGEST_VALUE) for key in values}


def points(body: JsonObject, name: str) -> Decimal:
    """A number above 0, which may not be left out."""
    number = as_decimal(body.get(name))
    if number is None or number.quantize(PLACES) <= 0:
        raise BadFieldError(f"{name} must be a number above 0")
    return number.quantize(PLACES)


def moment(body: JsonObject, name: str) -> datetime | None:
    """ISO 8601 with seconds and a zone."""
    if name not in body:
        return None
    try:
        return score.parse_timestamp(text(body, name))
    except score.BadScoreError as error:
        raise BadFieldError(f"{name} must be ISO 8601 with seconds and a time zone") from error
