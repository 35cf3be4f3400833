"""Filters that draw the pictures of a class's answers: a table whose cells have a drawing each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets.questions.picture import Picture

register = template.Library()

SIDE = 24  # units of a cell's drawing
BAR = 200  # units wide


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a picture: its count, and that as a drawing."""

    count: int
    drawing: SafeString
    is_right: bool


@register.filter
def drawn_rows(picture: Picture) -> Iterator[tuple[str, list[Cell]]]:
    """Yield each row's label and cells."""
    is_bars = len(picture.columns) == 1
    for number, row in enumerate(picture.rows):
        yield (
            row.label,
            [
                Cell(
                    count,
                    (_bar if is_bars else _square)(count, picture.answered),
                    (number, column) in picture.right,
                )
                for column, count in enumerate(row.counts)
            ],
        )


def _square(count: int, total: int) -> SafeString:
    """Return a square whose area is the share of the pupils who are counted there."""
    side = SIDE * sqrt(count / total)
    edge = (SIDE - side) / 2
    return format_html(
        '<svg class="picture-square" viewBox="0 0 {size} {size}" aria-hidden="true">'
        '<rect class="frame" width="{size}" height="{size}"/>'
        '<rect x="{edge}" y="{edge}" width="{side}" height="{side}"/></svg>',
        size=SIDE,
        edge=f"{edge:.2f}",
        side=f"{side:.2f}",
    )


def _bar(count: int, total: int) -> SafeString:
    """Return a bar whose length is the share of the pupils who are counted there."""
    return format_html(
        '<svg class="picture-bar" viewBox="0 0 {size} 12" preserveAspectRatio="none"'
        ' aria-hidden="true"><rect class="frame" width="{size}" height="12"/>'
        '<rect width="{width}" height="12"/></svg>',
        size=BAR,
        width=f"{BAR * count / total:.2f}",
    )
