"""Functions with which teachers change attempts: submit for a pupil, mark and comment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.by_pupil import hand_in
from worksheets.attempts.errors import NotReady, StaleEdition
from worksheets.attempts.locks import lock_attempt
from worksheets.attempts.recorded import mark_entry, work_entry
from worksheets.markup import Question
from worksheets.models import Attempt, Mark


def submit_for(attempt: Attempt, *, by: Actor) -> Attempt:
    """Submit an attempt for the pupil as it was saved last, even after the assignment has closed.

    Return the attempt; one that was submitted already is not changed.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            hand_in(attempt, is_for_pupil=True)
            audit.record_all([work_entry(AuditKind.SUBMIT_FOR, by, attempt)])
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
        if attempt.shows(mark):
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
