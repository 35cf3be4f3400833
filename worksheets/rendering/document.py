"""The rendering of blocks as HTML, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

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
from worksheets.rendering.inline import render_inline


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


def render_sheet(sheet: Sheet, widgets: Widgets, below: int = 1) -> SafeString:
    """Return the whole sheet as HTML: its parts as sections, then its footnotes.

    ``below`` is the level of the page's heading that the sheet stands under; 0 where the page has
    none, so that the sheet's title is the page's.
    """
    document = _Document(widgets, _Outline(below))
    title = ""
    if below == 0 and not _begins_with_title(sheet):
        words = document.heading(1, escape(sheet.title or _("Worksheet")))
        title = f'<div class="visually-hidden">{words}</div>'
    parts = [f'<section class="part">{document.blocks(part)}</section>' for part in _parts(sheet)]
    return mark_safe("".join([title, *parts, document.footnotes(sheet)]))  # noqa: S308


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

    def __init__(self, widgets: Widgets, outline: _Outline) -> None:
        self._widgets = widgets
        self._outline = outline

    def heading(self, level: int, words: str) -> str:
        """Return a heading with the look of its level in the sheet."""
        tag = f"h{self._outline.level(level)}"
        return f'<{tag} class="level-{level}">{words}</{tag}>'

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(self._block(block) for block in blocks)

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
        return f'<ol class="footnotes">{"".join(notes)}</ol>'

    def _inline(self, nodes: Iterable[Inline]) -> SafeString:
        return render_inline(nodes, self._widgets.gap)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(children):
                return f"<p>{self._inline(children)}</p>"
            case Heading(level, children):
                return self.heading(level, self._inline(children))
            case BulletList(items):
                return f"<ul>{''.join(map(self._item, items))}</ul>"
            case NumberedList(start, items):
                return f'<ol start="{start}">{"".join(map(self._item, items))}</ol>'
            case Quotation(blocks):
                return f"<blockquote>{self.blocks(blocks)}</blockquote>"
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
            return f"<li>{self._inline(blocks[0].children)}</li>"
        return f"<li>{self.blocks(blocks)}</li>"

    def _options(self, options: Iterable[Option]) -> str:
        rows = format_html_join(
            "", "<li><b>({})</b> {}</li>", ((o.label, self._inline(o.children)) for o in options)
        )
        return f'<ul class="options">{rows}</ul>'

    def _interpretation(self, block: InterpretationBlock) -> str:
        words = format_html(
            '<span class="label">{}.</span> {}', block.label, " > ".join(block.order)
        )
        heading = self.heading(4, words)
        answers = "".join(map(self._widgets.question, block.questions))
        return format_html(
            '<div class="interpretation">{}{}{}</div>',
            mark_safe(heading),  # noqa: S308
            mark_safe(self.blocks(block.blocks)),  # noqa: S308
            mark_safe(answers),  # noqa: S308
        )

    def _picture(self, block: PictureBlock) -> str:
        caption = f"<figcaption>{self._inline(block.caption)}</figcaption>" if block.caption else ""
        if file := self._widgets.picture(block.source):
            # The link shows it as large as it is.
            image = format_html(
                '<a class="picture" href="{0}" target="_blank" rel="noopener">'
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
        head = "".join(f'<th scope="col">{self._inline(cell)}</th>' for cell in block.head)
        rows = "".join(
            f"<tr>{''.join(f'<td>{self._inline(cell)}</td>' for cell in row)}</tr>"
            for row in block.rows
        )
        label = escape(_("Table"))
        return (
            f'<div class="table" tabindex="0" role="region" aria-label="{label}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
