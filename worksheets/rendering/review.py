"""A paper and the sheet that was made of it, side by side: what was taken for what.

Whatever was guessed is a button on either side, named by what it is and where it stands in the
markup; a press opens its menu.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from worksheets.formats.paper.ties import Ties, tie, tied_lines
from worksheets.markup import (
    BankBlock,
    Block,
    Extent,
    Gap,
    Heading,
    OptionsBlock,
    Paragraph,
    QuestionBlock,
    Sheet,
)
from worksheets.markup.bank_words import words_of
from worksheets.markup.source import Line, read_lines
from worksheets.questions import BLANK
from worksheets.rendering.document import Pictures, Widgets
from worksheets.rendering.questions import question_context

MAX_LINES = 3000  # of a paper that are shown
MAX_BLOCKS = 3000  # of a sheet that have a button
MAX_SPLITS = 12  # places in one entry of a bank at which it can be split

# The menus of lines that were taken for something; another has that of plain text.
_MENUS = {
    "heading": "heading",
    "bank": "bank",
    "box": "box",
    "options": "option",
    "item": "item",
}
_LABELS = {
    "heading": gettext_noop("Heading"),
    "bank": gettext_noop("Word bank"),
    "box": gettext_noop("Answer box"),
    "options": gettext_noop("Option"),
}
_OF_LINE = gettext_noop("Line")
_WORD = re.compile(r"[^\W_]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a paper's line; ``gap`` is the number of the gap that it has become, or 0."""

    text: str
    gap: int = 0


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of the paper, and what has become of it.

    ``kind`` is 'heading', 'bank', 'box', 'options', 'item' of a list or quotation, or '', ``block``
    the index of its block in the sheet, ``place`` where it stands in the markup, None if nowhere.
    """

    number: int
    segments: tuple[Segment, ...]
    kind: str
    block: int
    place: Extent | None
    is_after_space: bool = False  # an empty line is above it

    @property
    def marks(self) -> str:
        """Return the further names of its class."""
        names = [f"is-{self.kind}" if self.kind else ""]
        names += ["after-space" if self.is_after_space else "", "" if self.place else "left-out"]
        return "".join(f" {name}" for name in names if name)

    @property
    def label(self) -> str:
        """Return the words for its button."""
        return label_of(self.kind)

    @property
    def html(self) -> SafeString:
        """Return its text, with each gap as a button; nothing else is written between them."""
        return format_html_join("", "{}", ((self._segment(one),) for one in self.segments))

    def _segment(self, segment: Segment) -> SafeString | str:
        if not segment.gap:
            return segment.text
        return format_html(
            '<button class="guess guess-gap" form="review-form" name="menu" value="gap-{0}"'
            ' id="p-gap-{0}-{1}" aria-haspopup="menu" aria-label="{2}">{3}</button>',
            segment.gap,
            self.number,
            _("Gap %(number)s on the paper") % {"number": segment.gap},
            segment.text,
        )

    @property
    def menu(self) -> str:
        """Return the name of its menu, '' if it has none."""
        kind = _MENUS.get(self.kind, "line")
        return f"{kind}-{self.place.start}-{self.place.end}" if self.place else ""


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block of the sheet: where its lines stand in the markup, and what it is."""

    extent: Extent
    kind: str

    @property
    def menu(self) -> str:
        """Return the name of its menu, '' for one that is several lines, such as a list."""
        if self.kind in ("", "options") or self.extent.start == self.extent.end:
            return ""
        kind = "line" if self.kind == "paragraph" else self.kind
        return f"{kind}-{self.extent.start}-{self.extent.end}"


@dataclass(slots=True)
class Side:
    """The paper as it is shown: at most MAX_LINES lines that have something on them."""

    lines: list[PaperLine] = field(default_factory=list)
    more: int = 0


def placed_blocks(sheet: Sheet, source: str) -> list[PlacedBlock]:
    """Return the blocks of a sheet with their places."""
    lines = read_lines(source)
    ends = [*sheet.lines[1:], len(lines) + 1][: len(sheet.lines)]
    placed = []
    for block, first, after in zip(sheet.blocks, sheet.lines, ends, strict=True):
        rows = [line for line in lines[first - 1 : max(after - 1, first)] if not line.blank]
        extent = Extent(rows[0].extent.start, rows[-1].extent.end) if rows else Extent(0, 0)
        if isinstance(block, BankBlock):
            extent = sheet.banks[block.index].extent
        elif isinstance(block, QuestionBlock):
            extent = sheet.question(block.key).extent
        placed.append(PlacedBlock(extent, kind_of(block)))
    return placed


def kind_of(block: Block) -> str:
    """Return what a block is on these pages, '' for one that asks and offers nothing."""
    match block:
        case Heading():
            return "heading"
        case BankBlock():
            return "bank"
        case QuestionBlock():
            return "box"
        case OptionsBlock():
            return "options"
        case Paragraph():
            return "paragraph"
        case _:
            return ""


def label_of(kind: str, number: int = 0) -> str:
    """Return the words for the button of a line or block: 'Answer box 2: change'."""
    name, change = _(_LABELS.get(kind, _OF_LINE)), _("change")
    return f"{name} {number}: {change}" if number else f"{name}: {change}"


def render_block(index: int, placed: PlacedBlock, html: str, number: int, marks: str) -> str:
    """Return a block of the sheet with its button; ``marks`` are further names of its class.

    ``number`` is which of its kind it is, 0 where they are not counted.
    """
    button: SafeString | str = ""
    if placed.menu:
        button = format_html(
            '<button class="guess handle" form="review-form" name="menu" value="{}"'
            ' id="s-block-{}" aria-haspopup="menu" aria-label="{}">'
            '<span aria-hidden="true">⋮</span></button>',
            placed.menu,
            index,
            label_of(placed.kind, number),
        )
    return format_html(
        '<div class="block is-{0}{1}" id="block-{2}" data-block="{2}">{3}{4}</div>',
        placed.kind or "other",
        marks,
        index,
        button,
        mark_safe(html),  # noqa: S308
    )


def paper_side(paper: str, source: str, sheet: Sheet) -> Side:
    """Return the lines of a paper with what has become of them in the sheet."""
    ties = tie(paper, source)
    places = tied_lines(paper, source, ties)
    side = Side()
    after_space = False
    starts = [gap.extent.start for gap in sheet.gaps]
    for line, place in zip(read_lines(paper), places, strict=True):
        if line.blank:
            after_space = True
        elif len(side.lines) == MAX_LINES:
            side.more += 1
        else:
            side.lines.append(_paper_line(line, place, ties, sheet, starts, after_space))
            after_space = False
    return side


def _paper_line(
    line: Line,
    place: int,
    ties: Ties,
    sheet: Sheet,
    starts: Sequence[int],
    is_after_space: bool,
) -> PaperLine:
    extent = ties.extent(line.start, line.start + len(line.text))
    block = max(_last_before(sheet.lines, place), 0)
    has_words = bool(_WORD.search(line.text))
    kind = ""
    if sheet.blocks and (extent or not has_words):
        kind = kind_of(sheet.blocks[block]) or "item"
    if kind == "box" and has_words:
        kind = "options"
    elif kind == "paragraph":
        kind = ""
    segments = tuple(_segments(line, ties, sheet.gaps, starts))
    return PaperLine(line.number, segments, kind, block, extent, is_after_space)


def _last_before(lines: Sequence[int], place: int) -> int:
    """Return the index of the block to which a line belongs: of two on one line the first."""
    at = bisect_right(lines, place) - 1
    while at > 0 and lines[at - 1] == lines[at]:
        at -= 1
    return at


def _segments(
    line: Line, ties: Ties, gaps: Sequence[Gap], starts: Sequence[int]
) -> Iterator[Segment]:
    """Yield the stretches of a line, those that are a gap now apart; ``starts`` are the gaps'."""
    done = 0
    for gap, start, end in _gaps_of(line, ties, gaps, starts):
        if start > done:
            yield Segment(line.text[done:start])
        yield Segment(line.text[start:end], gap.number)
        done = end
    if done < len(line.text):
        yield Segment(line.text[done:])


def _gaps_of(
    line: Line, ties: Ties, gaps: Sequence[Gap], starts: Sequence[int]
) -> Iterator[tuple[Gap, int, int]]:
    """Yield the gaps that stretches of a line have become, with where these begin and end in it."""
    end_of_line = line.start + len(line.text)
    in_markup = ties.extent(line.start, end_of_line)
    if in_markup is None:
        return
    first = max(bisect_right(starts, in_markup.start) - 1, 0)
    for gap in gaps[first : bisect_left(starts, in_markup.end)]:
        if place := ties.on_paper(*gap.extent, line.start, end_of_line):
            yield gap, place.start - line.start, min(place.end - line.start, len(line.text))


class Reviewing:
    """The widgets of a sheet that is reviewed: it looks as pupils will see it, and is pressed."""

    def __init__(self, sheet: Sheet, source: str, pictures: Pictures) -> None:
        self._sheet = sheet
        self._lines = read_lines(source)
        self._gap_of = _("Gap %(number)s of %(count)s")
        self.widgets = Widgets(
            gap=self._gap, question=self._question, bank=self._bank, picture=pictures
        )

    def _gap(self, key: str) -> str:
        gap = self._sheet.gap(key)
        return format_html(
            '<button class="guess guess-gap" form="review-form" name="menu" value="gap-{0}"'
            ' id="s-gap-{0}" aria-haspopup="menu" aria-label="{1}"><span class="gap-number">{0}'
            "</span></button>",
            gap.number,
            self._gap_of % {"number": gap.number, "count": len(self._sheet.gaps)},
        )

    def _bank(self, index: int) -> str:
        bank = self._sheet.banks[index]
        words = [
            (at, line.text, list(_parts(line.text)))
            for at, line in enumerate(words_of(self._lines, bank))
        ]
        context = {"index": index, "bank": bank, "words": words, "last": len(words) - 1}
        return render_to_string("worksheets/authoring/review_bank.html", context)

    def _question(self, key: str) -> str:
        question = self._sheet.question(key)
        context = question_context(question, BLANK) | {"rows": 3, "error": "", "comment": ""}
        html = render_to_string(f"worksheets/questions/{question.kind}/fill.html", context)
        return format_html('<div class="as-seen" inert>{}</div>', html)


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words of an entry, each with the offset of the space after it, 0 if none can be.

    Beyond MAX_SPLITS the rest is one part.
    """
    done = 0
    for space in list(_SPACE.finditer(text))[:MAX_SPLITS]:
        yield text[done : space.start()], space.start()
        done = space.end()
    yield text[done:], 0
