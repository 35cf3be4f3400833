"""The pictures of a paper: taken out before its lines are read, and put back where they stood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worksheets.formats.readers.rows import Row

from .chunks import Chunk, Kind

# What begins a file of each kind, and the end of its name.
_ENDINGS = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
)
_BELONG_TO_ABOVE = (Kind.ROOM, Kind.OPTION, Kind.RANKING, Kind.INTERPRETATION)


def take_pictures(rows: Sequence[Row]) -> tuple[list[Row], dict[str, bytes]]:
    """Return the lines of text, and the pictures by the names that the markup has for them.

    The line above a picture has its name in ``below``; of those above all lines the first one has.
    """
    kept: list[Row] = []
    contents: dict[str, bytes] = {}
    names: dict[bytes, str] = {}
    waiting: list[str] = []
    above: Row | None = None
    for row in rows:
        if row.picture:
            if row.picture not in names:
                names[row.picture] = f"paper-{len(names) + 1}{_ending(row.picture)}"
            name = names[row.picture]
            contents[name] = row.picture
            if above is None:
                waiting.append(name)
            else:
                above.below = (*above.below, name)
            continue
        line = row.with_text(row)
        if line.strip():
            line.below = (*waiting, *line.below)
            waiting, above = [], line
        kept.append(line)
    return kept, contents


def _ending(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return next((ending for start, ending in _ENDINGS if content.startswith(start)), ".png")


def names_in(chunks: Iterable[Chunk]) -> list[str]:
    """Return the names of the pictures that chunks have."""
    return [name for chunk in chunks for name in chunk.pictures]


def stand_above(chunk: Chunk, below: Chunk | None) -> bool:
    """Return whether the pictures of a chunk go before it: what is below belongs to its text."""
    return below is not None and below.kind in _BELONG_TO_ABOVE and chunk.kind is not Kind.TABLE


def lines_of(names: Sequence[str]) -> list[str]:
    """Return pictures as markup, each on a line of its own."""
    return [line for name in names for line in (f"![]({name})", "")]
