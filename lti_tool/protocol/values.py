"""Checks and forms of single values that come from outside. Pure.

Platforms, browsers and operators send texts of any length and kind; what a database stores, a
header holds or JSON writes has limits.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeGuard
from urllib.parse import urlsplit

ID_LENGTH = 255  # 'MUST NOT exceed 255 ASCII characters', LTI Core 1.3 section 5.3
TEXT_LENGTH = 500  # titles and names are cut here: they are shown, never compared
URL_LENGTH = 2000
# Letters and symbols that Unicode counts as such and nobody sees: fillers, a blank in Braille,
# what stands in for a character that is missing.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\ufffd")


def clean(text: str) -> str:
    """Return text that a database can store: without NUL, each lone surrogate as '?'."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """Return a text for one line of a page or log: without characters that cannot be printed."""
    return "".join(character for character in text if character.isprintable())


def person_name(text: str) -> str:
    """Return a name of a person, cut to 500 characters, or '' for one that names nobody.

    A name has a letter, a digit or a symbol such as an emoji. ILIAS sends '-' for all names where
    its privacy settings withhold them (class.ilObjLTIConsumer.php), and programs write 'null' for
    a value that was never set; in capitals that is a family name.
    """
    name = clean(text)[:TEXT_LENGTH].strip()
    is_visible = any(
        unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
        for character in name
        if character not in _INVISIBLE
    )
    return name if is_visible and not {"null", "undefined"}.issuperset(name.split()) else ""


def printable_ascii(text: str) -> str:
    """Return a text that may stand in a header, or '' if it holds anything but printable ASCII."""
    return text if text.isascii() and text.isprintable() else ""


def is_identifier(value: object) -> TypeGuard[str]:
    """Return whether a value is an id that can be stored as it is: 1 to 255 characters."""
    return isinstance(value, str) and 0 < len(value) <= ID_LENGTH and clean(value) == value


def number_as_text(value: object) -> object:
    """Return a whole number as the text that it is in a launch; any other value as it is.

    Platforms that count their users, clients or deployments write the ids as JSON numbers, of
    which some writers make 9.0.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
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


def is_storable(value: object, max_depth: int = 50) -> bool:
    """Return whether a JSON value can be stored and then be written again as it came."""
    if isinstance(value, str):
        return clean(value) == value
    if isinstance(value, float):
        return math.isfinite(value)
    if not isinstance(value, list | dict):
        return True
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return max_depth > 0 and all(is_storable(part, max_depth - 1) for part in parts)


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
