"""The rendering of blocks as HTML, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from worksheets.markup import (
    BankBlock,
    Block,
    BulletList,
    Heading,
    HorizontalRule,
    Inline,
    InterpretationBlock,
    NumberedList,
    Option,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    QuestionBlock,
    Quotation,
    Sheet,
    Table,
)
from worksheets.rendering.direction import attribute, direction, page_direction
from worksheets.rendering.inline import plain, render_inline


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The address of a picture, and its size in pixels, for which the page keeps room."""

    url: str
    width: int | str
    height: int | str


Pictures = Callable[[str], PictureFile | None]
"""A function that returns the picture of a name, None for one that was not uploaded."""


@dataclass(frozen=True, slots=True)
class Widgets:
    """The HTML in the places of gaps, questions and banks, and the pictures."""

    gap: Callable[[str], str]
    question: Callable[[str], str]
    bank: Callable[[int], str]
    picture: Pictures


def render_sheet(
    sheet: Sheet,
    widgets: Widgets,
    below: int = 1,
    around: Callable[[int, str], str] | None = None,
) -> SafeString:
    """Return the whole sheet as HTML: its parts as sections, then its footnotes.

    ``below`` is the level of the page's heading that the sheet stands under; 0 where the page has
    none, so that the sheet's title is the page's. ``around`` returns what stands for the HTML of
    one of the sheet's blocks, by its index.
    """
    document = _Document(sheet, widgets, _Outline(below))
    title = ""
    if below == 0 and not _begins_with_title(sheet):
        words = document.heading(1, escape(sheet.title or _("Worksheet")), "")
        title = f'<div class="visually-hidden">{words}</div>'
    part = f'<section class="part"{language_of(sheet)}>'
    numbers = iter(range(len(sheet.blocks)))

    def html(blocks: Iterable[Block]) -> str:
        if around is None:
            return document.blocks(blocks)
        return "".join(around(next(numbers), document.blocks([block])) for block in blocks)

    parts = [f"{part}{html(blocks)}</section>" for blocks in _parts(sheet)]
    return mark_safe("".join([title, *parts, document.footnotes(sheet)]))  # noqa: S308


def language_of(sheet: Sheet) -> SafeString:
    """Return the attribute that names the language of the sheet's text, if it names one."""
    language = sheet.settings.language
    return format_html(' lang="{}"', language) if language else mark_safe("")


def _begins_with_title(sheet: Sheet) -> bool:
    headings = (block for block in sheet.blocks if isinstance(block, Heading))
    first = next(headings, None)
    return first is not None and first.level == 1


def _parts(sheet: Sheet) -> Iterable[Sequence[Block]]:
    """Yield the blocks from one level-2 heading to the next: a word bank stays in sight there."""
    part: list[Block] = []
    for block in sheet.blocks:
        if isinstance(block, Heading) and block.level == 2 and part:
            yield part
            part = []
        part.append(block)
    if part:
        yield part


class _Outline:
    """The levels of a sheet's headings on its page, where none is skipped and one is the first.

    Teachers choose a level by its look, and a page may have a heading above the sheet.
    """

    def __init__(self, below: int) -> None:
        self._below = below
        self._open: list[int] = []  # the sheet's levels of the headings that we are under

    def level(self, level: int) -> int:
        """Return the level on the page of the sheet's next heading, which has this level there."""
        if self._below == 0:
            self._below = 1
            return 1
        while self._open and self._open[-1] >= level:
            self._open.pop()
        self._open.append(level)
        return min(self._below + len(self._open), 6)


class _Document:
    """A walk over one sheet's blocks, in their order."""

    def __init__(self, sheet: Sheet, widgets: Widgets, outline: _Outline) -> None:
        self._sheet = sheet
        self._widgets = widgets
        self._outline = outline
        self._around = page_direction()  # in which what stands around the next block is written

    def heading(self, level: int, words: str, written: str) -> str:
        """Return a heading with the look of its level in the sheet; ``written`` says how."""
        tag = f"h{self._outline.level(level)}"
        return f'<{tag} class="level-{level}"{written}>{words}</{tag}>'

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _written(self, nodes: Iterable[Inline]) -> str:
        """Return the attribute for the direction of a text, '' where it is that around it."""
        return attribute(direction([plain(nodes, _no_gap)], self._around), self._around)

    @contextmanager
    def _within(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield the attribute of an element with these blocks, which stand in its direction."""
        around = self._around
        self._around = direction(_texts(blocks), around)
        yield attribute(self._around, around)
        self._around = around

    def footnotes(self, sheet: Sheet) -> str:
        if not sheet.footnotes:
            return ""
        notes = [
            format_html(
                '<li id="footnote-{0}" value="{0}">{1}'
                ' <a href="#footnote-mark-{0}" aria-label="{2}">↩</a></li>',
                note.number,
                self._inline(note.children),
                _("Back to the text"),
            )
            for note in sheet.footnotes
        ]
        written = self._written(node for note in sheet.footnotes for node in note.children)
        return f'<ol class="footnotes"{language_of(sheet)}{written}>{"".join(notes)}</ol>'

    def _inline(self, nodes: Iterable[Inline]) -> SafeString:
        return render_inline(nodes, self._widgets.gap)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(children):
                return f"<p{self._written(children)}>{self._inline(children)}</p>"
            case Heading(level, children):
                return self.heading(level, self._inline(children), self._written(children))
            case BulletList(items):
                with self._within(chain.from_iterable(items)) as written:
                    return f"<ul{written}>{''.join(map(self._item, items))}</ul>"
            case NumberedList(start, items):
                with self._within(chain.from_iterable(items)) as written:
                    rows = "".join(map(self._item, items))
                    return f'<ol start="{start}"{written}>{rows}</ol>'
            case Quotation(blocks):
                with self._within(blocks) as written:
                    return f"<blockquote{written}>{self.blocks(blocks)}</blockquote>"
            case BankBlock(index):
                return self._widgets.bank(index)
            case QuestionBlock(key):
                return self._widgets.question(key)
            case OptionsBlock(options):
                return self._options(options)
            case InterpretationBlock():
                return self._interpretation(block)
            case PictureBlock():
                return self._picture(block)
            case Table():
                return self._table(block)
            case HorizontalRule():
                return "<hr>"

    def _item(self, blocks: Sequence[Block]) -> str:
        # A lone paragraph needs no <p>: lists stay as tight as on paper.
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            children = blocks[0].children
            return f"<li{self._written(children)}>{self._inline(children)}</li>"
        return f"<li>{self.blocks(blocks)}</li>"

    def _options(self, options: Sequence[Option]) -> str:
        texts = [plain(option.children, _no_gap) for option in options]
        written = attribute(direction(texts, self._around), self._around)
        rows = format_html_join(
            "", "<li><b>({})</b> {}</li>", ((o.label, self._inline(o.children)) for o in options)
        )
        return f'<ul class="options"{written}>{rows}</ul>'

    def _interpretation(self, block: InterpretationBlock) -> str:
        words = format_html(
            '<span class="label">{}.</span> {}', block.label, " > ".join(block.order)
        )
        written = attribute(direction(block.order, self._around), self._around)
        heading = self.heading(4, words, written)
        answers = "".join(map(self._widgets.question, block.questions))
        return format_html(
            '<div class="interpretation">{}{}{}</div>',
            mark_safe(heading),  # noqa: S308
            mark_safe(self.blocks(block.blocks)),  # noqa: S308
            mark_safe(answers),  # noqa: S308
        )

    def _picture(self, block: PictureBlock) -> str:
        caption = ""
        if words := block.caption:
            caption = f"<figcaption{self._written(words)}>{self._inline(words)}</figcaption>"
        if file := self._widgets.picture(block.source):
            # The link shows it as large as it is; not in another tab, which has no part in a
            # frame's visit.
            image = format_html(
                '<a href="{0}">'
                '<img src="{0}" width="{1}" height="{2}" alt="{3}" loading="lazy"></a>',
                file.url,
                file.width,
                file.height,
                block.alternative,
            )
        else:
            image = format_html(
                '<div class="no-picture" role="img" aria-label="{0}">{1}<br>{0}</div>',
                block.alternative,
                _("Picture not uploaded yet:"),
            )
        return f"<figure>{image}{caption}</figure>"

    def _table(self, block: Table) -> str:
        label = escape(_("Table"))
        with self._within([block]) as written:
            head = "".join(
                f'<th scope="col"{self._written(cell)}>{self._inline(cell)}</th>'
                for cell in block.head
            )
            rows = "".join(f"<tr>{''.join(map(self._cell, row))}</tr>" for row in block.rows)
        return (
            f'<div class="table" tabindex="0" role="region" aria-label="{label}"{written}>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _cell(self, cell: tuple[Inline, ...]) -> str:
        return f"<td{self._written(cell)}>{self._inline(cell)}</td>"


def _no_gap(_key: str) -> str:
    return ""


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts of blocks in their order, without what pupils fill in."""
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield plain(children, _no_gap)
            case BulletList(items) | NumberedList(_, items):
                yield from _texts(chain.from_iterable(items))
            case Quotation(inside):
                yield from _texts(inside)
            case Table(head, rows):
                yield from (plain(cell, _no_gap) for row in (head, *rows) for cell in row)
            case _:
                pass
