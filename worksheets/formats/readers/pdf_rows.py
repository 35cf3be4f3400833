"""The items of a PDF's pages as lines of a paper, with empty lines where there is space."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .pdf_layout import Block
from .pdf_pictures import Picture
from .rows import Place, Row, escape

LARGE = 1.15  # times the size of the text: a heading
SPACE = 1.35  # times the usual distance of lines: a new paragraph
RULE = 0.8  # of the text's width: a line of this length may only divide


def with_pictures(items: Sequence[Block], pictures: Sequence[Picture]) -> list[Block]:
    """Return the items of a page with its pictures, each below what stands above it."""
    placed = list(items)
    for picture in pictures:
        bounds = picture.bounds
        middle = (bounds.top + bounds.bottom) / 2
        above = [
            at
            for at, item in enumerate(placed)
            if item.left < bounds.right
            and bounds.left < item.right
            and (item.top + item.bottom) / 2 < middle
            and item.bottom < bounds.bottom
        ]
        below = [at for at, item in enumerate(placed) if item.top >= bounds.top]
        # Beside nothing, it stands before what begins below its upper edge.
        place = max(above) + 1 if above else min(below, default=len(placed))
        block = Block("picture", bounds.left, bounds.right, bounds.top, bounds.bottom)
        block.picture = picture.content
        placed.insert(place, block)
    return placed


def rows_of(
    pages: Sequence[Sequence[Block]], sizes: Sequence[tuple[float, float]] = ()
) -> list[Row]:
    """Return the lines of all pages; with the pages' ``sizes`` each knows its place."""
    lines = [block for items in pages for block in items if block.kind == "line"]
    lines += [inner for items in pages for block in items for inner in block.inner if inner.text]
    writer = _Writer(lines)
    for number, items in enumerate(pages):
        width, height = sizes[number] if sizes else (0.0, 0.0)
        writer.page = _Sheet(number, width, height)
        writer.add(items)
    return writer.rows


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page: its number, from 0, and its size."""

    number: int
    width: float
    height: float

    def place(self, block: Block) -> Place | None:
        """Return where a block stands; None if the page's size is not known."""
        if not (self.width and self.height):
            return None
        return Place(
            self.number,
            *(
                round(min(max(at, 0.0), 1.0), 4)
                for at in (
                    block.left / self.width,
                    block.top / self.height,
                    block.right / self.width,
                    block.bottom / self.height,
                )
            ),
        )


class _Writer:
    def __init__(self, lines: Sequence[Block]) -> None:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[_rounded(line.size)] += len(line.text)
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        large = sorted((size for size in sizes if size > self.body * LARGE), reverse=True)
        self.levels = {size: min(at + 1, 6) for at, size in enumerate(large)}
        gaps = [
            below.top - above.top
            for above, below in pairwise(lines)
            if 0 < below.top - above.top < 4 * above.size
        ]
        self.step = _usual(gaps) if gaps else 0.0
        self.left = min((line.left for line in lines), default=0.0)
        self.right = max((line.right for line in lines), default=0.0)
        self.rows: list[Row] = []
        self.page = _Sheet(0, 0.0, 0.0)
        self.boxes = 0
        self.tables = 0

    def add(self, items: Sequence[Block]) -> None:
        """Add the items of one page."""
        above: Block | None = None
        texts = [block for block in items if block.kind != "picture"]
        at = -1
        for block in items:
            if block.kind == "picture":
                place = self.page.place(block)
                self.rows.append(Row("", picture=block.picture, place=place))
                continue
            at += 1
            if above is not None and self._is_apart(above, block):
                self._blank()
            match block.kind:
                case "line":
                    self._line(block)
                case "blank":
                    self._to_write_on(texts, at)
                case "box":
                    self._box(block)
                case "table":
                    self._table(block)
            above = block

    def _blank(self) -> None:
        last = next((row for row in reversed(self.rows) if not row.picture), Row(""))
        if last:
            self.rows.append(Row(""))

    def _is_apart(self, above: Block, block: Block) -> bool:
        if block.kind != "line" or above.kind != "line" or block.column != above.column:
            return True
        if abs(block.size - above.size) > 0.12 * above.size or block.bold is not above.bold:
            return True
        step = block.top - above.top
        return step < 0 or step > SPACE * max(self.step, above.size)

    def _line(self, block: Block, box: int = 0) -> None:
        level = 0 if box else self.levels.get(_rounded(block.size), 0)
        self.rows.append(
            Row(
                escape(block.text),
                level=level,
                bold=block.bold,
                box=box,
                ready=True,
                place=self.page.place(block),
            )
        )

    def _to_write_on(self, items: Sequence[Block], at: int) -> None:
        block = items[at]
        neighbours = [items[near] for near in (at - 1, at + 1) if 0 <= near < len(items)]
        alone = not any(near.kind == "blank" for near in neighbours)
        before = self._last_text()
        wide = block.right - block.left > RULE * (self.right - self.left)
        if (
            alone
            and wide
            and block.bottom - block.top < 8
            and not before.endswith(("?", ":", ")", "]"))
        ):
            self.rows += [Row("---", ready=True), Row("")]
            return
        width = max(4, round((block.right - block.left) / max(self.body * 0.45, 2)))
        place = self.page.place(block)
        self.rows.append(Row("_" * min(width, 200), ready=True, place=place))

    def _last_text(self) -> str:
        return next((row for row in reversed(self.rows) if row.strip()), "")

    def _box(self, block: Block) -> None:
        self.boxes += 1
        self._blank()
        for inner in block.inner:
            if inner.kind == "line":
                self._line(inner, self.boxes)
            else:
                place = self.page.place(inner)
                self.rows.append(Row("_" * 60, box=self.boxes, ready=True, place=place))
        self._blank()

    def _table(self, block: Block) -> None:
        self.tables += 1
        self._blank()
        cells = [cell for row in block.cells for cell in row]
        empty = sum(not cell.strip() for cell in cells)
        puzzle = len(cells) > 30 and empty * 2 > len(cells)
        for at, row in enumerate(block.cells):
            top, bottom = block.rows[at] if at < len(block.rows) else (block.top, block.bottom)
            place = self.page.place(replace(block, top=top, bottom=bottom))
            texts = [escape(" ".join(cell.split())).replace("|", "\\|") for cell in row]
            if any(texts) and len(row) > 1:
                self.rows.append(
                    Row(
                        f"| {' | '.join(texts)} |",
                        table=self.tables,
                        layout=puzzle,
                        ready=True,
                        place=place,
                    )
                )
            elif any(texts):
                self.rows.append(Row(texts[0], whole=True, ready=True, place=place))
        self._blank()


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _usual(gaps: Sequence[float]) -> float:
    """Return the distance that most lines have: the smaller half says more than spaces do."""
    ordered = sorted(gaps)
    return statistics.median(ordered[: max(1, len(ordered) * 2 // 3)])
