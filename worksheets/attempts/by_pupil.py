"""The writes of a pupil to an attempt: save answers, submit, begin another. Writes only.

Each function is one transaction; marks and the gradebook's delivery row are saved together
or not at all. A function that reports to the gradebook locks the assignment first: the
score depends on all attempts of the pupil and on the assignment's rules at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.answers import write_answers
from worksheets.attempts.errors import (
    AlreadySubmitted,
    Closed,
    NoMoreAttempts,
    NotReady,
    StaleEdition,
)
from worksheets.attempts.locks import lock_assignment, lock_latest_attempt
from worksheets.gradebook.automatic import automatic_marks
from worksheets.markup import Message
from worksheets.models import Assignment, Attempt, Mark
from worksheets.policy.schedule import Schedule, own_schedule
from worksheets.questions import read_answers


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of saving; ``errors`` name what was not kept, by item key."""

    attempt: Attempt
    errors: Mapping[str, Message]


def save_answers(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    fields: Mapping[str, str],
    *,
    number: int = 1,
    seen: datetime | None = None,
    schedule: Schedule | None = None,
) -> SaveResult:
    """Keep the posted answers; the first of them begin the first attempt.

    ``edition_id`` and ``number`` name the edition and the attempt that the page shows.
    ``seen`` is when the page's own answers were saved: a blank field of an older page does
    not wipe what was written since. ``schedule`` is what holds for this pupil (default: the
    assignment's own dates).

    Raise Closed outside these dates, AlreadySubmitted if the attempt is not the open one,
    StaleEdition if the page shows another edition than the one to answer.
    """
    with transaction.atomic():
        attempt = _open_attempt(assignment, user, number, edition_id, schedule)
        read = read_answers(attempt.edition.sheet, fields)
        write_answers(attempt, read.accepted, read.blank, seen)
    return SaveResult(attempt, read.errors)


def submit(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    *,
    number: int = 1,
    schedule: Schedule | None = None,
) -> Attempt:
    """Hand in what is saved: mark the gaps and report them, in one transaction.

    A second submit changes nothing and returns the attempt as it is. Raise Closed outside
    the dates, StaleEdition if the page shows another edition than the one to answer,
    AlreadySubmitted if no attempt has this number.
    """
    with transaction.atomic():
        assignment = lock_assignment(assignment)
        try:
            attempt = _open_attempt(assignment, user, number, edition_id, schedule)
        except AlreadySubmitted:
            done = Attempt.objects.filter(assignment=assignment, user=user, number=number).first()
            if done is None:
                raise
            return done
        hand_in(attempt)
    return attempt


def begin_again(assignment: Assignment, user: User, *, schedule: Schedule | None = None) -> Attempt:
    """Begin another attempt with an empty sheet; the earlier ones stay as they are.

    Return the open attempt if there is one: a second press begins no third. Raise Closed
    outside the dates, NoMoreAttempts if the assignment allows no more, NotReady if the
    pupil has not had any.
    """
    with transaction.atomic():
        # Locked before the attempt, as everywhere; its rules and edition then stay as they are.
        assignment = lock_assignment(assignment)
        last = lock_latest_attempt(assignment, user)
        if last is None:
            raise NotReady
        if not last.is_submitted:
            return last
        if not (schedule or own_schedule(assignment)).is_open:
            raise Closed
        if not assignment.allows_another(last.number):
            raise NoMoreAttempts
        return _begin(assignment, user, last.number + 1)


def _open_attempt(
    assignment: Assignment,
    user: User,
    number: int,
    edition_id: int | None,
    schedule: Schedule | None,
) -> Attempt:
    """Return the attempt that may be changed, locked; begin the first one if there is none."""
    attempt = lock_latest_attempt(assignment, user)
    if attempt is None:
        # A new attempt takes the edition placed now: the lock keeps it from being replaced.
        assignment = lock_assignment(assignment)
        attempt = lock_latest_attempt(assignment, user)
    # A page of an earlier attempt must not write into a later one.
    if number != (attempt.number if attempt else 1) or (attempt and attempt.is_submitted):
        raise AlreadySubmitted
    if not (schedule or own_schedule(assignment)).is_open:
        raise Closed
    if edition_id != (attempt.edition_id if attempt else assignment.edition_id):
        raise StaleEdition
    return attempt or _begin(assignment, user, 1)


def _begin(assignment: Assignment, user: User, number: int) -> Attempt:
    edition = assignment.edition
    keys = {"assignment": assignment, "user": user, "number": number}
    try:
        with transaction.atomic():
            return Attempt.objects.create(**keys, edition=edition, language=get_language() or "")
    except IntegrityError:
        # Two tabs did the same at once: the other one has begun it.
        return Attempt.objects.select_for_update(no_key=True).get(**keys)


def hand_in(attempt: Attempt) -> None:
    """Mark what a machine can mark and report it."""
    Mark.objects.bulk_create(automatic_marks(attempt, attempt.edition.sheet))
    attempt.submitted_at = timezone.now()
    attempt.save(update_fields=["submitted_at"])
    gradebook.report(attempt)
