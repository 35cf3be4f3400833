"""The marks of a text and what they have become, for the layer behind the editor's text area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worksheets.markup import Extent, Severity, Sheet
from worksheets.rendering.review import PlacedBlock
from worksheets.views.authoring.text_area import TextArea

MAX_PROBLEMS = 1000  # that are underlined
KINDS_OF_BLOCK = frozenset({"heading", "options"})

Mark = tuple[int, int, str]
"""Where something begins and ends in the text area, and what it is."""


def marks_of(sheet: Sheet, blocks: Sequence[PlacedBlock], area: TextArea) -> list[Mark]:
    """Return the marks of a text in the order in which they begin.

    Of one that is too large to be shown only the problems are marked.
    """
    return sorted(
        (*area.extent(*extent), kind)
        for extent, kind in _marks(sheet, blocks)
        if extent.start < extent.end
    )


def _marks(sheet: Sheet, blocks: Sequence[PlacedBlock]) -> Iterator[tuple[Extent, str]]:
    if not sheet.is_too_large:
        yield from _items(sheet)
    for block in blocks:
        if block.kind in KINDS_OF_BLOCK:
            yield block.extent, block.kind
    for problem in sheet.problems[:MAX_PROBLEMS]:
        is_error = problem.severity is Severity.ERROR
        yield Extent(problem.start, problem.end), "error" if is_error else "warning"


def _items(sheet: Sheet) -> Iterator[tuple[Extent, str]]:
    for gap in sheet.gaps:
        yield gap.extent, "gap"
    for bank in sheet.banks:
        yield bank.extent, "bank"
    for question in sheet.questions:
        yield question.extent, "box"
        for _kind, extent in question.notes:
            yield extent, "note"
