"""Two texts side by side, line by line: what is the same, what has gone, what has come. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_LINES = 2_000  # that are matched one by one; more of them are one change
AROUND = 2  # lines that are the same and are shown on each side of a change


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of both texts: ``kind`` is 'same', 'removed', 'added' or 'skipped'.

    Of what is skipped only the number of lines is kept, in ``count``.
    """

    kind: str
    lines: tuple[str, ...]
    count: int


def compared(before: str, after: str) -> list[Stretch]:
    """Return what makes one text of the other, in its order; nothing if they are the same."""
    if before == after:
        return []
    return list(_shortened(list(_stretches(before.splitlines(), after.splitlines()))))


def count_same(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many of the first lines, or letters, are the same in both."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((at for at, (first, second) in pairs if first != second), shorter)


def _stretches(before: Sequence[str], after: Sequence[str]) -> Iterator[Stretch]:
    head = count_same(before, after)
    old, new = before[head:], after[head:]
    tail = count_same(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    yield _stretch("same", before[:head])
    if max(len(old), len(new)) > MAX_LINES:
        yield _stretch("removed", old)
        yield _stretch("added", new)
    else:
        for tag, i, j, k, n in SequenceMatcher(None, old, new).get_opcodes():
            if tag == "equal":
                yield _stretch("same", old[i:j])
            else:
                yield _stretch("removed", old[i:j])
                yield _stretch("added", new[k:n])
    yield _stretch("same", before[len(before) - tail :])


def _stretch(kind: str, lines: Sequence[str]) -> Stretch:
    return Stretch(kind, tuple(lines), len(lines))


def _shortened(rows: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches; of lines that are the same only those next to a change."""
    for at, row in enumerate(rows):
        if not row.lines:
            continue
        if row.kind != "same":
            yield row
            continue
        first = 0 if at == 0 else AROUND
        last = 0 if at == len(rows) - 1 else AROUND
        if row.count <= first + last + 1:
            yield row
            continue
        if first:
            yield _stretch("same", row.lines[:first])
        yield Stretch("skipped", (), row.count - first - last)
        if last:
            yield _stretch("same", row.lines[-last:])
