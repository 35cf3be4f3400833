"""The rendering of inline nodes as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from worksheets.markup import (
    Code,
    Emphasis,
    FootnoteRef,
    Formula,
    GapRef,
    Inline,
    LineBreak,
    Link,
    Strong,
    Text,
)
from worksheets.markup.formulas import to_mathml

GapHtml = Callable[[str], str]  # gap key -> what stands in its place


def render_inline(nodes: Iterable[Inline], gap: GapHtml) -> SafeString:
    """Return the HTML of inline nodes; every text is escaped."""
    return mark_safe("".join(_node(node, gap) for node in nodes))  # noqa: S308


def plain(nodes: Iterable[Inline], gap: GapHtml) -> str:
    """Return the text alone, with whatever ``gap`` returns in each gap's place."""
    return "".join(_plain_node(node, gap) for node in nodes)


def _node(node: Inline, gap: GapHtml) -> str:
    match node:
        case Text(text):
            return escape(text)
        case GapRef(key):
            return gap(key)
        case Emphasis(children):
            return f"<em>{render_inline(children, gap)}</em>"
        case Strong(children):
            return f"<strong>{render_inline(children, gap)}</strong>"
        case Code(text):
            return f"<code>{escape(text)}</code>"
        case Formula(source):
            return to_mathml(source)
        case Link(href, children):
            return format_html(
                '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
                href,
                render_inline(children, gap),
            )
        case FootnoteRef(number):
            return _footnote_mark(number)
        case LineBreak():
            return "<br>"


def _footnote_mark(number: int) -> str:
    return format_html(
        '<sup><a class="footnote-mark" href="#footnote-{0}" id="footnote-mark-{0}"'
        ' aria-label="{1}">{0}</a></sup>',
        number,
        _("Footnote %(number)s") % {"number": number},
    )


def _plain_node(node: Inline, gap: GapHtml) -> str:
    match node:
        case Text(text) | Code(text) | Formula(text):
            return text
        case Emphasis(children) | Strong(children) | Link(_, children):
            return plain(children, gap)
        case GapRef(key):
            return gap(key)
        case LineBreak():
            return " "
        case FootnoteRef():
            return ""
