"""The pieces of a paragraph of a Word file, and the lines that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .rows import BOLD, UNDERLINED, escape
from .scripts import subscript, superscript
from .styles import Tab

MAX_TAB_STOPS = 60
TWIPS = 115  # the width of a letter, in twentieths of a point

_UNDERLINED = re.compile(r"[\u00a0 \t\u2002\u2003]{3,}|\t+[\u00a0 \t]*|[\u00a0 ]*\t+")


@dataclass(slots=True)
class Piece:
    """A stretch of a paragraph; ``markup`` is written as it is."""

    text: str
    underlined: bool = False
    bold: bool = False
    raised: int = 0
    markup: bool = False


def lines_of(pieces: Iterable[Piece], tabs: tuple[Tab, ...]) -> list[str]:
    """Return the lines of a paragraph: blanks are underscores, what has a meaning is guarded."""
    made = [""]
    stop = 0
    merged = list(_merged(pieces))
    plain = any(piece.text.strip() and not piece.bold for piece in merged)
    for piece in merged:
        for at, part in enumerate(piece.text.split("\n")):
            if at:
                made.append("")
                stop = 0
            if piece.markup:
                made[-1] += part
                continue
            if piece.underlined:
                made[-1] += _underlined(part)
                continue
            if piece.raised:
                made[-1] += superscript(part) if piece.raised > 0 else subscript(part)
                continue
            for index, cell in enumerate(part.split("\t")):
                if index:
                    made[-1] += _tab(made[-1], tabs, stop)
                    stop += 1
                marks = BOLD if piece.bold and plain else ("", "")
                made[-1] += _marked(escape(cell), marks)
    return made


def _marked(text: str, marks: tuple[str, str]) -> str:
    """Return a text with marks around its words, white space at either end left outside."""
    inner = text.strip()
    if not inner or not marks[0]:
        return text
    start = text.index(inner)
    return f"{text[:start]}{marks[0]}{inner}{marks[1]}{text[start + len(inner) :]}"


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces, neighbours of one look as one."""
    last: Piece | None = None
    for piece in pieces:
        alike = last is not None and not piece.markup and _look(last) == _look(piece)
        if last and (alike or not piece.text):
            last.text += piece.text
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _look(piece: Piece) -> tuple[bool, bool, int, bool]:
    return piece.underlined, piece.bold, piece.raised, piece.markup


def _underlined(text: str) -> str:
    """Return an underlined text; white space in it, which is how a blank is drawn, as a blank."""
    if not text.strip():
        width = len(text.expandtabs(8))
        return "_" * max(width, 4) if width > 2 else text

    def blank(space: re.Match[str]) -> str:
        width = len(space[0].expandtabs(8))
        return f" {'_' * width} " if width > 5 else space[0]

    return "".join(
        part if part.startswith(" _") else _marked(part, UNDERLINED)
        for part in re.split(r"( _+ )", _UNDERLINED.sub(blank, escape(text)))
    )


def _tab(before: str, tabs: tuple[Tab, ...], stop: int) -> str:
    """Return a tab, as a blank where a line leads to its stop."""
    reached = len(before) * TWIPS
    following = [tab for tab in tabs[:MAX_TAB_STOPS] if tab[0] > reached] or list(
        tabs[stop : stop + 1]
    )
    if not following or not following[0][1]:
        return "\t"
    return following[0][1] * max(4, (following[0][0] - reached) // TWIPS)
