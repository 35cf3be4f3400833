"""What pupils and teachers do to attempts: save, submit, mark, release. Writes only.

Each function is one transaction; marks and the gradebook's delivery row are saved
together or not at all. Whatever tells the gradebook holds the assignment first: what it
tells is worked out from all attempts of a pupil, and under the rules of this moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from lti_tool.models import User
from worksheets.attempts.answers import keep_answers
from worksheets.gradebook import reporting as gradebook
from worksheets.gradebook import scoring
from worksheets.gradebook.automatic import automatic_marks
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark
from worksheets.policy.schedule import Schedule, own_schedule
from worksheets.questions.responses import Fault, read_responses


class AttemptError(Exception):
    """What a pupil asked for cannot be done; nothing was changed."""


class Closed(AttemptError):
    """The time to submit is over, or has not begun."""


class AlreadySubmitted(AttemptError):
    """Answers no longer change."""


class StaleEdition(AttemptError):
    """The page shows another edition than the one that this pupil answers now."""


class NotReady(AttemptError):
    """A written answer still waits for its mark, or the attempt for its pupil."""


class NoMoreAttempts(AttemptError):
    """The pupil has had as many as the teacher allows."""


class NotTheLast(AttemptError):
    """The pupil has begun another attempt since."""


@dataclass(frozen=True, slots=True)
class Saved:
    """``faults`` name what was not kept, by item key; everything else was."""

    attempt: Attempt
    faults: Mapping[str, Fault]


def save_answers(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    fields: Mapping[str, str],
    *,
    number: int = 1,
    seen: datetime | None = None,
    schedule: Schedule | None = None,
) -> Saved:
    """Keep the posted answers; begins the first attempt with the first of them.

    ``edition_id`` and ``number`` name the edition and the attempt that the page shows.
    ``seen`` is when the page's own answers were saved: a blank field of an older page does
    not wipe what was written since. ``schedule`` is what holds for this pupil (default: the
    assignment's own dates). Raises Closed, AlreadySubmitted, StaleEdition.
    """
    with transaction.atomic():
        attempt = _open_attempt(assignment, user, number, edition_id, schedule)
        read = read_responses(attempt.edition.sheet, fields)
        keep_answers(attempt, read.accepted, seen)
    return Saved(attempt, read.faults)


def submit(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    *,
    number: int = 1,
    schedule: Schedule | None = None,
) -> Attempt:
    """Hand in what is saved: mark the gaps and report them, in one transaction.

    A second submit changes nothing and gives the attempt as it is. Raises Closed,
    StaleEdition; AlreadySubmitted for a number that is no attempt's.
    """
    with transaction.atomic():
        assignment = _held(assignment)
        try:
            attempt = _open_attempt(assignment, user, number, edition_id, schedule)
        except AlreadySubmitted:
            done = Attempt.objects.filter(assignment=assignment, user=user, number=number).first()
            if done is None:
                raise
            return done
        _hand_in(attempt)
    return attempt


def begin_again(assignment: Assignment, user: User, *, schedule: Schedule | None = None) -> Attempt:
    """Another attempt, with an empty sheet; the earlier ones stay as they are.

    Gives the one that is open, if there is one: a second press begins no third. Raises
    Closed, NoMoreAttempts; NotReady for a pupil who has not had any.
    """
    with transaction.atomic():
        last = _find(assignment, user)
        if last is None:
            raise NotReady
        if not last.is_submitted:
            return last
        if not _is_open(assignment, schedule):
            raise Closed
        if not assignment.allows_another(last.number):
            raise NoMoreAttempts
        return _begin(assignment, user, last.number + 1)


def submit_for(attempt: Attempt) -> Attempt:
    """A teacher hands in what a pupil has saved, also after the close."""
    with transaction.atomic():
        attempt = _locked(attempt)
        if not attempt.is_submitted:
            _hand_in(attempt)
    return attempt


def reopen(attempt: Attempt) -> Attempt:
    """Let the pupil go on: marks are taken back, answers and comments' text stay theirs.

    What the gradebook shows stays until the pupil submits again. Raises NotTheLast for an
    attempt that another one has followed.
    """
    with transaction.atomic():
        attempt = _locked(attempt)
        last = _find(attempt.assignment, attempt.user)
        if last is not None and last.number > attempt.number:
            raise NotTheLast
        attempt.submitted_at = attempt.released_at = None
        attempt.save(update_fields=["submitted_at", "released_at"])
        attempt.marks.all().delete()
    return attempt


def give_mark(
    attempt: Attempt, question: Question, points: Decimal, comment: str, teacher: User
) -> Mark:
    """A teacher's mark for a written answer; the gradebook follows if it was released.

    ``points`` is between 0 and the question's marks. Raises NotReady if the pupil has
    not submitted, ValueError for points out of range.
    """
    maximum = question.marks or Decimal(0)
    if not 0 <= points <= maximum:
        raise ValueError(f"{points} is not between 0 and {maximum}")
    with transaction.atomic():
        attempt = _locked(attempt)
        if not attempt.is_submitted:
            raise NotReady
        mark, _made = Mark.objects.update_or_create(
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
    """Show the marks to the pupil and the total to the gradebook.

    Raises NotReady while a written answer is not marked.
    """
    with transaction.atomic():
        attempt = _locked(attempt)
        if not attempt.is_submitted:
            raise NotReady
        if scoring.tally(attempt.edition.sheet, attempt.marks.all()).unmarked:
            raise NotReady
        attempt.released_at = timezone.now()
        attempt.save(update_fields=["released_at"])
        gradebook.report(attempt)
    return attempt


def _open_attempt(
    assignment: Assignment,
    user: User,
    number: int,
    edition_id: int | None,
    schedule: Schedule | None,
) -> Attempt:
    """The attempt that may still be changed, locked; the first is begun now if there is none."""
    attempt = _find(assignment, user)
    # A page of an earlier attempt must not write into a later one.
    if number != (attempt.number if attempt else 1) or (attempt and attempt.is_submitted):
        raise AlreadySubmitted
    if not _is_open(assignment, schedule):
        raise Closed
    if edition_id != (attempt.edition_id if attempt else assignment.edition_id):
        raise StaleEdition
    return attempt or _begin(assignment, user, 1)


def _is_open(assignment: Assignment, schedule: Schedule | None) -> bool:
    holds = schedule or own_schedule(assignment)
    return not (holds.is_closed or holds.is_not_open_yet)


def _begin(assignment: Assignment, user: User, number: int) -> Attempt:
    edition = assignment.edition
    keys = {"assignment": assignment, "user": user, "number": number}
    try:
        with transaction.atomic():
            return Attempt.objects.create(**keys, edition=edition, language=get_language() or "")
    except IntegrityError:
        # Two tabs did the same at once: the other one has begun it.
        return Attempt.objects.select_for_update(no_key=True).get(**keys)


def _find(assignment: Assignment, user: User) -> Attempt | None:
    """The last of this pupil's attempts, locked."""
    rows = Attempt.objects.select_for_update(no_key=True).filter(assignment=assignment, user=user)
    found = rows.order_by("-number").first()
    if found is not None:
        found.assignment, found.user = assignment, user
    return found


def _held(assignment: Assignment) -> Assignment:
    """The assignment as it is now, locked.

    Locks here leave the key free: a new row that refers to one need not wait for it, or two
    would in a circle.
    """
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    held.link = assignment.link
    return held


def _locked(attempt: Attempt) -> Attempt:
    """The attempt as it is now, locked, and its assignment before it."""
    assignment = _held(attempt.assignment)
    # What is read beside a row that is waited for is as old as the question.
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    locked.assignment = assignment
    return locked


def _hand_in(attempt: Attempt) -> None:
    """Mark what a machine can mark. A written answer left blank has earned 0."""
    Mark.objects.bulk_create(automatic_marks(attempt, attempt.edition.sheet))
    attempt.submitted_at = timezone.now()
    attempt.save(update_fields=["submitted_at"])
    gradebook.report(attempt)
