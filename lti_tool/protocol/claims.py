"""Functions that read a claim as a value of one type, or refuse the launch.

Pure. A claim that a platform sends may be missing, of the wrong type or huge. Each reader
raises LaunchRefused (CLAIM_MALFORMED), which names the claim, if it cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping

from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.values import TEXT_LENGTH, clean, is_identifier, is_web_address

Claims = Mapping[str, object]


def texts(claims: Claims, name: str, max_items: int = 100) -> tuple[str, ...]:
    """Return a list of at most ``max_items`` texts, each cut to 500 characters; () if absent."""
    value = claims.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise malformed(name, "is not a list of texts")
    if len(value) > max_items:
        raise malformed(name, "is too long a list")
    return tuple(clean(item)[:TEXT_LENGTH] for item in value)


def flag(claims: Claims, name: str, *, default: bool) -> bool:
    """Return a boolean, or ``default`` if absent; some platforms send 'true' and 'false'."""
    value = claims.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    raise malformed(name, "is neither true nor false")


def section(claims: Claims, name: str) -> Claims | None:
    """Return the object of that name, or None if absent."""
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise malformed(name, "is not an object")
    return value


def required_section(claims: Claims, name: str) -> Claims:
    """Return the object of that name; refuse the launch if it is absent."""
    found = section(claims, name)
    if found is None:
        raise malformed(name, "is missing")
    return found


def identifier(claims: Claims, name: str) -> str:
    """Return an id exactly as it was sent: 1 to 255 characters."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise malformed(name, "is missing or no text")
    if not is_identifier(value):
        raise malformed(name, "is too long or holds forbidden characters")
    return value


def text(claims: Claims, name: str) -> str:
    """Return a title or a name, cut to 500 characters; '' if absent."""
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise malformed(name, "is no text")
    return clean(value)[:TEXT_LENGTH]


def web_address(claims: Claims, name: str, *, required: bool = False) -> str:
    """Return an http(s) address of at most 2000 characters; '' if absent and not required."""
    value = claims.get(name)
    if value is None or value == "":
        if required:
            raise malformed(name, "is missing")
        return ""
    if not isinstance(value, str) or not is_web_address(value):
        raise malformed(name, "is no http(s) address")
    return value


def malformed(name: str, what: str) -> LaunchRefused:
    """Return a refusal that names a claim and what is wrong with it, never its value."""
    return LaunchRefused(Reason.CLAIM_MALFORMED, f"{name.rpartition('/')[2]} {what}")
