"""Text in a CSV that a spreadsheet would take for a formula: an apostrophe guards it.

OWASP's 'CSV Injection' names the signs. A program that trims a cell would find one behind a space
or a character that nobody sees, and some take the full-width and small forms for the same.
``unguard`` gives back exactly what was guarded.
"""

from __future__ import annotations

import re

GUARD = "'"
# Control characters, and those of Unicode's category Cf that join, order or mark text.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_RISKY = re.compile(rf"[{_UNSEEN}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")


def guard(text: str) -> str:
    """Return the text as it may stand in a CSV."""
    return GUARD + text if _RISKY.match(text.lstrip(GUARD)) else text


def unguard(text: str) -> str:
    """Return a cell's text without the guard that ``guard`` has put there."""
    is_guarded = text.startswith(GUARD) and _RISKY.match(text.lstrip(GUARD))
    return text.removeprefix(GUARD) if is_guarded else text
