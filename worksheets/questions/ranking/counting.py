"""The rankings of a class, counted: how many put each thing in each place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from worksheets.markup import Message
from worksheets.markup.messages import Message as _
from worksheets.questions.picture import (
    MIN_TO_TELL,
    Agreement,
    Picture,
    PictureRow,
    agreement,
    each_right,
    said,
)

_FIRST = Agreement(
    everybody=_("All put “%(first)s” first."),
    most=_("Most put “%(first)s” first (%(n)s of %(total)s)."),
    more_than_half=_("More than half put “%(first)s” first (%(n)s of %(total)s)."),
    divided=_(
        "They do not agree what comes first: %(n)s of %(total)s say “%(first)s”, %(m)s say"
        " “%(second)s”."
    ),
    too_few=_("Too few to tell: %(n)s of %(total)s put “%(first)s” first."),
)


def count_places(
    things: Sequence[str], right: Sequence[str], rankings: Sequence[Mapping[str, int | str]]
) -> Picture | None:
    """Return how many put each thing in each place; None if nobody did.

    ``right`` is the right order, empty if there is none. A place that the sheet does not have, as
    an older edition may have had, is passed over.
    """
    known = set(things)
    placed = [{t: p for t, p in ranking.items() if t in known} for ranking in rankings]
    placed = [ranking for ranking in placed if ranking]
    if not placed:
        return None
    places = range(1, len(things) + 1)
    counts = Counter(
        (thing, place)
        for ranking in placed
        for thing, place in ranking.items()
        if isinstance(place, int)
    )
    rows = tuple(
        PictureRow(thing, tuple(counts[thing, place] for place in places)) for thing in things
    )
    order = {thing: place for place, thing in enumerate(right)}
    cells = frozenset((row, order[thing]) for row, thing in enumerate(things) if right)
    return Picture(
        _("How many put each in which place"),
        tuple(said(str(place)) for place in places),
        rows,
        len(placed),
        _sentence(rows),
        cells,
        each_right(
            [(f"“{rows[r].label}”", rows[r].counts[p]) for r, p in sorted(cells)], len(placed)
        )
        if cells
        else None,
    )


def _sentence(rows: Sequence[PictureRow]) -> Message:
    """Return what they agree about: what comes first, else what most put in one other place."""
    firsts = [(row.label, row.counts[0]) for row in rows]
    total = sum(count for _label, count in firsts)
    if not total:
        return _("Nobody has said what comes first.")
    if 2 * max(count for _label, count in firsts) > total or total < MIN_TO_TELL:
        return agreement(firsts, total, _FIRST)
    cells = [
        (count, sum(row.counts), place, row.label)
        for row in rows
        for place, count in enumerate(row.counts[1:], 2)
    ]
    count, placed, place, label = max(cells, key=lambda cell: cell[0])
    if 3 * count >= 2 * placed and placed >= MIN_TO_TELL:
        return _(
            "They do not agree what comes first; most put “%(thing)s” in place %(place)s (%(n)s of"
            " %(total)s).",
            thing=label,
            place=place,
            n=count,
            total=placed,
        )
    return agreement(firsts, total, _FIRST)
