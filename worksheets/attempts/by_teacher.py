"""Functions with which teachers change attempts: submit for a pupil, mark, release, reopen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry, User
from worksheets import gradebook
from worksheets.attempts.by_pupil import hand_in
from worksheets.attempts.errors import NotLatestAttempt, NotReady, StaleEdition
from worksheets.attempts.locks import lock_assignment, lock_attempt, lock_latest_attempt
from worksheets.attempts.recorded import mark_entry, work_entry
from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import people_of
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, EarlierMark, Mark

RELEASED_AT_ONCE = 20  # attempts a transaction: pupils who submit meanwhile wait for it


def submit_for(attempt: Attempt, *, by: Actor) -> Attempt:
    """Submit an attempt for the pupil as it was saved last, even after the assignment has closed.

    Return the attempt; one that was submitted already is not changed.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            hand_in(attempt)
            audit.record_all([work_entry(AuditKind.SUBMIT_FOR, by, attempt)])
    return attempt


def reopen(attempt: Attempt, *, by: Actor) -> Attempt:
    """Let the pupil continue a submitted attempt, and return it.

    Its answers are kept, and a teacher's marks and comments as earlier ones. The score in the
    gradebook is kept until the pupil submits again. Raise NotLatestAttempt if the pupil has begun
    another attempt.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        latest = lock_latest_attempt(attempt.assignment, attempt.user)
        if latest is not None and latest.number > attempt.number:
            raise NotLatestAttempt
        marks = list(attempt.marks.all())
        # One that the pupil has taken back is open, and has the marks of the machine.
        if attempt.is_submitted or marks:
            tally = scoring.tally(attempt.edition.sheet, marks)
            before = {
                "released": attempt.is_released,
                "points": tally.total,
                "maximum": tally.maximum,
            }
            audit.record_all([work_entry(AuditKind.REOPEN, by, attempt, before=before)])
        if attempt.is_submitted:
            attempt.submitted_at = attempt.released_at = None
            now = attempt.reopened_at = timezone.now()
            attempt.save(update_fields=["submitted_at", "released_at", "reopened_at"])
            EarlierMark.keep(attempt.marks.filter(source=Mark.Source.TEACHER), now)
        attempt.marks.all().delete()
    return attempt


def give_mark(
    attempt: Attempt, question: Question[Any], points: Decimal, comment: str, teacher: User
) -> Mark:
    """Save and return a teacher's mark for an answer; report it if that is released.

    Raise ValueError unless ``points`` is between 0 and the question's marks, NotReady if the
    attempt is not submitted, StaleEdition if the attempt has moved to an edition in which the
    question has other marks than ``question``.
    """
    maximum = question.marks or Decimal(0)
    if not 0 <= points <= maximum:
        raise ValueError(f"{points} is not between 0 and {maximum}")
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            raise NotReady
        if attempt.edition.sheet.question(question.key).marks != question.marks:
            raise StaleEdition
        former = attempt.marks.filter(item=question.key).first()
        mark, _created = Mark.objects.update_or_create(
            attempt=attempt,
            item=question.key,
            defaults={
                "points": points,
                "maximum": maximum,
                "comment": comment,
                "source": Mark.Source.TEACHER,
                "marked_by": teacher,
                "marked_at": timezone.now(),
            },
        )
        audit.record_all([mark_entry(attempt, former, mark, audit.person(teacher))])
        if attempt.is_released:
            gradebook.report(attempt)
    return mark


def comment_overall(attempt: Attempt, went_well: str, better_if: str, teacher: User) -> Attempt:
    """Save a teacher's comment on the whole work, and return it; report it if that is released.

    Raise NotReady if the attempt is not submitted. Nothing is done where both texts stand already.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            raise NotReady
        if (attempt.went_well, attempt.better_if) == (went_well, better_if):
            return attempt
        before = {"comment": attempt.has_overall_comment}
        attempt.went_well, attempt.better_if = went_well, better_if
        attempt.commented_by = teacher
        attempt.save(update_fields=["went_well", "better_if", "commented_by"])
        after = {"comment": attempt.has_overall_comment}
        by = audit.person(teacher)
        audit.record_all([work_entry(AuditKind.COMMENT, by, attempt, before=before, after=after)])
        if attempt.is_released:
            gradebook.report(attempt)
    return attempt


def release(attempt: Attempt, *, by: Actor) -> Attempt:
    """Show the pupil the marks, report the total to the gradebook, and return the attempt.

    Raise NotReady if the attempt is not submitted or an answer waits for a mark.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        entry = _release(attempt, by)
        gradebook.report(attempt)
        audit.record_all([entry])
    return attempt


def release_all(assignment: Assignment, attempts: Iterable[Attempt], *, by: Actor) -> set[int]:
    """Release these attempts, RELEASED_AT_ONCE in a transaction. Return the ``User.pk`` of whose.

    One that is not ready any more is left as it is.
    """
    released = set()
    keys = sorted(attempt.pk for attempt in attempts)
    while keys:
        some, keys = keys[:RELEASED_AT_ONCE], keys[RELEASED_AT_ONCE:]
        with transaction.atomic():
            # The order of ``gradebook.changes``: assignment, attempts, columns, scores by user.
            held = lock_assignment(assignment)
            rows = Attempt.objects.select_for_update(no_key=True).filter(pk__in=some)
            found = list(rows.filter(assignment=held).order_by("pk"))
            gradebook.lock_columns(held.link)
            entries, done = [], []
            for attempt in sorted(found, key=lambda one: (one.user_id, one.number)):
                attempt.assignment = held
                with contextlib.suppress(NotReady):
                    entries.append(_release(attempt, by))
                    done.append(attempt)
            gradebook.report_all(done)
            released |= {user.pk for user in people_of(done)}
            audit.record_all(entries)
    return released


def _release(attempt: Attempt, by: Actor) -> AuditEntry:
    """Release a locked attempt, which the caller reports. Raise NotReady.

    Return what is to be recorded of it.
    """
    if not attempt.is_submitted:
        raise NotReady
    tally = scoring.tally(attempt.edition.sheet, attempt.marks.all())
    if tally.unmarked:
        raise NotReady
    attempt.released_at = timezone.now()
    attempt.save(update_fields=["released_at"])
    after = {"points": tally.total, "maximum": tally.maximum}
    return work_entry(AuditKind.RELEASE, by, attempt, after=after)
