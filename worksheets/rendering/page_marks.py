"""The tints on the pictures of a paper's pages: what stands there was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets.models import PaperPage
from worksheets.rendering.review import PaperLine

MARGIN = 2  # pixels around a line


@dataclass(frozen=True, slots=True)
class Mark:
    """A tint; the places are in pixels of the picture. ``kind`` names what is there."""

    left: int
    top: int
    width: int
    height: int
    kind: str
    block: int

    @property
    def html(self) -> SafeString:
        return format_html(
            '<rect class="page-mark is-{}" data-block="{}" x="{}" y="{}" width="{}" height="{}"'
            ' rx="3"/>',
            self.kind,
            self.block,
            self.left,
            self.top,
            self.width,
            self.height,
        )


@dataclass(slots=True)
class ShownPage:
    """A page with its tints; ``number`` counts from 0."""

    row: PaperPage
    url: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def shown_number(self) -> int:
        return self.row.number + 1


def mark_pages(
    pages: Sequence[ShownPage],
    lines: Sequence[PaperLine],
    places: Sequence[Sequence[float] | None],
) -> None:
    """Give the pages the tints of the lines that stand on them, as far as that is known."""
    by_number = {page.row.number: page for page in pages}
    for line in lines:
        place = places[line.number - 1] if line.number <= len(places) else None
        page = by_number.get(int(place[0])) if place else None
        if place is None or page is None:
            continue
        kind = line.kind or ("gap" if any(one.gap for one in line.segments) else "text")
        across, down = page.row.width, page.row.height
        left, top = (round(place[1] * across) - MARGIN, round(place[2] * down) - MARGIN)
        width = round((place[3] - place[1]) * across) + 2 * MARGIN
        height = round((place[4] - place[2]) * down) + 2 * MARGIN
        page.marks.append(Mark(left, top, width, height, kind, line.block))
