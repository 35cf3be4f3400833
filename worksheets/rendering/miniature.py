"""A small picture of a sheet, by which its author knows it again in a list."""

from __future__ import annotations

from collections import defaultdict

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from worksheets.markup import (
    BankBlock,
    Block,
    BulletList,
    Heading,
    InterpretationBlock,
    NumberedList,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    QuestionBlock,
    Quotation,
    Sheet,
    Table,
)
from worksheets.rendering.inline import plain

LETTERS = 2_500  # at the beginning of a worksheet's text, of which a picture is made

# In units of the picture: two letters are one.
WIDTH, HEIGHT, MARGIN, LINE = 60, 80, 6, 4
COLUMN = WIDTH - 2 * MARGIN
GAP = 7
_SIGN = "\x1f"  # never in a sheet's text: the parser leaves no control characters


def miniature(sheet: Sheet) -> SafeString:
    """Return a picture of the top of a sheet as SVG: headings, lines, gaps, and boxes.

    It says nothing to a screen reader: the title stands beside it.
    """
    pen = _Pen()
    for block in sheet.blocks:
        pen.block(block)
    lines = ((kind, "".join(path)) for kind, path in pen.paths.items())
    return format_html(
        '<svg class="miniature" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        WIDTH,
        HEIGHT,
        format_html_join("", '<path class="{}" d="{}"/>', lines),
    )


class _Pen:
    """Draws from the top of the sheet to its bottom, and nothing below."""

    def __init__(self) -> None:
        self.paths: defaultdict[str, list[str]] = defaultdict(list)
        self.x, self.y = 0, MARGIN + 2

    def block(self, block: Block) -> None:
        match block:
            case Heading(level, children):
                self.text("title" if level == 1 else "heading", plain(children, _gap))
            case Paragraph(children):
                self.text("text", plain(children, _gap))
            case BulletList(items) | NumberedList(items=items):
                for item in items:
                    for inner in item:
                        self.block(inner)
            case Quotation(blocks) | InterpretationBlock(blocks=blocks):
                for inner in blocks:
                    self.block(inner)
            case OptionsBlock(options):
                for option in options:
                    self.text("text", plain(option.children, _gap))
            case Table(head, rows):
                for row in (head, *rows):
                    self.text("text", " ".join(plain(cell, _gap) for cell in row))
            case BankBlock():
                self.box("bank", 2 * LINE)
            case PictureBlock() | QuestionBlock():
                self.box("box", 3 * LINE)

    def text(self, kind: str, text: str) -> None:
        """Draw the lines of a text, and what follows on a line of its own."""
        for number, piece in enumerate(text.split(_SIGN)):
            if number:
                self._run("gap", GAP)
            self._run(kind, len(piece) // 2)
        self._next(1)

    def box(self, kind: str, height: int) -> None:
        """Draw a box across the column."""
        if self.y + height < HEIGHT:
            path = f"M{MARGIN} {self.y - 1}h{COLUMN}v{height - LINE // 2}h-{COLUMN}z"
            self.paths[kind].append(path)
        self._next(height / LINE)

    def _run(self, kind: str, length: int) -> None:
        while length > 0 and self.y < HEIGHT - MARGIN:
            if self.x >= COLUMN - 1:
                self._next(1)
            part = min(length, COLUMN - self.x)
            self.paths[kind].append(f"M{MARGIN + self.x} {self.y}h{max(part - 1, 1)}")
            self.x += part
            length -= part

    def _next(self, lines: float) -> None:
        self.x, self.y = 0, self.y + int(lines * LINE)


def _gap(key: str) -> str:  # noqa: ARG001
    return _SIGN
