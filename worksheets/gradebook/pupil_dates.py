"""The effects on marks if single pupils have other dates. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import datetime

from lti_tool.models import User
from worksheets.gradebook import reporting, scoring
from worksheets.gradebook.changes import MarkChange, visible_mark
from worksheets.gradebook.entered import entered_marks, scores_of
from worksheets.gradebook.shared_work import have_submitted
from worksheets.models import Assignment, PupilDates


def effects_of_dates(
    assignment: Assignment,
    pupils: Collection[User],
    dates: Mapping[str, datetime | None] | None,
) -> list[MarkChange]:
    """Return whose marks are others, by name, with these dates of their own, None for the class's.

    They can be for those with submitted work, where late work loses marks.
    """
    if not assignment.late_deduction:
        return []
    with_work = have_submitted(assignment, {user.pk for user in pupils})
    chosen = sorted((one for one in pupils if one.pk in with_work), key=lambda one: one.sort_name)
    after, by_pupil = copy(assignment), dict(assignment.dates_by_pupil)
    for user in chosen:
        by_pupil.pop(user.pk, None)
        if dates is not None:
            by_pupil[user.pk] = PupilDates(assignment=assignment, user=user, **dates)
    after.dates_by_pupil = by_pupil
    entered, reported = entered_marks(assignment), reporting.reported(assignment)
    found = []
    for user in chosen:
        works, own = scoring.submitted_attempts(assignment, user), entered.get(user.pk)
        scores = reporting.changed_scores(scores_of(after, works, own), reported, user)
        marks = (visible_mark(assignment, works, own), visible_mark(after, works, own))
        if marks[0] != marks[1]:
            found.append(MarkChange(user, *marks, scores))
    return found


def digest_of(changes: Sequence[MarkChange]) -> str:
    """Return a hash that is the same for the same effects, '' for none."""
    if not changes:
        return ""
    content = [(one.user.pk, one.before, one.after) for one in changes]
    return hashlib.sha256(repr(content).encode()).hexdigest()
