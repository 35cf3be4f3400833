"""The writes of a pupil to an attempt: save answers, submit, begin another. Writes only.

Each function is one transaction; marks and the gradebook's delivery row are saved together
or not at all. A function that reports to the gradebook locks the assignment first: the
score depends on all attempts of the pupil and on the assignment's rules at that moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from lti_tool import audit
from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.answers import UNNUMBERED, Sent, write_answers
from worksheets.attempts.editions import edition_to_begin, edition_to_mark_by
from worksheets.attempts.errors import (
    AlreadySubmitted,
    Closed,
    NoMoreAttempts,
    NotLatestAttempt,
    NotReady,
    StaleEdition,
)
from worksheets.attempts.locks import lock_assignment, lock_latest_attempt
from worksheets.attempts.recorded import mark_entry, work_entry
from worksheets.attempts.together import attempts_of_person, count_partners
from worksheets.gradebook.automatic import automatic_marks
from worksheets.gradebook.shared_work import shared_with
from worksheets.markup import Message
from worksheets.markup.messages import Message as _
from worksheets.models import Answer, Assignment, Attempt, Edition, Mark, NewAttempt
from worksheets.policy.schedule import Schedule, own_schedule
from worksheets.questions import BLANK, ItemAnswer, read_answers, same_items


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of saving: the answers as they are kept, and ``errors`` for the others, by item.

    ``newest`` is 0, or where something else has been saved meanwhile, which therefore stays, the
    number above which the browser counts on.
    """

    attempt: Attempt
    kept: Mapping[str, ItemAnswer]
    errors: Mapping[str, Message]
    newest: int


def save_answers(
    assignment: Assignment,
    user: User,
    edition_id: int | None,
    fields: Mapping[str, str],
    *,
    number: int = 1,
    seen: datetime | None = None,
    sent: Sent = UNNUMBERED,
    schedule: Schedule | None = None,
) -> SaveResult:
    """Keep the posted answers; the first of them begin the first attempt.

    ``edition_id`` and ``number`` name the edition and the attempt that the page shows.
    ``seen`` is when the page's own answers were saved, and ``sent`` where a script's request
    stands among those of its browser: what was saved since, and is not on the page, stays.
    ``schedule`` is what holds for this pupil (default: the assignment's own dates).

    Raise Closed outside these dates, AlreadySubmitted if the attempt is not the open one,
    StaleEdition if the page shows another edition than the one to answer.
    """
    with transaction.atomic():
        attempt = _open_attempt(assignment, user, number, edition_id, schedule)
        read = read_answers(attempt.edition.sheet, fields)
        accepted, errors = {**read.accepted}, {**read.errors}
        if attempt.reopened_at:
            _leave_out_fixed(attempt, accepted, errors)
        newest = write_answers(attempt, accepted, read.blank, seen, sent)
    return SaveResult(attempt, accepted, errors, newest)


def fixed_items(attempt: Attempt) -> Collection[str]:
    """Return the keys of the items of reopened work that stay as they were submitted."""
    if attempt.open_items:
        return [
            item.key for item in attempt.edition.sheet.items if item.key not in attempt.open_items
        ]
    return list(attempt.marks.values_list("item", flat=True))


def _leave_out_fixed(
    attempt: Attempt, accepted: dict[str, ItemAnswer], errors: dict[str, Message]
) -> None:
    """Take out of what was posted what the pupil can no longer change; say where it differs."""
    before = {row.item: ItemAnswer.stored(row.value, row.text) for row in attempt.answers.all()}
    said = _("This was marked when you submitted, and stays as it was.")
    if attempt.open_items:
        said = _("Your teacher has opened another question. This stays as you submitted it.")
    for item in fixed_items(attempt):
        given, stands = accepted.pop(item, None), before.get(item, BLANK)
        # A page that was opened before the attempt was submitted may still ask for it.
        is_other = given is not None and (given.text or stands.text) and given != stands
        if is_other or item in errors:
            errors[item] = said


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
        hand_in(attempt, schedule=schedule)
    return attempt


def begin_again(assignment: Assignment, user: User, *, schedule: Schedule | None = None) -> Attempt:
    """Begin another attempt with what the assignment keeps; the earlier ones stay as they are.

    Return the open attempt if there is one: a second press begins no third. Raise Closed
    outside the dates, NoMoreAttempts if the assignment allows no more, NotReady if the
    pupil has not had any.
    """
    with transaction.atomic():
        # Locked before the attempt, as everywhere; its rules and edition then stay as they are.
        assignment = lock_assignment(assignment)
        own = lock_latest_attempt(assignment, user)
        if own is not None and not own.is_submitted:
            return own
        works = attempts_of_person(assignment, user)
        if not works:
            raise NotReady
        number, last = works[-1]
        if not (schedule or own_schedule(assignment)).is_open:
            raise Closed
        if not assignment.allows_another(number):
            raise NoMoreAttempts
        attempt = _begin(assignment, user, number + 1, assignment.edition, schedule)
        _copy_answers(assignment, last, attempt)
        return attempt


def _copy_answers(assignment: Assignment, last: Attempt, attempt: Attempt) -> None:
    """Copy the answers with which another attempt begins, if it asks the same as the last one."""
    before, sheet = last.edition.sheet, attempt.edition.sheet
    if assignment.new_attempt == NewAttempt.BLANK or not same_items(before, sheet):
        return
    answers = last.answers.all()
    if assignment.new_attempt == NewAttempt.RIGHT:
        by_teacher = {question.key for question in before.questions if not question.automatic}
        right = {mark.item for mark in last.marks.all() if mark.points == mark.maximum}
        answers = answers.filter(item__in=by_teacher | right)
    Answer.objects.bulk_create(
        Answer(
            attempt=attempt,
            item=answer.item,
            text=answer.text,
            value=answer.value,
            saved_at=attempt.saved_at,  # the page of the attempt has seen them
        )
        for answer in answers
    )


def may_take_back(attempt: Attempt, marks: Iterable[Mark], schedule: Schedule) -> bool:
    """Return whether a pupil may go on with this attempt, their last one, after submitting it.

    That is so until the worksheet closes or a teacher marks, if there is something to write. Where
    single questions were reopened, it is about these.
    """
    again = attempt.reopened_items
    return (
        attempt.is_submitted
        and not attempt.is_released
        and schedule.is_open
        and any(not question.automatic for question in attempt.edition.sheet.questions)
        and all(
            mark.source == Mark.Source.MARKER for mark in marks if not again or mark.item in again
        )
    )


def take_back(
    assignment: Assignment, user: User, number: int, *, schedule: Schedule | None = None
) -> Attempt:
    """Let a pupil go on with the attempt of this number, and return it.

    What the machine has marked stays as it was submitted: the pupil may have seen what is right.
    The score in the gradebook stays until they submit again. An attempt that is open is returned
    as it is. Raise NotLatestAttempt if it is not the last one, NotReady if ``may_take_back`` does
    not hold.
    """
    with transaction.atomic():
        assignment = lock_assignment(assignment)
        attempt = lock_latest_attempt(assignment, user)
        if attempt is None or attempt.number != number:
            raise NotLatestAttempt
        if not attempt.is_submitted:
            return attempt
        if not may_take_back(attempt, attempt.marks.all(), schedule or own_schedule(assignment)):
            raise NotReady
        attempt.submitted_at, attempt.reopened_at = None, timezone.now()
        attempt.save(update_fields=["submitted_at", "reopened_at"])
        questions = attempt.edition.sheet.questions
        by_teacher = [
            question.key
            for question in questions
            if not question.automatic
            and (not attempt.reopened_items or question.key in attempt.reopened_items)
        ]
        attempt.marks.filter(item__in=by_teacher).delete()
        audit.record_all([work_entry(AuditKind.TAKE_BACK, audit.person(user), attempt)])
    return attempt


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
        if attempt is None and shared_with(assignment, user):
            # Somebody has submitted for both: what comes next is another attempt.
            raise AlreadySubmitted
    # A page of an earlier attempt must not write into a later one.
    if number != (attempt.number if attempt else 1) or (attempt and attempt.is_submitted):
        raise AlreadySubmitted
    if not (schedule or own_schedule(assignment)).is_open:
        raise Closed
    if attempt is not None:
        if edition_id != attempt.edition_id:
            raise StaleEdition
        return attempt
    edition = edition_to_begin(assignment, edition_id)
    if edition is None:
        raise StaleEdition
    return _begin(assignment, user, 1, edition, schedule)


def _begin(
    assignment: Assignment,
    user: User,
    number: int,
    edition: Edition,
    schedule: Schedule | None,
) -> Attempt:
    keys = {"assignment": assignment, "user": user, "number": number}
    told = schedule or Schedule()
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                **keys,
                edition=edition,
                language=get_language() or "",
                # A teacher may submit it, who knows neither.
                lms_due_at=told.lms_due_at,
                lms_dates_lead=told.lms_leads,
                zone=timezone.get_current_timezone_name(),
            )
    except IntegrityError:
        # Two tabs did the same at once: the other one has begun it.
        return Attempt.objects.select_for_update(no_key=True).get(**keys)


def hand_in(
    attempt: Attempt, *, schedule: Schedule | None = None, is_for_pupil: bool = False
) -> None:
    """Mark what a machine can mark and report it.

    ``schedule`` is what holds for the pupil, as far as a launch has told it; ``is_for_pupil`` is
    true where a teacher submits. A teacher's mark from before the attempt was reopened counts again
    where the answer is the same, up to the maximum that it has now; that is recorded. Where single
    questions were reopened, a teacher's marks of all else stay.
    """
    attempt.edition = edition_to_mark_by(attempt)
    marks = automatic_marks(attempt, attempt.edition.sheet)
    if attempt.reopened_at:
        again, kept = _marks_that_stand(attempt), _marks_of_the_rest(attempt)
        stands = {mark.item for mark in again}
        given = stands | {mark.item for mark in kept}
        marks = [*again, *(mark for mark in marks if mark.item not in given)]
        attempt.marks.exclude(pk__in=[mark.pk for mark in kept]).delete()
        attempt.earlier_marks.filter(item__in=stands).delete()
        in_order = sorted(again, key=lambda mark: mark.item)
        audit.record_all(mark_entry(attempt, None, mark, TOOL) for mark in in_order)
    Mark.objects.bulk_create(marks)
    attempt.submitted_at, attempt.is_submitted_for = timezone.now(), is_for_pupil
    fields = ["submitted_at", "is_submitted_for", "edition"]
    if schedule is not None:
        attempt.lms_due_at, attempt.lms_dates_lead = schedule.lms_due_at, schedule.lms_leads
        attempt.zone = timezone.get_current_timezone_name()
        fields += ["lms_due_at", "lms_dates_lead", "zone"]
    attempt.save(update_fields=fields)
    count_partners(attempt)
    gradebook.report(attempt)


def _marks_that_stand(attempt: Attempt) -> list[Mark]:
    answers = {answer.item: answer for answer in attempt.answers.all()}
    sheet = attempt.edition.sheet
    marks = []
    for earlier in attempt.earlier_marks.all():
        if attempt.open_items and earlier.item not in attempt.open_items:
            continue
        maximum = sheet.marks_for(earlier.item) or Decimal(0)
        if earlier.item in sheet.uncounted:
            maximum = earlier.maximum  # it counts again when the gap does
        # A comment on an answer that had no marks is no mark.
        has_same_kind = bool(earlier.maximum) == bool(maximum)
        if not has_same_kind or not earlier.is_for(answers.get(earlier.item)):
            continue
        mark = Mark(
            attempt=attempt,
            item=earlier.item,
            points=min(earlier.points, maximum),
            maximum=maximum,
            comment=earlier.comment,
            rubric=earlier.rubric,
            source=Mark.Source.TEACHER,
            marked_by=earlier.marked_by,
            marked_at=earlier.marked_at,
        )
        marks.append(mark)
    return marks


def _marks_of_the_rest(attempt: Attempt) -> list[Mark]:
    """Return a teacher's marks of what was not reopened, none where all was."""
    if not attempt.open_items:
        return []
    rows = attempt.marks.filter(source=Mark.Source.TEACHER)
    return list(rows.exclude(item__in=attempt.open_items))
