"""The tie between a paper's text and the markup that was made of it: what stands where.

Only letters, digits and blanks are compared, however they are spaced, marked or wrapped: an import
joins lines, adds marks and boxes, and leaves out what stands at the edge of a page, but it keeps
the words in their order. Stretches that occur once on each side hold the two together, long ones
first; what stands between them is compared by itself. So a change in one place moves nothing
elsewhere, and the time is nearly linear, whatever the texts are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worksheets.markup.source import Extent, read_lines

STRETCHES = (24, 10, 5, 3, 2)  # characters that occur once on each side
_BLANK = "\0"  # a blank of any length and look; no text that is read has this character
_SIGN = re.compile(r"(_{3,}|(?:\. ){3,}\.+|[.…]{3,}|…|\?{3,})|[^\W_]")


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of characters that are the same, as extents in the paper and in the markup.

    Both sequences rise. A blank is one character there, however long it is.
    """

    paper: Sequence[Extent]
    markup: Sequence[Extent]

    def extent(self, start: int, end: int) -> Extent | None:
        """Return where the paper's characters from ``start`` to ``end`` stand in the markup.

        None if nothing of them does.
        """
        first, last = (bisect_left(self.paper, (offset, -1)) for offset in (start, end))
        return _around(self.markup[first:last])

    def on_paper(self, start: int, end: int, first: int, last: int) -> Extent | None:
        """Return where the markup's characters from ``start`` to ``end`` stand on the paper.

        Of these only such as begin there from ``first`` to ``last``; None if none does.
        """
        from_, to = (bisect_left(self.markup, (offset, -1)) for offset in (start, end))
        from_ = max(from_, bisect_left(self.paper, (first, -1)))
        to = min(to, bisect_left(self.paper, (last, -1)))
        return _around(self.paper[from_:to])

    def before(self, offset: int) -> int:
        """Return where the last character that stands before ``offset`` is in the markup, or 0."""
        at = bisect_left(self.paper, (offset, -1))
        return self.markup[at - 1].start if at else 0


def _around(places: Sequence[Extent]) -> Extent | None:
    """Return the extent from the first of the places to the last, None if there is none."""
    return Extent(places[0].start, places[-1].end) if places else None


def tie(paper: str, markup: str) -> Ties:
    """Return what is the same in a paper's text and in its markup."""
    here, here_at = _signs(paper)
    there, there_at = _signs(markup)
    pairs = sorted(_matches(here, there))
    return Ties([here_at[i] for i, _j in pairs], [there_at[j] for _i, j in pairs])


def tied_lines(paper: str, markup: str, ties: Ties) -> list[int]:
    """Return for each line of the paper the line of the markup, from 1, at which it has its place.

    The places are in the order of the lines. A line of which nothing is left has that of what
    stands above it.
    """
    starts = [line.start for line in read_lines(markup)]
    places = []
    for line in read_lines(paper):
        end = line.start + len(line.text)
        extent = ties.extent(line.start, end)
        offset = extent.start if extent else ties.before(line.start)
        places.append(max(bisect_right(starts, offset), 1))
    return places


def _signs(text: str) -> tuple[str, list[Extent]]:
    """Return the letters, digits and blanks of a text, and where each of them stands."""
    matches = list(_SIGN.finditer(text))
    signs = "".join(_BLANK if match[1] else match[0] for match in matches)
    return signs, [Extent._make(match.span()) for match in matches]


def _matches(here: str, there: str) -> Iterator[tuple[int, int]]:
    """Yield offsets of characters that are the same on both sides; no two pairs cross."""
    waiting = [(0, len(here), 0, len(there), 0)]
    while waiting:
        start, end, start_there, end_there, level = waiting.pop()
        while start < end and start_there < end_there and here[start] == there[start_there]:
            yield start, start_there
            start, start_there = start + 1, start_there + 1
        while start < end and start_there < end_there and here[end - 1] == there[end_there - 1]:
            end, end_there = end - 1, end_there - 1
            yield end, end_there
        if start == end or start_there == end_there or level == len(STRETCHES):
            continue
        size = STRETCHES[level]
        once = _rising(_once_on_each(here, start, end, there, start_there, end_there, size))
        yield from once
        edges = [(start - 1, start_there - 1), *once, (end, end_there)]
        waiting += [
            (i + 1, next_i, j + 1, next_j, level + 1)
            for (i, j), (next_i, next_j) in pairwise(edges)
            if i + 1 < next_i and j + 1 < next_j
        ]


def _once_on_each(
    here: str, start: int, end: int, there: str, start_there: int, end_there: int, size: int
) -> list[tuple[int, int]]:
    """Return where stretches of so many characters begin that occur once on each side."""
    rows = [here[at : at + size] for at in range(start, end - size + 1)]
    rows_there = [there[at : at + size] for at in range(start_there, end_there - size + 1)]
    counts, counts_there = Counter(rows), Counter(rows_there)
    places = {row: at for at, row in enumerate(rows_there, start_there) if counts_there[row] == 1}
    return [
        (at, places[row])
        for at, row in enumerate(rows, start)
        if counts[row] == 1 and row in places
    ]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of the pairs, whose first values rise, in which the second do too."""
    lasts: list[int] = []  # the smallest second value with which a run of each length ends
    ends: list[int] = []  # the pair that it belongs to
    before: list[int] = []
    for at, (_i, j) in enumerate(pairs):
        length = bisect_left(lasts, j)
        before.append(ends[length - 1] if length else -1)
        lasts[length : length + 1] = [j]
        ends[length : length + 1] = [at]
    run = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]
