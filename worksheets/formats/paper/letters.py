"""Lists with letters of other alphabets, 'а) … б) …': their letters become those of the markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.formats.readers.rows import Row

# The order in which each alphabet counts items, without letters that lists skip.
_ALPHABETS = ("абвгдежз", "אבגדהוזח", "أبجدهوزح", "αβγδεζηθ")
_LATIN = "abcdefgh"
MAX_APART = 4  # lines from one item to the next


def with_latin_letters(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, letters before a bracket that count items replaced by Latin ones.

    Items are at least two letters of one alphabet that follow each other, from its first.
    """
    made = list(rows)
    for alphabet in _ALPHABETS:
        form = re.compile(rf"(?:(?<=\s)|\A)\(?([{alphabet}])\)\s*(?=\S)", re.IGNORECASE)
        run: list[tuple[int, re.Match[str]]] = []
        for at, row in enumerate(rows):
            for match in form.finditer(row):
                place = alphabet.index(match[1].lower())
                if place != len(run) or (run and at - run[-1][0] > MAX_APART):
                    _replace(made, run)
                    run = []
                if place == len(run):
                    run.append((at, match))
        _replace(made, run)
    return made


def _replace(rows: list[Row], run: Sequence[tuple[int, re.Match[str]]]) -> None:
    """Write Latin letters in the rows of a run; each letter is as long as the one it replaces."""
    for place, (at, match) in enumerate(run if len(run) > 1 else ()):
        row, start = rows[at], match.start(1)
        rows[at] = row.with_text(f"{row[:start]}{_LATIN[place]}{row[start + 1 :]}")
