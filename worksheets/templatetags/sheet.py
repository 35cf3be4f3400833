"""Filters for the templates of questions."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from worksheets.markup import Inline, Option
from worksheets.markup.inline import plain
from worksheets.rendering.direction import attribute, direction, page_direction
from worksheets.rendering.inline import render_inline

register = template.Library()


@register.filter
def inline(nodes: tuple[Inline, ...]) -> str:
    """Return the text of an option as HTML; no gap stands in it."""
    return render_inline(nodes, escape)


@register.filter
def options_direction(options: Iterable[Option]) -> SafeString:
    """Return the attribute of a list of options that are written otherwise than the page.

    Their labels do not count: '(a)' stands before an Arabic option, too.
    """
    return _attribute(plain(option.children) for option in options)


@register.filter
def texts_direction(texts: Iterable[str]) -> SafeString:
    """Return the attribute of a list of texts that are written otherwise than the page."""
    return _attribute(texts)


def _attribute(texts: Iterable[str]) -> SafeString:
    around = page_direction()
    return mark_safe(attribute(direction(texts, around), around))  # noqa: S308
