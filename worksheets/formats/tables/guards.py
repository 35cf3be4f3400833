"""Text in a CSV that a spreadsheet would take for a formula: an apostrophe guards it.

OWASP's 'CSV Injection' names the signs. A program that trims a cell would find one behind a space,
and some take the full-width forms for the same. ``unguard`` gives back exactly what was guarded.
"""

from __future__ import annotations

import re

GUARD = "'"
_RISKY = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n]")


def guard(text: str) -> str:
    """Return the text as it may stand in a CSV."""
    return GUARD + text if _RISKY.match(text.lstrip(GUARD)) else text


def unguard(text: str) -> str:
    """Return a cell's text without the guard that ``guard`` has put there."""
    is_guarded = text.startswith(GUARD) and _RISKY.match(text.lstrip(GUARD))
    return text.removeprefix(GUARD) if is_guarded else text
