"""The points to press at each answer to a question, which are most of what a page of answers is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class PointButtons:
    """The buttons of one page: rendered once for each mark that its answers have."""

    def __init__(self, points: Sequence[object]) -> None:
        self._points = points
        self._rendered: dict[Decimal | None, SafeString] = {}

    def pressed(self, mark: Decimal | None) -> SafeString:
        """Return the buttons of an answer with this mark; None for an answer without one."""
        if mark not in self._rendered:
            context = {"points": self._points, "mark": mark}
            self._rendered[mark] = render_to_string("worksheets/teacher/mark_points.html", context)
        return self._rendered[mark]
