"""A mark for a gap that a teacher gives one pupil by hand: no key changes it then."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.errors import NotReady, StaleEdition
from worksheets.attempts.locks import lock_attempt
from worksheets.attempts.recorded import mark_entry, no_mark_entry
from worksheets.gradebook.automatic import automatic_marks
from worksheets.markup import Gap
from worksheets.models import Attempt, Mark


def give_gap_mark(attempt: Attempt, gap: Gap, points: Decimal | None, teacher: User) -> None:
    """Save a teacher's mark for a gap, or None for the machine's again, and report the score.

    Raise ValueError unless ``points`` is between 0 and the gap's marks, NotReady if the attempt is
    not submitted, StaleEdition if its edition has no such gap for the same marks.
    """
    if points is not None and not 0 <= points <= gap.points:
        raise ValueError(f"{points} is not between 0 and {gap.points}")
    with transaction.atomic():
        attempt = lock_attempt(attempt)
        if not attempt.is_submitted:
            raise NotReady
        sheet = attempt.edition.sheet
        if len(sheet.gaps) < gap.number or sheet.gap(gap.key).points != gap.points:
            raise StaleEdition
        former = attempt.marks.filter(item=gap.key).first()
        if points is None:
            _mark_by_machine(attempt, gap, former, teacher)
        else:
            mark, _created = Mark.objects.update_or_create(
                attempt=attempt,
                item=gap.key,
                defaults={
                    "points": points,
                    "maximum": gap.points,
                    "source": Mark.Source.TEACHER,
                    "marked_by": teacher,
                    "marked_at": timezone.now(),
                },
            )
            audit.record_all([mark_entry(attempt, former, mark, audit.person(teacher))])
        gradebook.report(attempt)


def _mark_by_machine(attempt: Attempt, gap: Gap, former: Mark | None, teacher: User) -> None:
    if former is None or former.source != Mark.Source.TEACHER:
        return
    (mark,) = (
        one for one in automatic_marks(attempt, attempt.edition.sheet) if one.item == gap.key
    )
    former.delete()
    mark.save()
    audit.record_all([no_mark_entry(attempt, former, audit.person(teacher))])
