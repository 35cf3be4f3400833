"""Checks and forms of single values that come from outside. Pure.

Platforms, browsers and operators send texts of any length and kind; what a database stores, a
header holds or JSON writes has limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeGuard
from urllib.parse import urlsplit

ID_LENGTH = 255  # 'MUST NOT exceed 255 ASCII characters', LTI Core 1.3 section 5.3
TEXT_LENGTH = 500  # titles and names are cut here: they are shown, never compared
URL_LENGTH = 2000


def clean(text: str) -> str:
    """Return text that a database can store: without NUL, each lone surrogate as '?'."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """Return a text for one line of a page or log: without characters that cannot be printed."""
    return "".join(character for character in text if character.isprintable())


def printable_ascii(text: str) -> str:
    """Return a text that may stand in a header, or '' if it holds anything but printable ASCII."""
    return text if text.isascii() and text.isprintable() else ""


def is_identifier(value: object) -> TypeGuard[str]:
    """Return whether a value is an id that can be stored as it is: 1 to 255 characters."""
    return isinstance(value, str) and 0 < len(value) <= ID_LENGTH and clean(value) == value


def number_as_text(value: object) -> object:
    """Return a whole number as the text that it is in a launch; any other value as it is.

    Platforms that count their users, clients or deployments write the ids as JSON numbers.
    """
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def is_web_address(text: str) -> bool:
    """Return whether a text is an http(s) address of at most 2000 printable characters."""
    if len(text) > URL_LENGTH or not text.isprintable() or any(c.isspace() for c in text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def role_names(roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles as they are stored: each once, sorted, cut to 500 characters."""
    return tuple(sorted({clean(role[:TEXT_LENGTH]) for role in roles} - {""}))


def whole_number(text: str, max_digits: int) -> int | None:
    """Return the number that one to ``max_digits`` ASCII digits write; None for any other text."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= max_digits
    return int(text) if is_number else None


def json_number(value: Decimal) -> int | float:
    """Return a number for JSON: exact for whole numbers, to 15 digits otherwise."""
    return int(value) if value == value.to_integral_value() else float(value)
