"""Lists of a paper as the markup reads them: numbers one after the other, letters from (a)."""

from __future__ import annotations

from collections.abc import Sequence

from .chunks import Chunk, Kind

MAX_NUMBER = 99  # the markup reads items of one or two digits


def letters_in_order(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the options at the beginning of the chunks that are (a), (b), (c) …"""
    found: list[Chunk] = []
    for chunk in chunks:
        if chunk.kind is not Kind.OPTION or chunk.mark != f"({chr(ord('a') + len(found))})":
            break
        found.append(chunk)
    return found


def numbered(chunks: Sequence[Chunk], most: int) -> list[Chunk]:
    """Return the chunks from the beginning that make one numbered list, at most so many.

    Those without a number get one; a letter that is out of order becomes a part of the text.
    """
    found: list[Chunk] = []
    own = chunks[0].kind is Kind.NUMBER
    number = chunks[0].number if own else 1
    for chunk in chunks[:most]:
        follows = chunk.number == number if own else chunk.kind is not Kind.NUMBER
        if not follows or number > MAX_NUMBER:
            break
        if found and not own and len(letters_in_order([chunk])) == 1:
            break  # a new list with letters
        if chunk.kind is Kind.OPTION:
            chunk.text = f"{chunk.mark.strip('()')}\\) {chunk.text}"
        if not own:
            chunk.kind, chunk.mark = Kind.NUMBER, f"{number}."
        found.append(chunk)
        number += 1
    return found or [_numbered_anew(chunks[0])]


def _numbered_anew(chunk: Chunk) -> Chunk:
    """Return a chunk as the only item of a list; its number becomes a part of the text."""
    chunk.kind, chunk.text, chunk.mark = Kind.NUMBER, chunk.label, "1."
    return chunk


def set_apart(above: Chunk, first: Chunk) -> None:
    """Keep a list from going on with a numbered line above it, which becomes plain text."""
    if first.kind is Kind.NUMBER and above.kind is Kind.NUMBER and above.number + 1 == first.number:
        digits = above.mark.strip("().°")
        above.kind, above.text = Kind.PARAGRAPH, f"{digits}\\. {above.text}"
