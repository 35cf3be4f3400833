"""What pupils and teachers do to attempts: save, submit, mark, release. Writes only.

Each function is one transaction; marks and the gradebook's delivery row are saved
together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from lti_tool.models import User
from worksheets import gradebook
from worksheets.marking import mark_gaps
from worksheets.markup import Question
from worksheets.models import Answer, Assignment, Attempt, Mark
from worksheets.responses import Fault, Response, read_responses
from worksheets.schedule import Schedule, own_schedule


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
    seen: datetime | None = None,
    schedule: Schedule | None = None,
) -> Saved:
    """Keep the posted answers; begins the attempt with the first of them.

    ``edition_id`` names the one that the page shows. ``seen`` is when the page's own answers
    were saved: a blank field of an older page does not wipe what was written since.
    ``schedule`` is what holds for this pupil (default: the assignment's own dates).
    Raises Closed, AlreadySubmitted, StaleEdition.
    """
    with transaction.atomic():
        attempt = _open_attempt(assignment, user, edition_id, schedule)
        read = read_responses(attempt.edition.sheet, fields)
        _write(attempt, read.accepted, seen)
    return Saved(attempt, read.faults)


def submit(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    *,
    schedule: Schedule | None = None,
) -> Attempt:
    """Hand in what is saved: mark the gaps and report them, in one transaction.

    A second submit changes nothing and gives the attempt as it is. Raises Closed,
    StaleEdition.
    """
    with transaction.atomic():
        try:
            attempt = _open_attempt(assignment, user, edition_id, schedule)
        except AlreadySubmitted:
            return Attempt.objects.get(assignment=assignment, user=user)
        _hand_in(attempt)
    return attempt


def submit_for(attempt: Attempt) -> Attempt:
    """A teacher hands in what a pupil has saved, also after the close."""
    with transaction.atomic():
        attempt = _locked(attempt)
        if not attempt.is_submitted:
            _hand_in(attempt)
    return attempt


def reopen(attempt: Attempt) -> Attempt:
    """Let the pupil go on: marks are taken back, answers and comments' text stay theirs.

    What the gradebook shows stays until the pupil submits again.
    """
    with transaction.atomic():
        attempt = _locked(attempt)
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
        if gradebook.tally(attempt.edition.sheet, attempt.marks.all()).unmarked:
            raise NotReady
        attempt.released_at = timezone.now()
        attempt.save(update_fields=["released_at"])
        gradebook.report(attempt)
    return attempt


def _open_attempt(
    assignment: Assignment, user: User, edition_id: int | None, schedule: Schedule | None
) -> Attempt:
    """The attempt that may still be changed, locked; begun now if there is none."""
    attempt = _find(assignment, user)
    if attempt is not None and attempt.is_submitted:
        raise AlreadySubmitted
    holds = schedule or own_schedule(assignment)
    if holds.is_closed or holds.is_not_open_yet:
        raise Closed
    if edition_id != (attempt.edition_id if attempt else assignment.edition_id):
        raise StaleEdition
    return attempt or _begin(assignment, user)


def _begin(assignment: Assignment, user: User) -> Attempt:
    edition = assignment.edition
    try:
        with transaction.atomic():
            return Attempt.objects.create(assignment=assignment, user=user, edition=edition)
    except IntegrityError:
        # Two tabs saved their first answer at once: the other one has begun it.
        return Attempt.objects.select_for_update().get(assignment=assignment, user=user)


def _find(assignment: Assignment, user: User) -> Attempt | None:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.filter(assignment=assignment, user=user).first()


def _locked(attempt: Attempt) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",))
    return rows.select_related("edition", "user", "assignment__link").get(pk=attempt.pk)


def _write(attempt: Attempt, responses: Mapping[str, Response], seen: datetime | None) -> None:
    now = timezone.now()
    known = {answer.item: answer for answer in attempt.answers.all()}
    changed = []
    for item, response in responses.items():
        answer = known.get(item) or Answer(attempt=attempt, item=item)
        if _unchanged(answer, response) or (response.is_blank and _newer(answer, seen)):
            continue
        answer.text, answer.choice, answer.saved_at = response.text, response.choice, now
        changed.append(answer)
    if changed:
        Answer.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["attempt", "item"],
            update_fields=["text", "choice", "saved_at"],
        )
        attempt.saved_at = now
        attempt.save(update_fields=["saved_at"])


def _unchanged(answer: Answer, response: Response) -> bool:
    return (answer.text, answer.choice) == (response.text, response.choice)


def _newer(answer: Answer, seen: datetime | None) -> bool:
    return seen is not None and answer.pk is not None and answer.saved_at > seen


def _hand_in(attempt: Attempt) -> None:
    """Mark what a machine can mark. A written answer left blank has earned 0."""
    sheet = attempt.edition.sheet
    answers = {answer.item: answer for answer in attempt.answers.all()}
    results = mark_gaps(sheet, {item: answer.text for item, answer in answers.items()}).results
    marks = [(result.key, result.points, result.maximum) for result in results]
    for question in sheet.questions:
        answer = answers.get(question.key)
        if question.marks is not None and (answer is None or answer.is_blank):
            marks.append((question.key, Decimal(0), question.marks))
    Mark.objects.bulk_create(
        Mark(
            attempt=attempt,
            item=item,
            points=points,
            maximum=maximum,
            source=Mark.Source.MARKER,
        )
        for item, points, maximum in marks
    )
    attempt.submitted_at = timezone.now()
    attempt.save(update_fields=["submitted_at"])
    gradebook.report(attempt)
