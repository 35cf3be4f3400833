"""Functions by which marks are released to pupils, all of an attempt or one question, and back.

All that is released in one press has the same moment, by which that press can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry
from worksheets import gradebook
from worksheets.attempts.errors import NotReady
from worksheets.attempts.in_chunks import act_on_each
from worksheets.attempts.locks import lock_attempt
from worksheets.attempts.recorded import work_entry
from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import people_of
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark
from worksheets.questions import asks_the_same


def release(attempt: Attempt, *, by: Actor) -> Attempt:
    """Show the pupil the marks, report the total to the gradebook, and return the attempt.

    Raise NotReady if the attempt is not submitted or an answer waits for a mark.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        entry = _release(attempt, timezone.now(), by)
        gradebook.report(attempt)
        audit.record_all([entry])
    return attempt


def release_all(
    assignment: Assignment,
    attempts: Iterable[Attempt],
    *,
    by: Actor,
    moment: datetime | None = None,
) -> set[int]:
    """Release these attempts, some in each transaction. Return the ``User.pk`` of whose.

    One that is not ready any more is left as it is. ``moment`` is that of the press.
    """
    at = moment or timezone.now()

    def act(attempt: Attempt) -> AuditEntry:
        return _release(attempt, at, by)

    return _pupils_of(act_on_each(assignment, attempts, act, gradebook.report_all))


def _release(attempt: Attempt, at: datetime, by: Actor) -> AuditEntry:
    """Release a locked attempt, which the caller reports. Raise NotReady.

    Return what is to be recorded of it.
    """
    if not attempt.is_submitted:
        raise NotReady
    tally = scoring.tally(attempt.edition.sheet, attempt.marks.all())
    if tally.unmarked:
        raise NotReady
    attempt.released_at = at
    attempt.save(update_fields=["released_at"])
    after = {"points": tally.total, "maximum": tally.maximum}
    return work_entry(AuditKind.RELEASE, by, attempt, after=after)


def release_question(
    assignment: Assignment,
    question: Question[Any],
    attempts: Iterable[Attempt],
    *,
    by: Actor,
    moment: datetime | None = None,
) -> set[int]:
    """Show pupils mark and comment of one question of these attempts. Return whose, as above.

    Where nothing of the sheet is left to release then, the whole attempt is released. An answer
    without a mark, or that the pupil sees already, is left as it is.
    """
    at = moment or timezone.now()

    def act(attempt: Attempt) -> AuditEntry:
        return _release_question(attempt, question, at, by)

    return _pupils_of(act_on_each(assignment, attempts, act, gradebook.report_all))


def _pupils_of(attempts: Iterable[Attempt]) -> set[int]:
    """Return the ``User.pk`` of everybody whose work these attempts are."""
    return {user.pk for user in people_of(attempts)}


def _release_question(
    attempt: Attempt, question: Question[Any], at: datetime, by: Actor
) -> AuditEntry:
    marks = {mark.item: mark for mark in attempt.marks.all()}
    mark = marks.get(question.key)
    is_ready = attempt.is_submitted and asks_the_same(attempt.edition.sheet, question)
    if not is_ready or mark is None or attempt.shows(mark):
        raise NotReady
    mark.released_at = at
    mark.save(update_fields=["released_at"])
    # A mark that counts nothing is not shown along with others, either.
    if not any(
        marks[one.key].released_at is None if one.key in marks else one.is_counted
        for one in attempt.edition.sheet.to_mark
    ):
        attempt.released_at = at
        attempt.save(update_fields=["released_at"])
    after = {"item": mark.item, "points": mark.points, "maximum": mark.maximum}
    return work_entry(AuditKind.RELEASE, by, attempt, after=after)


def released_in(assignment: Assignment, moment: datetime) -> list[Attempt]:
    """Return the attempts of which something was released at this moment and is so still."""
    marks = Mark.objects.filter(attempt=OuterRef("pk"), released_at=moment)
    rows = assignment.attempts.filter(Q(released_at=moment) | Exists(marks))
    return list(rows.select_related("edition", "user").order_by("pk"))


def last_release(assignment: Assignment, since: datetime) -> datetime | None:
    """Return the moment of the last release since then of which something is released still."""
    rows = assignment.attempts.filter(released_at__gte=since).order_by("-released_at")
    return rows.values_list("released_at", flat=True).first()


def take_back_release(
    assignment: Assignment,
    attempts: Iterable[Attempt],
    *,
    by: Actor,
    item: str = "",
    moment: datetime | None = None,
) -> list[Attempt]:
    """Show pupils no marks of these attempts any more, and return those that were released.

    With ``item`` only that question's is taken back, with ``moment`` only what was released then.
    The gradebook shows what it showed before the release: the last score that was not sent yet is
    not sent, and what the LMS has goes back.
    """

    def act(attempt: Attempt) -> AuditEntry:
        return _take_back(attempt, item, moment, by)

    return act_on_each(assignment, attempts, act, gradebook.withdraw_all)


def _take_back(attempt: Attempt, item: str, moment: datetime | None, by: Actor) -> AuditEntry:
    marks = [mark for mark in attempt.marks.all() if item in ("", mark.item)]
    chosen = [one for one in marks if one.released_at and moment in (None, one.released_at)]
    if item and not marks:
        raise NotReady
    is_whole = attempt.is_released and moment in (None, attempt.released_at)
    if item and is_whole:
        show_alone(attempt, without=item)
    elif not (is_whole or chosen):
        raise NotReady
    was_seen = attempt.marks_seen_at is not None
    Mark.objects.filter(pk__in=[mark.pk for mark in chosen]).update(released_at=None)
    if is_whole:
        attempt.released_at = None
    if not attempt.marks.filter(released_at__isnull=False).exists() and not attempt.is_released:
        attempt.marks_seen_at = None
    attempt.save(update_fields=["released_at", "marks_seen_at"])
    after: dict[str, object] = {"taken_back": True, "seen": was_seen}
    if item:
        after["item"] = item
    return work_entry(AuditKind.RELEASE, by, attempt, after=after)


def show_alone(attempt: Attempt, *, without: str) -> None:
    """Let a released attempt's marks be released by themselves, but for one question's.

    The attempt is not released as a whole then; it is locked, and saved by who calls this.
    """
    by_teacher = [q.key for q in attempt.edition.sheet.questions if not q.automatic]
    rows = attempt.marks.filter(item__in=by_teacher, released_at=None)
    rows.exclude(item=without).update(released_at=attempt.released_at)
    attempt.released_at = None


def note_marks_seen(attempt: Attempt) -> Attempt:
    """Record that the pupil is shown a teacher's marks, and return the attempt as it is now.

    A release may have been taken back since the attempt was read: then it is read again.
    """
    if attempt.marks_seen_at is not None:
        return attempt
    shown = Mark.objects.filter(attempt=OuterRef("pk"), released_at__isnull=False)
    rows = Attempt.objects.filter(Q(released_at__isnull=False) | Exists(shown), pk=attempt.pk)
    if rows.update(marks_seen_at=timezone.now()):
        return attempt
    attempt.refresh_from_db(fields=["released_at", "submitted_at", "marks_seen_at"])
    return attempt
