"""Filters for the templates of questions."""

from __future__ import annotations

from django import template
from django.utils.html import escape

from worksheets.markup import Inline
from worksheets.rendering.inline import render_inline

register = template.Library()


@register.filter
def inline(nodes: tuple[Inline, ...]) -> str:
    """Return the text of an option as HTML; no gap stands in it."""
    return render_inline(nodes, escape)
