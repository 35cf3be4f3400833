"""The presses of a review: read from their forms, and done to the text.

A button says 'not-gap:3', 'heading:120-155', 'split:0-2-14': what, and where that stands. Of what
was selected come the lines of the paper, or the block of the sheet, in which it begins and ends,
each with its text up to there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from worksheets.formats.paper.terms import WordCounts, split_terms
from worksheets.formats.paper.ties import tie
from worksheets.markup import Bank, Extent, Gap, Sheet, picture_lines
from worksheets.markup.bank_words import join_words, remove_word, split_word
from worksheets.markup.editing import CannotEdit, make_gap, set_marks
from worksheets.markup.reshaping import (
    clear_gap,
    drop_name_line,
    gap_to_box,
    to_bank,
    to_box,
    to_heading,
    to_option,
    to_plain,
)
from worksheets.markup.source import read_lines
from worksheets.questions import KINDS, parse_sheet
from worksheets.rendering.review import placed_blocks

_SPACES = re.compile(r"[^\S\t\n]{3,}")
MAX_WORDS = 500  # characters that say what a picture shows
MAX_BANK = 5_000  # characters of the lines that become a bank
MAX_SELECTED = 5_000  # characters of a selection, and of what stands before it

_BUTTON = re.compile(r"([a-z-]{2,20}):([0-9]{1,7}(?:-[0-9]{1,7}){0,2})", re.ASCII)
_SELECTIONS = {"make-gap", "make-bank"}

_GAPS: dict[str, Callable[[str, Gap], str]] = {
    "not-gap": lambda source, gap: clear_gap(source, gap, KINDS.values()),
    "name-line": lambda source, gap: drop_name_line(source, gap, KINDS.values()),
    "gap-box": lambda source, gap: gap_to_box(source, gap, KINDS.values()),
}
_LINES: dict[str, Callable[[str, Extent], str]] = {
    "heading": lambda source, extent: to_heading(source, extent, KINDS.values()),
    "option": lambda source, extent: to_option(source, extent, KINDS.values()),
    "box": lambda source, extent: to_box(source, extent, KINDS.values()),
    "plain": lambda source, extent: to_plain(source, extent, KINDS.values()),
    "no-box": lambda source, extent: to_plain(source, extent, KINDS.values()),
    "no-question": lambda source, extent: to_plain(source, extent, KINDS.values()),
}
# How many numbers say where it is.
_COUNTS = {
    **dict.fromkeys(_GAPS, 1),
    **dict.fromkeys(_LINES, 2),
    **{"bank": 2, "split": 3, "join": 2, "remove": 2, "yes": 2, "marks": 1},
    **{"describe": 1, "no-picture": 1},
}


class BadPress(Exception):
    """The error for a form that no button of the page sends."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The place where a selection begins or ends: a line or block, and its text up to there."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A selected text of the paper, or of one block of the sheet."""

    is_paper: bool
    start: Edge
    end: Edge


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, and where; ``words`` are what was typed with it."""

    action: str
    numbers: tuple[int, ...] = ()
    selection: Selection | None = None
    words: str = ""

    @property
    def shown_number(self) -> int:
        """Return the number by which the step is told of later: that of a gap, else 0."""
        return self.numbers[0] if self.action in _GAPS else 0

    def applied(self, source: str, paper: str) -> str:
        """Return the text with what was asked for. Raise CannotEdit if it cannot be."""
        sheet = parse_sheet(source)
        if self.action in _GAPS:
            return _GAPS[self.action](source, _gap(sheet, self.numbers[0]))
        if self.action in _LINES:
            return _LINES[self.action](source, Extent(*self.numbers))
        if self.selection is not None:
            return self._with_selection(self.selection, source, paper, sheet)
        if self.action == "bank":
            extent = Extent(*self.numbers)
            return to_bank(source, extent, _terms(source, paper, extent, sheet), KINDS.values())
        if self.action == "marks":
            marks = Decimal(self.numbers[0])
            return set_marks(source, sheet.without_marks, marks, KINDS.values())
        if self.action == "describe":
            return picture_lines.describe(source, self.numbers[0], self.words, KINDS.values())
        if self.action == "no-picture":
            return picture_lines.remove(source, self.numbers[0], KINDS.values())
        bank, index = _bank(sheet, self.numbers[0]), self.numbers[1]
        if self.action == "split":
            return split_word(source, bank, index, self.numbers[2], KINDS.values())
        if self.action == "join":
            return join_words(source, bank, index, KINDS.values())
        return remove_word(source, bank, index, KINDS.values())

    def _with_selection(self, selection: Selection, source: str, paper: str, sheet: Sheet) -> str:
        extent, text = _selected(selection, source, paper, sheet)
        if self.action == "make-gap":
            return make_gap(source, extent, KINDS.values())
        rows = [row for row in text.splitlines() if row.strip()]
        return to_bank(source, extent, _split(rows, paper, sheet), KINDS.values())


def read_press(posted: Mapping[str, str]) -> Press:
    """Return what a form asks for. Raise BadPress if no button of the page sends it."""
    action = posted.get("do", "")
    if action in _SELECTIONS:
        return Press(action, selection=_read_selection(posted))
    if action == "marks":
        action = f"marks:{posted.get('marks', '')}"
    if action == "described":
        action = _described(posted)
    match = _BUTTON.fullmatch(action)
    if match is None:
        raise BadPress
    numbers = tuple(map(int, match[2].split("-")))
    if _COUNTS.get(match[1]) != len(numbers):
        raise BadPress
    words = posted.get(f"words-{numbers[0]}", "") if match[1] == "describe" else ""
    if len(words) > MAX_WORDS:
        raise CannotEdit
    return Press(match[1], numbers, words=words)


def _described(posted: Mapping[str, str]) -> str:
    """Return the button of the first picture for which something was typed."""
    for name, words in posted.items():
        if name.startswith("words-") and words.strip():
            return f"describe:{name.removeprefix('words-')}"
    raise CannotEdit


def _read_selection(posted: Mapping[str, str]) -> Selection:
    side = posted.get("side", "")
    edges = []
    for name in ("start", "end"):
        number, text = posted.get(f"{name}-at", ""), posted.get(f"{name}-text", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 8):
            raise BadPress
        if len(text) > MAX_SELECTED:
            raise CannotEdit
        edges.append(Edge(int(number), text.replace("\r\n", "\n")))
    if side not in ("paper", "sheet"):
        raise BadPress
    return Selection(side == "paper", *edges)


def _gap(sheet: Sheet, number: int) -> Gap:
    if not 0 < number <= len(sheet.gaps):
        raise CannotEdit
    return sheet.gaps[number - 1]


def _bank(sheet: Sheet, index: int) -> Bank:
    if not index < len(sheet.banks):
        raise CannotEdit
    return sheet.banks[index]


def _selected(selection: Selection, source: str, paper: str, sheet: Sheet) -> tuple[Extent, str]:
    """Return where a selected text stands in the markup, and the text.

    Raise CannotEdit if it stands nowhere.
    """
    first, last = selection.start, selection.end
    if selection.is_paper:
        starts = [line.start for line in read_lines(paper)]
        if not all(0 < edge.number <= len(starts) for edge in (first, last)):
            raise CannotEdit
        start, end = (starts[edge.number - 1] + len(edge.text) for edge in (first, last))
        text, offset, extent = paper[start:end], 0, tie(paper, source).extent(start, end)
    else:
        blocks = placed_blocks(sheet, source)
        if first.number != last.number or first.number >= len(blocks):
            raise CannotEdit
        place = blocks[first.number].extent
        start, end = len(first.text), len(last.text)
        text, offset = last.text[start:end], place.start
        extent = tie(last.text, source[slice(*place)]).extent(start, end)
    if extent is None:
        raise CannotEdit
    return Extent(extent.start + offset, extent.end + offset), text


def _terms(source: str, paper: str, extent: Extent, sheet: Sheet) -> list[str]:
    """Return the entries of a bank: the paper's lines there, whose spaces may be all that tells."""
    ties = tie(paper, source)
    rows = []
    for line in read_lines(paper):
        place = ties.extent(line.start, line.start + len(line.text))
        if place and place.start < extent.end and extent.start < place.end:
            rows.append(line.text)
    return _split(rows or [source[slice(*extent)]], paper, sheet)


def _split(rows: list[str], paper: str, sheet: Sheet) -> list[str]:
    # What separates terms is looked for at each space: a run of them says no more than two do.
    rows = [_SPACES.sub("  ", row) for row in rows]
    if sum(map(len, rows)) > MAX_BANK:
        raise CannotEdit
    return split_terms(rows, len(sheet.gaps), WordCounts(paper))
