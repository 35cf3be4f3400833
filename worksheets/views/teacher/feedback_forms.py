"""The form of a class's feedback: what is posted, and what the page and the projector show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from lti_tool.protocol.values import whole_number
from worksheets.attempts.class_feedback import (
    MAX_POINTS,
    MAX_TEXT,
    SUGGESTED,
    PointEdit,
    SavedEdits,
    state_of,
)
from worksheets.markup.source import storable
from worksheets.models import FeedbackPart, FeedbackPoint
from worksheets.views.base import MAX_DIGITS

MAX_EDITS = MAX_POINTS * len(FeedbackPart) * 2  # points that a form may have, removed ones too


@dataclass(frozen=True, slots=True)
class PostedFeedback:
    """The fields of the page as posted: points as they are to be, and new ones by part.

    ``too_long`` are the names of the fields with more than a point may have.
    """

    edits: Sequence[PointEdit]
    added: Mapping[FeedbackPart, str]
    too_long: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """A point in the form; ``theirs`` is what a colleague made of it meanwhile, if that is so."""

    point: FeedbackPoint
    text: str
    part: str
    seen: str
    theirs: FeedbackPoint | None = None
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the feedback, with its points and what was typed for a new one."""

    part: FeedbackPart
    points: Sequence[ShownPoint]
    added: str = ""
    is_too_long: bool = False

    @property
    def suggested(self) -> int:
        return SUGGESTED.get(self.part, 0)

    @property
    def is_full(self) -> bool:
        return len(self.points) >= MAX_POINTS


@dataclass(frozen=True, slots=True)
class ThingTold:
    """A point for the projector, under the name of its part: the n-th of so many there."""

    part: FeedbackPart
    point: FeedbackPoint
    number: int
    count: int


def posted_text(posted: QueryDict, name: str) -> str:
    """Return a posted text with one character a line end, as a database can keep it."""
    return storable(posted.get(name, "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def posted_part(posted: QueryDict, name: str, otherwise: FeedbackPart) -> FeedbackPart:
    found = posted.get(name, "")
    return FeedbackPart(found) if found in FeedbackPart.values else otherwise


def read_feedback(posted: QueryDict) -> PostedFeedback:
    """Return what a page has posted. What is no point's field is left out."""
    edits = []
    for name in [one for one in posted if one.startswith("text-")][:MAX_EDITS]:
        pk = whole_number(name.removeprefix("text-"), MAX_DIGITS)
        if pk is None:
            continue
        part = posted_part(posted, f"part-{pk}", FeedbackPart.ERROR)
        seen = posted.get(f"was-{pk}", "")[: MAX_DIGITS * 2]
        edits.append(PointEdit(pk, posted_text(posted, name), part, seen))
    added = {part: posted_text(posted, f"new-{part}") for part in FeedbackPart}
    too_long = [f"text-{edit.pk}" for edit in edits if len(edit.text) > MAX_TEXT]
    too_long += [f"new-{part}" for part, text in added.items() if len(text) > MAX_TEXT]
    return PostedFeedback(edits, {part: text for part, text in added.items() if text}, too_long)


def parts_shown(
    points: Sequence[FeedbackPoint],
    posted: PostedFeedback | None = None,
    saved: SavedEdits | None = None,
    unsaved: Mapping[FeedbackPart, str] | None = None,
) -> list[ShownPart]:
    """Return the parts with their points; what could not be saved stands as it was typed.

    A point that a colleague has removed, and that was typed in meanwhile, stands there too.
    """
    against = {one.point.pk: one for one in (saved.conflicts if saved else ())}
    typed = {}
    if posted and (saved is None or saved.without_room):
        kept = set(saved.without_room) if saved else {edit.pk for edit in posted.edits}
        typed = {edit.pk: edit for edit in posted.edits if edit.pk in kept}
    too_long = set(posted.too_long) if posted else set()
    gone = [one.point for one in against.values() if one.point.is_removed]
    shown: dict[FeedbackPart, list[ShownPoint]] = {part: [] for part in FeedbackPart}
    for point in [*points, *gone]:
        text, part, seen, theirs = point.text, point.part, state_of(point), None
        if point.pk in against:
            edit = against[point.pk].edit
            text, part, theirs = edit.text, edit.part, point
        elif point.pk in typed:
            text, part, seen = typed[point.pk].text, typed[point.pk].part, typed[point.pk].seen
        shown[FeedbackPart(point.part)].append(
            ShownPoint(point, text, part, seen, theirs, f"text-{point.pk}" in too_long)
        )
    added = (unsaved or {}) if saved else (posted.added if posted else {})
    return [
        ShownPart(part, rows, added.get(part, ""), f"new-{part}" in too_long)
        for part, rows in shown.items()
    ]


def things_told(points: Sequence[FeedbackPoint]) -> list[ThingTold]:
    """Return the points one by one, as they are told."""
    found = []
    for part in FeedbackPart:
        rows = [row for row in points if row.part == part]
        found += [ThingTold(part, row, n, len(rows)) for n, row in enumerate(rows, 1)]
    return found
