"""Ordinary text between the special pieces: paragraphs, lists, quotations, tables, rules.

Much of Markdown's block grammar, with the paper's bullets, without what would swallow
pasted text: no code blocks, no quotation inside a paragraph, no underlined headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import lines as marks
from .inline import Reader
from .messages import Message as _
from .sheet import (
    Block,
    BulletList,
    Heading,
    HorizontalRule,
    NumberedList,
    Paragraph,
    Quotation,
    Table,
)
from .source import Line, span
from .tables import is_table, split_row

MAX_DEPTH = 6  # lists and quotations within each other; deeper ones are plain text
INDENT = 2  # how much further in than its mark a line has to be to belong to an item


@dataclass(frozen=True, slots=True)
class _Mark:
    """The bullet or number that begins an item."""

    number: int | None  # None for a bullet
    bullet: str
    indent: int
    content: Line

    def precedes(self, other: _Mark | None) -> bool:
        """Return whether the other mark begins the next item of the same list."""
        if other is None or other.indent >= self.indent + INDENT:
            return False
        if self.number is None or other.number is None:
            return self.number is other.number and self.bullet == other.bullet
        return other.number == self.number + 1


class Flow:
    """A reader of ordinary text, which remembers the last number of a list."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.last_number = 0

    def read(self, lines: Sequence[Line], depth: int = 0) -> list[Block]:
        """Return the blocks of lines; ``depth`` counts the lists and quotations around them."""
        return [block for block, _line in self.read_numbered(lines, depth)]

    def read_numbered(self, lines: Sequence[Line], depth: int = 0) -> list[tuple[Block, int]]:
        """Return the blocks of lines, each with the number of the line on which it begins."""
        blocks: list[tuple[Block, int]] = []
        at = 0
        while at < len(lines):
            if lines[at].blank:
                at += 1
                continue
            number = lines[at].number
            block, at = self._block(lines, at, depth)
            blocks.append((block, number))
        return blocks

    def _block(self, lines: Sequence[Line], at: int, depth: int) -> tuple[Block, int]:
        line = lines[at]
        if marks.RULE.match(line.text):
            return HorizontalRule(), at + 1
        if is_table(lines, at):
            return self._table(lines, at)
        if heading := marks.HEADING.match(line.text):
            text = span([line.cut(heading.end())])
            return Heading(len(heading[1]), self.reader.read(text)), at + 1
        if depth < MAX_DEPTH and marks.QUOTATION.match(line.text):
            return self._quotation(lines, at, depth)
        if depth < MAX_DEPTH and (mark := _mark(line)):
            return self._list(lines, at, mark, depth)
        return self._paragraph(lines, at)

    def _paragraph(self, lines: Sequence[Line], at: int) -> tuple[Block, int]:
        end = at + 1
        while end < len(lines) and not self._interrupts(lines, end):
            end += 1
        return Paragraph(self.reader.read(span(lines[at:end]))), end

    def _interrupts(self, lines: Sequence[Line], at: int) -> bool:
        """Return whether a line ends the paragraph above it, without an empty line between."""
        line = lines[at]
        if line.blank or marks.RULE.match(line.text) or marks.HEADING.match(line.text):
            return True
        mark = _mark(line)
        if mark is None:
            return is_table(lines, at)
        if mark.number is not None:
            # A wrapped line may begin with any number, as a date does; a list goes on.
            return mark.number in (1, self.last_number + 1) and not mark.content.blank
        return mark.bullet != "–"  # a dash at the line's start is usually part of a sentence

    def _quotation(self, lines: Sequence[Line], at: int, depth: int) -> tuple[Block, int]:
        inner: list[Line] = []
        while at < len(lines) and (match := marks.QUOTATION.match(lines[at].text)):
            inner.append(lines[at].cut(match.end()))
            at += 1
        return Quotation(tuple(self.read(inner, depth + 1))), at

    def _table(self, lines: Sequence[Line], at: int) -> tuple[Block, int]:
        head = split_row(lines[at])
        rows = []
        end = at + 2
        while end < len(lines) and "|" in lines[end].text:
            rows.append(split_row(lines[end]))
            if len(rows[-1]) != len(head):
                message = _(
                    "This row has %(cells)s cells, but the table has %(head)s columns.",
                    cells=len(rows[-1]),
                    head=len(head),
                )
                self.reader.problems.warning("uneven-table", lines[end].extent, message)
            end += 1
        read = self.reader.read
        first = tuple(read(cell) for cell in head)
        return Table(first, tuple(tuple(read(cell) for cell in row) for row in rows)), end

    def _list(self, lines: Sequence[Line], at: int, mark: _Mark, depth: int) -> tuple[Block, int]:
        first = mark.number
        items: list[tuple[Block, ...]] = []
        following: _Mark | None = mark
        while following and (not items or mark.precedes(following)):
            mark = following
            if mark.number is not None:
                self.last_number = mark.number
            inner, at = self._item(lines, at, mark)
            items.append(tuple(self.read(inner, depth + 1)))
            ahead = _next(lines, at)
            following = _mark(lines[ahead]) if ahead < len(lines) else None
            if following and mark.precedes(following):
                at = ahead
        if first is None:
            return BulletList(tuple(items)), at
        return NumberedList(first, tuple(items)), at

    def _item(self, lines: Sequence[Line], at: int, mark: _Mark) -> tuple[list[Line], int]:
        """Return the lines of one item, and the index of the line after it."""
        inner = [mark.content]
        inside = mark.indent + INDENT
        width = max(inside, mark.content.start - lines[at].start)
        at += 1
        while at < len(lines):
            ahead = _next(lines, at)
            if ahead == len(lines):
                break
            line = lines[ahead]
            is_next_item = mark.precedes(_mark(line)) or self._interrupts(lines, ahead)
            if line.indent < inside and (ahead > at or is_next_item):
                break
            inner.extend(lines[at:ahead])
            inner.append(line.outdented(width))
            at = ahead + 1
        return inner, at


def _mark(line: Line) -> _Mark | None:
    if match := marks.BULLET.match(line.text):
        bullet = match[1] or match[2]
        return _Mark(None, bullet, line.indent, line.cut(match.end()))
    if match := marks.NUMBER.match(line.text):
        return _Mark(int(match[1]), "", line.indent, line.cut(match.end()))
    return None


def _next(lines: Sequence[Line], at: int) -> int:
    """Return the index of the first line from ``at`` on that is not blank, or the end's."""
    while at < len(lines) and lines[at].blank:
        at += 1
    return at
