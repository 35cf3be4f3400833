"""The words around each gap, which a screen reader says when focus lands on it.

The clue often follows the gap, so both sides are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worksheets.markup import (
    Block,
    BulletList,
    Heading,
    Inline,
    InterpretationBlock,
    NumberedList,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    Quotation,
    Sheet,
    Table,
)
from worksheets.rendering.inline import plain

WORDS = 8  # on each side
_SIGN = "\x1f"  # never in a sheet's text: the parser leaves no control characters


def gap_contexts(sheet: Sheet) -> dict[str, str]:
    """Return each gap's neighbouring words, by key, with a line in the gap's place.

    The time that it takes is linear in the length of the text.
    """
    contexts: dict[str, str] = {}
    for text in _texts(sheet.blocks):
        pieces = text.split(_SIGN)  # text, key, text, key, ... text
        for i in range(1, len(pieces) - 1, 2):
            before = " ".join(pieces[i - 1][-200:].split()[-WORDS:])
            after = " ".join(pieces[i + 1][:200].split()[:WORDS])
            contexts[pieces[i]] = f"{before} ___ {after}".strip()
    return contexts


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield _plain(children)
            case BulletList(items) | NumberedList(_, items):
                for item in items:
                    yield from _texts(item)
            case Quotation(inner) | InterpretationBlock(blocks=inner):
                yield from _texts(inner)
            case OptionsBlock(options):
                yield from (_plain(option.children) for option in options)
            case PictureBlock(caption=caption):
                yield _plain(caption)
            case Table(head, rows):
                for row in (head, *rows):
                    yield from (_plain(cell) for cell in row)
            case _:
                continue


def _plain(children: Iterable[Inline]) -> str:
    return plain(children, lambda key: f"{_SIGN}{key}{_SIGN}")
