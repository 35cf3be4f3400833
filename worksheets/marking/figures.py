"""Numbers as people type them, in whatever figures their keyboard has. Pure."""

from __future__ import annotations

from worksheets.words.normalise import western

# The decimal comma of Arabic figures, and the signs that East Asian keyboards write.
_SIGNS = str.maketrans({"\u066b": ",", "\uff0c": ",", "\uff0e": "."})


def plain_figures(text: str) -> str:
    """Return a text with the figures of every script as 0 to 9, and their decimal signs."""
    return western(text).translate(_SIGNS)
