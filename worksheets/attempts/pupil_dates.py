"""The dates of single pupils: given, taken back, and heard of from the LMS. Writes only.

A date may make work late, or no longer: the score that follows is reported in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import AuditEntry, StoredLaunch, User
from worksheets import gradebook
from worksheets.attempts.locks import lock_assignment
from worksheets.models import Assignment, Attempt, PupilDates
from worksheets.policy.schedule import lms_leads

PUPILS_AT_ONCE = 20  # in a transaction: those who submit meanwhile wait for it


@dataclass(frozen=True, slots=True)
class GivenDates:
    """The dates for a pupil; None for the class's. At least one is a date."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None


def give_dates(
    assignment: Assignment, pupils: Collection[User], dates: GivenDates, note: str, *, by: User
) -> int:
    """Give these pupils dates of their own, in place of those that they had there.

    Return how many scores are reported anew. PUPILS_AT_ONCE have them together or not at all, and
    doing it again changes nothing.
    """
    in_order = sorted(pupils, key=lambda user: user.pk)
    reported = 0
    for start in range(0, len(in_order), PUPILS_AT_ONCE):
        some = in_order[start : start + PUPILS_AT_ONCE]
        with transaction.atomic():
            held = lock_assignment(assignment)
            former = dict(held.dates_by_pupil)
            changed = [user for user in some if not _has(former.get(user.pk), dates, note)]
            for user in changed:
                values = {"note": note, "given_by": by, "given_at": timezone.now()}
                held.pupil_dates.update_or_create(user=user, defaults=asdict(dates) | values)
            reported += _report(held, changed)
            audit.record_all(
                _entry(held, user, former.get(user.pk), dates, note, by) for user in changed
            )
    return reported


def take_back_dates(assignment: Assignment, pupil: User, *, by: User) -> bool:
    """Let the class's dates hold for a pupil again; return whether there were others."""
    with transaction.atomic():
        held = lock_assignment(assignment)
        former = held.dates_by_pupil.get(pupil.pk)
        if former is None:
            return False
        former.delete()
        _report(held, [pupil])
        audit.record_all([_entry(held, pupil, former, None, "", by)])
    return True


def learn_dates(launch: StoredLaunch) -> None:
    """Keep what a launch tells of when submitted work of this person is due, if that is news.

    An LMS in which a teacher gives a pupil more time tells it with the pupil's next launch.
    """
    if launch.link is None or not (launch.due_at or launch.dates_lead):
        return
    told = {"lms_due_at": launch.due_at, "lms_dates_lead": lms_leads(launch)}
    rows = Attempt.objects.filter(
        assignment__link=launch.link, user=launch.membership.user, submitted_at__isnull=False
    )
    outdated = rows.exclude(**told).select_related("assignment__link").first()
    if outdated is None:
        return
    with transaction.atomic():
        held = lock_assignment(outdated.assignment)
        rows.update(**told)
        _report(held, [launch.membership.user])


def _report(assignment: Assignment, users: Collection[User]) -> int:
    """Report the scores of pupils whose dates have changed, if late work loses marks."""
    vars(assignment).pop("dates_by_pupil", None)  # they were read before the change
    if not assignment.late_deduction or not users:
        return 0
    # The order of ``gradebook.changes``: assignment, columns, scores by user.
    gradebook.lock_columns(assignment.link)
    return sum(gradebook.report_pupil(assignment, user) for user in users)


def _has(row: PupilDates | None, dates: GivenDates, note: str) -> bool:
    return row is not None and _dates(row) == asdict(dates) and row.note == note


def _dates(row: PupilDates) -> dict[str, datetime | None]:
    return {name: getattr(row, name) for name in asdict(GivenDates())}


def _entry(
    assignment: Assignment,
    pupil: User,
    former: PupilDates | None,
    dates: GivenDates | None,
    note: str,
    by: User,
) -> AuditEntry:
    """Return what is recorded: the dates, and of the note only that it is another one."""
    after: dict[str, object] = asdict(dates) if dates else {}
    if note != (former.note if former else ""):
        after["note"] = True
    return audit.entry(
        AuditKind.DATES,
        audit.person(by),
        link=assignment.link,
        person_id=pupil.pk,
        before=_dates(former) if former else {},
        after=after,
    )
