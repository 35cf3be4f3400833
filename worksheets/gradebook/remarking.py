"""Attempts marked again by the key of another edition: computed, recorded, saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry, ResourceLink
from worksheets.gradebook import scoring
from worksheets.gradebook.automatic import is_comment_only, marks_under
from worksheets.gradebook.scoring import MarkedAttempt
from worksheets.models import Assignment, Attempt, EarlierMark, Edition, Mark
from worksheets.questions import same_items

# A submitted attempt with its marks before and after the change.
BeforeAndAfter = tuple[MarkedAttempt, MarkedAttempt]
MOVED_AT_ONCE = 200  # attempts a statement: the parameters that SQLite takes suffice


class MarksUnder:
    """The marks of attempts under an edition's key; only those of changed rows are made twice."""

    def __init__(self, edition: Edition) -> None:
        self._sheet = edition.sheet
        self._known: dict[int, tuple[object, list[Mark]]] = {}
        self._can_mark: dict[int, bool] = {}

    def of(self, attempt: Attempt) -> list[Mark]:
        """Return the marks of an attempt, whose answers and marks should be prefetched."""
        answers = sorted((row.item, repr(row.value), row.text) for row in attempt.answers.all())
        marks = sorted(
            (row.pk, row.item, row.points, row.maximum, row.source) for row in attempt.marks.all()
        )
        rows = (answers, marks)
        if self._known.get(attempt.pk, (None, []))[0] != rows:
            self._known[attempt.pk] = rows, marks_under(attempt, self._sheet)
        return self._known[attempt.pk][1]

    def can_mark(self, edition: Edition) -> bool:
        """Return whether the key can mark attempts at another edition, which is saved."""
        if edition.pk not in self._can_mark:
            self._can_mark[edition.pk] = same_items(edition.sheet, self._sheet)
        return self._can_mark[edition.pk]


def marked_under(attempt: Attempt, edition: Edition, marks: MarksUnder) -> MarkedAttempt:
    """Return the attempt under the edition's key. One that waits for a mark now is not released."""
    marked = scoring.mark_attempt(attempt, marks.of(attempt), edition.sheet)
    if not (attempt.is_released and marked.tally.unmarked):
        return marked
    waiting = copy(attempt)
    waiting.released_at = None
    return replace(marked, attempt=waiting)


def compatible_editions(assignment: Assignment, edition: Edition) -> dict[int, bool]:
    """Return for other editions with attempts, by id, whether this edition's key can mark them."""
    others = Edition.objects.filter(attempts__assignment=assignment).exclude(pk=edition.pk)
    return {other.pk: same_items(other.sheet, edition.sheet) for other in others.distinct()}


def is_marked_otherwise(before: MarkedAttempt, after: MarkedAttempt) -> bool:
    """Return whether the two have other marks or another maximum, or only one is released.

    An answer that has no mark yet may be left out of the sums, too.
    """
    return (
        points_of(before) != points_of(after)
        or before.tally.maximum != after.tally.maximum
        or before.attempt.is_released != after.attempt.is_released
    )


def remark_entries(
    link: ResourceLink, differing: Iterable[BeforeAndAfter], by: Actor
) -> Iterator[AuditEntry]:
    """Yield what is recorded of each attempt that another key marks otherwise."""
    for marked, again in differing:
        attempt, items = marked.attempt, {row[0] for row in points_of(marked) ^ points_of(again)}
        yield audit.entry(
            AuditKind.REMARK,
            by,
            link=link,
            person_id=attempt.user_id,
            subject=attempt.audit_subject,
            before=_recorded_work(marked, items),
            after=_recorded_work(again, items),
        )


def points_of(marked: MarkedAttempt) -> frozenset[tuple[str, Decimal, Decimal]]:
    """Return the points of each mark that count, and their maximum, with the item's key."""
    left_out, nothing = marked.sheet.uncounted, Decimal(0)
    return frozenset(
        (mark.item, nothing, nothing)
        if mark.item in left_out
        else (mark.item, mark.points, mark.maximum)
        for mark in marked.marks
    )


def _recorded_work(marked: MarkedAttempt, items: set[str]) -> dict[str, object]:
    """Return the total, whether it is released, and the points of these items."""
    return {
        "points": marked.tally.total,
        "maximum": marked.tally.maximum,
        "released": marked.attempt.is_released,
        **{item: points for item, points, _maximum in points_of(marked) if item in items},
    }


def before_and_after(attempt: Attempt, edition: Edition, marks: MarksUnder) -> BeforeAndAfter:
    """Return a submitted attempt as it is marked now, and under the edition's key."""
    before = scoring.mark_attempt(attempt, attempt.marks.all())
    return before, marked_under(attempt, edition, marks)


def move_to_edition(
    attempts: Sequence[Attempt], pairs: Sequence[BeforeAndAfter], edition: Edition
) -> None:
    """Move attempts to the edition, and save the marks after the change of those in ``pairs``.

    It takes a few SQL statements for MOVED_AT_ONCE attempts.
    """
    for start in range(0, len(attempts), MOVED_AT_ONCE):
        keys = [attempt.pk for attempt in attempts[start : start + MOVED_AT_ONCE]]
        Attempt.objects.filter(pk__in=keys).update(edition=edition)
    for start in range(0, len(pairs), MOVED_AT_ONCE):
        some = pairs[start : start + MOVED_AT_ONCE]
        _save_release([again.attempt for _marked, again in some])
        _save_marks(some, edition)


def _save_release(attempts: Iterable[Attempt]) -> None:
    """Take back the release of those that wait for a mark now."""
    waiting = [attempt.pk for attempt in attempts if not attempt.is_released]
    Attempt.objects.filter(pk__in=waiting, released_at__isnull=False).update(released_at=None)


def _save_marks(pairs: Sequence[BeforeAndAfter], edition: Edition) -> None:
    """Save the marks after the change; those that stay as they were are not touched."""
    saved = {mark.pk: mark for marked, _again in pairs for mark in marked.marks}
    marks = [mark for _marked, again in pairs for mark in again.marks]
    before, after = _by_machine(saved.values()), _by_machine(marks)
    gone = [mark for key, mark in before.items() if key not in after]
    made = [_unsaved(mark) for key, mark in after.items() if key not in before]
    others = [
        mark
        for mark in marks
        if mark.source == Mark.Source.TEACHER and _points(mark) != _points(saved[mark.pk])
    ]
    comments = [mark for mark in saved.values() if is_comment_only(mark, edition.sheet)]
    if comments:
        EarlierMark.keep(comments, timezone.now())
    Mark.objects.filter(pk__in=[mark.pk for mark in (*gone, *comments)]).delete()
    Mark.objects.bulk_create(made)
    Mark.objects.bulk_update(others, ["points", "maximum"])


def _by_machine(marks: Iterable[Mark]) -> dict[tuple[object, ...], Mark]:
    """Return the marks of the machine by all that they say."""
    return {
        (mark.attempt_id, mark.item, *_points(mark)): mark
        for mark in marks
        if mark.source == Mark.Source.MARKER
    }


def _points(mark: Mark) -> tuple[Decimal, Decimal]:
    return mark.points, mark.maximum


def _unsaved(mark: Mark) -> Mark:
    """Return a copy to save: those that are made stay as they are, for a transaction undone."""
    made = copy(mark)
    made.pk, made.marked_at = None, timezone.now()
    return made
