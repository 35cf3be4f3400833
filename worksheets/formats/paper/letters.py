"""Lists whose letters are not written as the markup writes them: 'а) … б) …', 'A  … B  …'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.formats.readers.rows import Row

# The order in which each alphabet counts items, without letters that lists skip.
_ALPHABETS = ("абвгдежз", "אבגדהוזח", "أبجدهوزح", "αβγδεζηθ")
_LATIN = "abcdefgh"
_BARE = re.compile(r"\s*([A-H])\s{2,}(?=\S)")
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


def with_brackets(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, with a bracket behind the letters of options that have only space there.

    Options stand one below the other, at least two of them, from A.
    """
    made = list(rows)
    run: list[int] = []
    for at, row in enumerate([*rows, Row("")]):
        match = _BARE.match(row)
        if match and ord(match[1]) - ord("A") == len(run):
            run.append(at)
            continue
        for place in run if len(run) > 1 else ():
            letter = rows[place].index("ABCDEFGH"[run.index(place)]) + 1
            made[place] = rows[place].with_text(f"{rows[place][:letter]}){rows[place][letter:]}")
        run = [at] if match and match[1] == "A" else []
    return made


def _replace(rows: list[Row], run: Sequence[tuple[int, re.Match[str]]]) -> None:
    """Write Latin letters in the rows of a run; each letter is as long as the one it replaces."""
    for place, (at, match) in enumerate(run if len(run) > 1 else ()):
        row, start = rows[at], match.start(1)
        rows[at] = row.with_text(f"{row[:start]}{_LATIN[place]}{row[start + 1 :]}")
