"""Functions with which teachers enter marks for pupils whose work is not in this tool.

Each is one transaction and locks the assignment first, as whoever submits or marks does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import AuditEntry, Membership, User
from worksheets import gradebook
from worksheets.attempts.in_chunks import RELEASED_AT_ONCE
from worksheets.attempts.locks import lock_assignment
from worksheets.gradebook.shared_work import have_submitted
from worksheets.marking.entered import Entry
from worksheets.models import Assignment, EnteredMark


@dataclass(frozen=True, slots=True)
class Wanted:
    """The entry that is to stand for a pupil, None for nothing; ``seen`` is what the page showed.

    ``confirmed`` says that the teacher has read what becomes of a mark that is released.
    """

    user_id: int
    entry: Entry | None
    seen: str = ""
    confirmed: bool = False


class EntryState(StrEnum):
    """The outcomes of entering a mark for a pupil."""

    SAVED = "saved"
    SAME = "same"  # it stood already
    CHANGED = "changed"  # somebody has entered something else meanwhile
    SUBMITTED = "submitted"  # the pupil has submitted work
    RELEASED = "released"  # it is released, and nobody has confirmed the change
    NO_PUPIL = "no-pupil"  # not a pupil of this course


@dataclass(frozen=True, slots=True)
class Entered:
    """The outcome of one entry: ``before`` is what stood, ``now`` the row that stands."""

    wanted: Wanted
    state: EntryState
    before: str = ""
    now: EnteredMark | None = None


def standing(row: EnteredMark | None) -> str:
    """Return a text for what stands, '' for nothing, as ``Wanted.seen`` has it."""
    return row.entry.text if row else ""


def enter(assignment: Assignment, wanted: Sequence[Wanted], *, by: Actor) -> list[Entered]:
    """Save what is entered for these pupils, each that can be, and return what became of each.

    Nothing is written for a pupil who has submitted work, but what stands can be changed. A mark
    that is released goes to the gradebook, and what stands there without one stays. Raise
    ValueError for points above the sheet's marks.
    """
    maximum = sheet_maximum(assignment)
    if any(one.entry and (one.entry.points or 0) > maximum for one in wanted):
        raise ValueError(f"more than {maximum}")
    with transaction.atomic():
        held = lock_assignment(assignment)
        users = {one.user_id for one in wanted}
        rows = _locked(held, users)
        submitted = have_submitted(held, users)
        pupils = pupils_of(held, users)
        if any(row.is_released for row in rows.values()):
            gradebook.lock_columns(held.link)
        done = {}
        for one in sorted(wanted, key=lambda one: one.user_id):
            row = rows.get(one.user_id)
            pupil = pupils.get(one.user_id)
            done[one.user_id] = (
                _enter(held, pupil, row, one, by, has_submitted=one.user_id in submitted)
                if pupil
                else Entered(one, EntryState.NO_PUPIL, standing(row), row)
            )
    return [done[one.user_id] for one in wanted]


def sheet_maximum(assignment: Assignment) -> Decimal:
    """Return the highest mark that can be entered: the marks of the whole sheet."""
    sheet = assignment.edition.sheet
    return sheet.automatic_marks + sheet.teacher_marks


def pupils_of(assignment: Assignment, users: Iterable[int]) -> dict[int, User]:
    """Return those of these people who are pupils of the course and have not left it."""
    members = Membership.objects.filter(context=assignment.link.context_id, user__in=users)
    rows = members.exclude(status=Membership.Status.GONE).select_related("user")
    return {row.user_id: row.user for row in rows if row.course_roles.is_learner}


def release_entered(
    assignment: Assignment,
    users: Iterable[int] | None = None,
    *,
    by: Actor,
    moment: datetime | None = None,
) -> set[int]:
    """Release what is entered and ready, of these pupils or of all; return the ``User.pk``.

    Pupils see it then, and their marks go to the gradebook. ``moment`` is that of the press.
    """
    at = moment or timezone.now()

    def act(held: Assignment, row: EnteredMark) -> AuditEntry | None:
        if not row.may_release:
            return None
        row.released_at = at
        row.save(update_fields=["released_at"])
        gradebook.report_pupil(held, row.user)
        return _entry(AuditKind.RELEASE, by, held, row.user, after=_said(row))

    rows = assignment.entered_marks.filter(released_at__isnull=True)
    return _act_on_each(assignment, rows if users is None else rows.filter(user__in=[*users]), act)


def take_back_entered(
    assignment: Assignment, users: Iterable[int], *, by: Actor, moment: datetime | None = None
) -> set[int]:
    """Show these pupils no more what is entered for them; return the ``User.pk`` of those it was.

    What is entered stays. With ``moment`` only what was released then is taken back. The gradebook
    follows as with ``take_back_release``; a column for the gaps has nothing of it.
    """

    def act(held: Assignment, row: EnteredMark) -> AuditEntry | None:
        if row.released_at is None or moment not in (None, row.released_at):
            return None
        row.released_at = None
        row.save(update_fields=["released_at"])
        gradebook.withdraw(held, row.user, only_total=True)
        after = {**_said(row), "taken_back": True}
        return _entry(AuditKind.RELEASE, by, held, row.user, after=after)

    rows = assignment.entered_marks.filter(released_at__isnull=False, user__in=[*users])
    return _act_on_each(assignment, rows, act)


def entered_released_in(assignment: Assignment, moment: datetime) -> set[int]:
    """Return the ``User.pk`` of those whose entered mark was released then, and is so still."""
    return set(assignment.entered_marks.filter(released_at=moment).values_list("user", flat=True))


def _act_on_each(
    assignment: Assignment,
    rows: QuerySet[EnteredMark],
    act: Callable[[Assignment, EnteredMark], AuditEntry | None],
) -> set[int]:
    """Do the act to each of these rows, some in each transaction; return the ``User.pk`` of whose.

    ``act`` is given a row as it is now, locked, and returns what is to be recorded, or None if it
    leaves the row as it is.
    """
    waiting, done = sorted(rows.values_list("user", flat=True)), set()
    while waiting:
        some, waiting = waiting[:RELEASED_AT_ONCE], waiting[RELEASED_AT_ONCE:]
        with transaction.atomic():
            held = lock_assignment(assignment)
            found = _locked(held, some)
            gradebook.lock_columns(held.link)
            acted = ((pk, act(held, found[pk])) for pk in some if pk in found)
            entries = {pk: entry for pk, entry in acted if entry is not None}
            audit.record_all(entries.values())
            done |= entries.keys()
    return done


def choose_what_counts(
    assignment: Assignment, user: User, *, entered: bool, by: Actor
) -> EnteredMark | None:
    """Let the entered mark count, or else the pupil's attempts; return the row, None for none.

    What counts then goes to the gradebook, if it may.
    """
    with transaction.atomic():
        held = lock_assignment(assignment)
        row = _locked(held, [user.pk]).get(user.pk)
        if row is None or row.counts == entered:
            return row
        row.counts = entered
        row.save(update_fields=["counts"])
        gradebook.report_pupil(held, user)
        after = {**_said(row), "counts": entered}
        audit.record_all([_entry(AuditKind.MARK, by, held, user, before=_said(row), after=after)])
    return row


def _locked(assignment: Assignment, users: Iterable[int]) -> dict[int, EnteredMark]:
    rows = EnteredMark.objects.select_for_update(no_key=True, of=("self",))
    chosen = rows.filter(assignment=assignment, user__in=list(users)).select_related("user")
    return {row.user_id: row for row in chosen.order_by("pk")}


def _enter(
    assignment: Assignment,
    pupil: User,
    row: EnteredMark | None,
    wanted: Wanted,
    by: Actor,
    *,
    has_submitted: bool,
) -> Entered:
    """Save one entry under the locks of ``enter``, and say what became of it."""
    before, entry = standing(row), wanted.entry
    state = _refusal(row, wanted, has_submitted=has_submitted)
    if state is not None:
        return Entered(wanted, state, before, row)
    former = _said(row) if row else {}
    if entry is None:
        now = None
        if row is not None:
            row.delete()
    else:
        now = _saved(assignment, pupil, row, entry, by)
    after: Mapping[str, object] = _said(now) if now else {"outcome": None}
    audit.record_all([_entry(AuditKind.MARK, by, assignment, pupil, before=former, after=after)])
    if former.get("released"):
        gradebook.report_pupil(assignment, pupil)
    return Entered(wanted, EntryState.SAVED, before, now)


def _refusal(row: EnteredMark | None, wanted: Wanted, *, has_submitted: bool) -> EntryState | None:
    """Return why nothing is to be written, None if it is."""
    if (row.entry if row else None) == wanted.entry:
        return EntryState.SAME
    if standing(row) != wanted.seen:
        return EntryState.CHANGED
    if has_submitted and row is None:
        return EntryState.SUBMITTED
    if row is not None and row.is_released and not wanted.confirmed:
        return EntryState.RELEASED
    return None


def _saved(
    assignment: Assignment, pupil: User, row: EnteredMark | None, entry: Entry, by: Actor
) -> EnteredMark:
    """Return the row with another entry; work on paper without a mark is released no longer."""
    row = row or EnteredMark(assignment=assignment, user=pupil)
    row.outcome, row.points = entry.outcome.value, entry.points
    row.maximum = sheet_maximum(assignment)
    row.entered_by, row.entered_at = by.user, timezone.now()
    if not row.is_marked:
        row.released_at = None
    row.save()
    return row


def _said(row: EnteredMark) -> dict[str, object]:
    """Return what is recorded of an entry."""
    marked = {} if row.points is None else {"points": row.points, "maximum": row.maximum}
    return {"outcome": row.outcome, "released": row.is_released, **marked}


def _entry(
    kind: AuditKind,
    by: Actor,
    assignment: Assignment,
    pupil: User,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> AuditEntry:
    return audit.entry(
        kind, by, link=assignment.link, person_id=pupil.pk, before=before, after=after
    )
