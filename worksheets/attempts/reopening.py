"""Functions with which teachers let pupils go on with what is submitted: all of it, or a question.

Where one question is reopened, the pupil changes that alone: everything else stays as it was
submitted, with its marks, and what the pupil sees of them stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry
from worksheets.attempts.errors import NotLatestAttempt, NotReady, StaleEdition
from worksheets.attempts.in_chunks import act_on_each
from worksheets.attempts.locks import lock_attempt
from worksheets.attempts.recorded import work_entry
from worksheets.attempts.releasing import show_alone
from worksheets.gradebook import scoring
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, EarlierMark, Mark
from worksheets.questions import asks_the_same


def reopen(attempt: Attempt, *, by: Actor) -> Attempt:
    """Let the pupil continue a submitted attempt, and return it.

    Its answers are kept, and a teacher's marks and comments as earlier ones. The score in the
    gradebook is kept until the pupil submits again. Raise NotLatestAttempt if the pupil has begun
    another attempt.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        _require_latest(attempt)
        # One that the pupil has taken back is open, and has the marks of the machine.
        if attempt.is_submitted or attempt.marks.exists():
            audit.record_all([_reopen(attempt, by)])
    return attempt


def reopen_all(assignment: Assignment, attempts: Iterable[Attempt], *, by: Actor) -> list[Attempt]:
    """Reopen these attempts, some in each transaction, and return those that were submitted."""

    def act(attempt: Attempt) -> AuditEntry:
        _require_submitted(attempt)
        return _reopen(attempt, by)

    return act_on_each(assignment, attempts, act)


def reopen_question(
    attempt: Attempt, question: Question[Any], comment: str = "", *, by: Actor
) -> Attempt:
    """Let the pupil change the answer to one question of submitted work, and return the attempt.

    The pupil reads the comment of the mark that is there, and ``comment``. Of work in which one
    question is open already, this one is opened, too. Raise NotReady if all of it is open,
    StaleEdition if it asks something else by this key, or if the machine marks that,
    NotLatestAttempt as ``reopen`` does.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        audit.record_all([_reopen_question(attempt, question, comment, by)])
    return attempt


def reopen_question_of_all(
    assignment: Assignment,
    question: Question[Any],
    attempts: Iterable[Attempt],
    comment: str = "",
    *,
    by: Actor,
) -> list[Attempt]:
    """Do so to these attempts, some in each transaction, and return those where it was done."""

    def act(attempt: Attempt) -> AuditEntry:
        return _reopen_question(attempt, question, comment, by)

    return act_on_each(assignment, attempts, act)


def _require_latest(attempt: Attempt) -> None:
    # Attempts are begun under the lock of their assignment, which is held.
    own = Attempt.objects.filter(assignment=attempt.assignment, user=attempt.user_id)
    if own.filter(number__gt=attempt.number).exists():
        raise NotLatestAttempt


def _require_submitted(attempt: Attempt) -> None:
    _require_latest(attempt)
    if not attempt.is_submitted:
        raise NotReady


def _recorded(attempt: Attempt) -> dict[str, object]:
    tally = scoring.tally(attempt.edition.sheet, attempt.marks.all())
    released = attempt.is_released
    return {"released": released, "points": tally.total, "maximum": tally.maximum}


def _reopen(attempt: Attempt, by: Actor) -> AuditEntry:
    """Reopen a locked attempt, and return what is to be recorded of it."""
    entry = work_entry(AuditKind.REOPEN, by, attempt, before=_recorded(attempt))
    EarlierMark.keep(attempt.marks.filter(source=Mark.Source.TEACHER), timezone.now())
    attempt.marks.all().delete()
    _open(attempt, {})
    return entry


def _reopen_question(
    attempt: Attempt, question: Question[Any], comment: str, by: Actor
) -> AuditEntry:
    """Reopen one question of a locked attempt, and return what is to be recorded of it."""
    _require_latest(attempt)
    if question.automatic or not asks_the_same(attempt.edition.sheet, question):
        raise StaleEdition
    opened = attempt.open_items
    if question.key in opened or not (attempt.is_submitted or opened):
        raise NotReady
    before = _recorded(attempt)
    if attempt.is_released:
        show_alone(attempt, without=question.key)
    marks = attempt.marks.filter(item=question.key)
    said = [mark.comment for mark in marks if mark.source == Mark.Source.TEACHER]
    EarlierMark.keep(marks.filter(source=Mark.Source.TEACHER), timezone.now())
    marks.delete()
    others = {key: text for key, text in attempt.reopened_items.items() if key in opened}
    _open(attempt, {**others, question.key: "\n".join(filter(None, [*said, comment]))})
    after = {"item": question.key}
    return work_entry(AuditKind.REOPEN, by, attempt, before=before, after=after)


def _open(attempt: Attempt, items: dict[str, str]) -> None:
    attempt.submitted_at = attempt.released_at = None
    attempt.reopened_at, attempt.reopened_items = timezone.now(), items
    if not attempt.marks.filter(released_at__isnull=False).exists():
        attempt.marks_seen_at = None
    attempt.save(
        update_fields=[
            *("submitted_at", "released_at", "reopened_at", "reopened_items", "marks_seen_at")
        ]
    )
