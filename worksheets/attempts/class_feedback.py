"""The feedback for a class: points and quoted answers that its teachers collect. No pupil sees it.

Each function is one transaction that locks the assignment first, so that two teachers who work on
it at once change one after the other, and neither overwrites what they have not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import User
from worksheets.attempts.locks import lock_assignment
from worksheets.gradebook.shared_work import people_of
from worksheets.marking.quoting import mark_cuts, without_names
from worksheets.models import Answer, Assignment, Attempt, FeedbackPart, FeedbackPoint
from worksheets.wording.shortening import shorten

MAX_POINTS = 12  # of each part: more is no feedback that a class can follow
MAX_TEXT = 2000  # characters of a point
MAX_REMOVED = 20  # points of an assignment that can be put back
SUGGESTED = {FeedbackPart.ERROR: 3, FeedbackPart.QUOTE: 3, FeedbackPart.TASK: 1}


class FeedbackError(Exception):
    """The base of these errors: what was asked for cannot be done, and nothing was changed."""


class PartIsFull(FeedbackError):
    """The error for a part that has as many points as it may have."""


class NothingToQuote(FeedbackError):
    """The error for an answer that is blank, not submitted, or not there any more."""


@dataclass(frozen=True, slots=True)
class PointEdit:
    """A point as a page posts it; ``seen`` is the ``state_of`` it that the page has shown."""

    pk: int
    text: str
    part: FeedbackPart
    seen: str


@dataclass(frozen=True, slots=True)
class PointConflict:
    """An edit that was not saved, because somebody has changed the point since it was shown."""

    point: FeedbackPoint
    edit: PointEdit


@dataclass(frozen=True, slots=True)
class SavedEdits:
    """The outcome of edits: those that are against a colleague's, and those that had no room."""

    changed: int
    conflicts: Sequence[PointConflict] = ()
    without_room: Collection[int] = ()  # FeedbackPoint.pk


def points_of(assignment: Assignment) -> list[FeedbackPoint]:
    """Return the points of an assignment part by part, in their order, without removed ones."""
    rows = assignment.feedback_points.filter(removed_at=None).select_related("changed_by")
    order = list(FeedbackPart)
    return sorted(rows, key=lambda row: order.index(FeedbackPart(row.part)))


def removed_points(assignment: Assignment) -> list[FeedbackPoint]:
    """Return the points that can be put back, the one that was removed last first."""
    rows = assignment.feedback_points.filter(removed_at__isnull=False)
    return list(rows.order_by("-removed_at", "-pk")[:MAX_REMOVED])


def state_of(point: FeedbackPoint) -> str:
    """Return a text that is another one as soon as a point says something else, or is removed."""
    content = (point.text, FeedbackPart(point.part).value, point.is_removed)
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def add_point(assignment: Assignment, part: FeedbackPart, text: str, teacher: User) -> None:
    """Add a point in a teacher's words; none for a blank text. Raise PartIsFull."""
    if not text.strip():
        return
    with transaction.atomic():
        held = lock_assignment(assignment)
        place = _place_in(held, part)
        FeedbackPoint.objects.create(
            assignment=held,
            part=part,
            position=place,
            text=shorten(text.strip(), MAX_TEXT),
            made_by=teacher,
            changed_by=teacher,
        )
        _record(held, teacher, "added", part)


def quote(
    assignment: Assignment,
    attempt_id: int,
    item: str,
    part: FeedbackPart,
    teacher: User,
    around: str = "",
) -> bool:
    """Add what a pupil has answered, without names; return False if it stands there already.

    Names of partners in the work are left out, too. ``around`` are the words of the sheet in which
    the answer stands, with '___' in its place. One that was removed is put back as it was. Raise
    NothingToQuote, PartIsFull.
    """
    with transaction.atomic():
        held = lock_assignment(assignment)
        submitted = Attempt.objects.filter(assignment=held, submitted_at__isnull=False)
        attempt = submitted.select_related("user").filter(pk=attempt_id).first()
        answer = Answer.objects.filter(attempt=attempt, item=item).first() if attempt else None
        if attempt is None or answer is None or not answer.text.strip():
            raise NothingToQuote
        found = FeedbackPoint.objects.filter(attempt=attempt, item=item).first()
        if found is not None and not found.is_removed:
            return False
        place = _place_in(held, part)
        if found is not None:
            found.part, found.position, found.removed_at = part, place, None
            found.changed_by, found.changed_at = teacher, timezone.now()
            found.save()
        else:
            names = [
                name
                for user in people_of([attempt])
                for name in (user.name, user.given_name, user.family_name)
            ]
            text = without_names(answer.text, names)
            text = around.replace("___", f"[{text.strip()}]") if around else text.strip()
            FeedbackPoint.objects.create(
                assignment=held,
                part=part,
                position=place,
                text=shorten(text, MAX_TEXT),
                attempt=attempt,
                item=item,
                made_by=teacher,
                changed_by=teacher,
            )
        _record(held, teacher, "quoted", part, attempt)
    return True


def save_points(assignment: Assignment, edits: Iterable[PointEdit], teacher: User) -> SavedEdits:
    """Save edited points: those that nobody else has changed since they were shown.

    A point whose text is empty is removed. Of a quotation, what was cut is marked with '…'.
    """
    with transaction.atomic():
        held = lock_assignment(assignment)
        rows = {row.pk: row for row in held.feedback_points.select_related("changed_by")}
        changed, conflicts, full = 0, [], set()
        for edit in edits:
            point = rows.get(edit.pk)
            if point is None or not _is_edited(point, edit):
                continue
            if edit.seen != state_of(point):
                conflicts.append(PointConflict(point, edit))
                continue
            try:
                _save(held, point, edit, teacher)
            except PartIsFull:
                full.add(point.pk)
                continue
            changed += 1
    return SavedEdits(changed, conflicts, full)


def _is_edited(point: FeedbackPoint, edit: PointEdit) -> bool:
    """Return whether an edit says something else than its page has shown, and than stands there."""
    shown = FeedbackPoint(text=edit.text, part=edit.part)
    if edit.seen == state_of(shown):
        return False  # untouched, whatever a colleague has done
    return point.is_removed or (point.text, point.part) != (edit.text, edit.part)


def _save(held: Assignment, point: FeedbackPoint, edit: PointEdit, teacher: User) -> None:
    text = shorten(edit.text.strip(), MAX_TEXT)
    if point.is_quotation and text:
        text = shorten(mark_cuts(point.text, text), MAX_TEXT)
    if not text:
        _remove(held, point, teacher)
        return
    if point.part != edit.part or point.is_removed:
        point.position = _place_in(held, edit.part)
    point.part, point.text, point.removed_at = edit.part, text, None
    point.changed_by, point.changed_at = teacher, timezone.now()
    point.save()
    _record(held, teacher, "changed", edit.part, point.attempt)


def move_point(assignment: Assignment, pk: int, by: int, teacher: User) -> None:
    """Let a point change its place with the one above (``by`` -1) or below it (1), if there is."""
    with transaction.atomic():
        held = lock_assignment(assignment)
        rows = list(held.feedback_points.filter(removed_at=None))
        point = next((row for row in rows if row.pk == pk), None)
        if point is None:
            return
        alike = [row for row in rows if row.part == point.part]
        place = alike.index(point)
        if not 0 <= place + by < len(alike):
            return
        alike[place], alike[place + by] = alike[place + by], alike[place]
        for position, row in enumerate(alike, 1):
            row.position = position
        FeedbackPoint.objects.bulk_update(alike, ["position"])
        _record(held, teacher, "moved", FeedbackPart(point.part))


def remove_point(assignment: Assignment, pk: int, teacher: User) -> bool:
    """Take a point away, so that it can be put back; return whether it stood there."""
    with transaction.atomic():
        held = lock_assignment(assignment)
        point = held.feedback_points.filter(pk=pk, removed_at=None).first()
        if point is not None:
            _remove(held, point, teacher)
    return point is not None


def restore_point(assignment: Assignment, pk: int, teacher: User) -> bool:
    """Put a point back that was removed; return whether there is one. Raise PartIsFull."""
    with transaction.atomic():
        held = lock_assignment(assignment)
        point = held.feedback_points.filter(pk=pk, removed_at__isnull=False).first()
        if point is None:
            return False
        part = FeedbackPart(point.part)
        point.position, point.removed_at = _place_in(held, part), None
        point.changed_by, point.changed_at = teacher, timezone.now()
        point.save()
        _record(held, teacher, "restored", part, point.attempt)
    return True


def _remove(held: Assignment, point: FeedbackPoint, teacher: User) -> None:
    point.removed_at = point.changed_at = timezone.now()
    point.changed_by = teacher
    point.save()
    rows = held.feedback_points.filter(removed_at__isnull=False).order_by("-removed_at", "-pk")
    kept = list(rows.values_list("pk", flat=True)[:MAX_REMOVED])
    rows.exclude(pk__in=kept).delete()
    _record(held, teacher, "removed", FeedbackPart(point.part), point.attempt)


def _place_in(held: Assignment, part: FeedbackPart) -> int:
    """Return the place after the last point of a part. Raise PartIsFull."""
    rows = held.feedback_points.filter(part=part, removed_at=None)
    if rows.count() >= MAX_POINTS:
        raise PartIsFull
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _record(
    held: Assignment, teacher: User, act: str, part: FeedbackPart, attempt: Attempt | None = None
) -> None:
    """Record what was done: the part, and whose answer is quoted; no words of it."""
    audit.record(
        AuditKind.CLASS_FEEDBACK,
        audit.person(teacher),
        link=held.link,
        person_id=attempt.user_id if attempt else None,
        after={"act": act, "part": part.value, "quotation": attempt is not None},
    )
