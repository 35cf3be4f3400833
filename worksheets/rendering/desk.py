"""A sheet beside the text that it is made of: a press on a block or a gap shows its place there.

It looks as pupils will see it, but nothing in it can be filled in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from cachetools import LRUCache, cached
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from worksheets.markup import Extent, Question, Sheet
from worksheets.questions import BLANK
from worksheets.rendering.document import Pictures, Widgets, render_sheet
from worksheets.rendering.filling import render_bank, rows_of
from worksheets.rendering.questions import question_context
from worksheets.rendering.review import PlacedBlock

Place = Callable[[Extent], Extent]
"""A function that returns where an extent of the text is in the page's text area."""


def render_desk(
    sheet: Sheet, blocks: Sequence[PlacedBlock], pictures: Pictures, place: Place
) -> SafeString:
    """Return the sheet as HTML; ``blocks`` are the places of its blocks, in their order."""
    desk = _Desk(sheet, pictures, place)
    says = _("Line %(line)d: show it in the text")

    def around(index: int, html: str) -> str:
        start, end = place(blocks[index].extent)
        label = says % {"line": sheet.lines[index]}
        return (
            f'<div class="placed" data-start="{start}" data-end="{end}">'
            f'<button type="button" class="to-place handle" data-start="{start}" data-end="{end}"'
            f' tabindex="-1" aria-label="{label}"></button>{html}</div>'
        )

    return render_sheet(sheet, desk.widgets, below=2, around=around)


class _Desk:
    def __init__(self, sheet: Sheet, pictures: Pictures, place: Place) -> None:
        self._sheet = sheet
        self._place = place
        # A list is as wide as its longest word, which is all that is shown of it here.
        self._longest = [max(bank.words, key=len, default="") for bank in sheet.banks]
        self._says = _("Gap %(number)s of %(count)s: show it in the text")
        self.widgets = Widgets(
            gap=self._gap, question=self._question, bank=self._bank, picture=pictures
        )

    def _gap(self, key: str) -> str:
        gap = self._sheet.gap(key)
        start, end = self._place(gap.extent)
        return format_html(
            '<span class="gap"><span class="gap-number" aria-hidden="true">{}</span>'
            '<span class="word{}"><button type="button" class="to-place" data-start="{}"'
            ' data-end="{}" tabindex="-1" aria-label="{}"><span>{}</span></button></span></span>',
            gap.number,
            " typed" if gap.bank is None else "",
            start,
            end,
            self._says % {"number": gap.number, "count": len(self._sheet.gaps)},
            "" if gap.bank is None else self._longest[gap.bank],
        )

    def _bank(self, index: int) -> str:
        return render_bank(self._sheet, index)

    def _question(self, key: str) -> str:
        return _question_html(get_language(), self._sheet.question(key))


# Characters of the answer boxes that are kept: of a sheet that is written, most stay as they are.
_MAX_KEPT = 1_000_000


@cached(LRUCache(_MAX_KEPT, getsizeof=len), condition=threading.Condition())
def _question_html(_language: str | None, question: Question[Any]) -> SafeString:
    """Return an answer box as pupils see it, in the page's language."""
    context = question_context(question, BLANK) | {
        "rows": rows_of(question),
        "error": "",
        "comment": "",
    }
    html = render_to_string(f"worksheets/questions/{question.kind}/fill.html", context)
    return format_html('<div class="as-seen" inert>{}</div>', mark_safe(html))  # noqa: S308
