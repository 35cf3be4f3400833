"""Quotations of what pupils wrote: without the writer's name, and with '…' for what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import LCSseq

ELLIPSIS = "…"
MIN_NAME = 2  # letters: a single one is no name that tells somebody

_WORD = re.compile(r"\S+")
_SIGNS = "[]().,;:!?\"'“”„‚‘’»«"


def without_names(text: str, names: Iterable[str]) -> str:
    """Return the text with '…' for each of these names, as whole words, capitals as they are."""
    words = sorted({part for name in names for part in name.split()}, key=len, reverse=True)
    known = [re.escape(word) for word in words if len(word) >= MIN_NAME]
    if not known:
        return text
    name = rf"(?<!\w)(?:{'|'.join(known)})(?!\w)"
    return re.sub(rf"{name}(?:[ \t]+{name})*", ELLIPSIS, text)


def mark_cuts(before: str, after: str) -> str:
    """Return the text after an edit, with '…' wherever words were taken out and none put in.

    What stands there instead of other words is the editor's own and left alone; so are spaces.
    An edit that takes an '…' out gets it back.
    """
    words = list(_WORD.finditer(after))
    kept = [match[0] for match in words]
    found = LCSseq.opcodes([_bare(word) for word in _WORD.findall(before)], list(map(_bare, kept)))
    cuts = sorted({op.dest_start for op in found if op.tag == "delete"}, reverse=True)
    replaced = {op.dest_start for op in found if op.tag in {"insert", "replace"}}
    replaced |= {op.dest_end for op in found if op.tag in {"insert", "replace"}}
    for place in cuts:
        beside = kept[max(place - 1, 0) : place + 1]
        if place in replaced or any(_is_cut(word) for word in beside):
            continue
        at = words[place].start() if place < len(words) else len(after.rstrip())
        sign = f"{ELLIPSIS} " if place < len(words) else f" {ELLIPSIS}"
        after = after[:at] + (sign if after.strip() else ELLIPSIS) + after[at:]
    return after


def _is_cut(word: str) -> bool:
    """Return whether a word says already that something was left out beside it."""
    return word.strip(_SIGNS) == ELLIPSIS


def _bare(word: str) -> str:
    """Return a word as another one that differs by a full stop or a capital is the same."""
    return word.strip(_SIGNS).casefold() or word
