"""Functions with which teachers change attempts: submit for a pupil, mark, release, reopen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.by_pupil import hand_in
from worksheets.attempts.errors import NotLatestAttempt, NotReady, StaleEdition
from worksheets.attempts.locks import lock_attempt, lock_latest_attempt
from worksheets.gradebook import scoring
from worksheets.markup import Question
from worksheets.models import Attempt, EarlierMark, Mark


def submit_for(attempt: Attempt) -> Attempt:
    """Submit an attempt for the pupil as it was saved last, even after the assignment has closed.

    Return the attempt; one that was submitted already is not changed.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            hand_in(attempt)
    return attempt


def reopen(attempt: Attempt) -> Attempt:
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
        if attempt.is_released:
            gradebook.report(attempt)
    return mark


def release(attempt: Attempt) -> Attempt:
    """Show the pupil the marks, report the total to the gradebook, and return the attempt.

    Raise NotReady if the attempt is not submitted or an answer waits for a mark.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            raise NotReady
        if scoring.tally(attempt.edition.sheet, attempt.marks.all()).unmarked:
            raise NotReady
        attempt.released_at = timezone.now()
        attempt.save(update_fields=["released_at"])
        gradebook.report(attempt)
    return attempt
