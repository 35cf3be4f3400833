"""The submitted work of a class that its figures are about. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from lti_tool.models import Membership
from worksheets.gradebook import scoring
from worksheets.models import Assignment, Attempt, Edition, Mark


def submitted_attempts(assignment: Assignment) -> list[Attempt]:
    """Return the submitted attempts of those whom the overview lists as pupils of the course.

    It takes two or three SQL statements.
    """
    members = Membership.objects.filter(context=assignment.link.context_id)
    left_out = [
        member.user_id
        for member in members.only("user_id", "roles", "status")
        if member.status == Membership.Status.GONE or not member.course_roles.is_learner
    ]
    rows = assignment.attempts.filter(submitted_at__isnull=False).exclude(user__in=left_out)
    found = list(rows.select_related("user").order_by("pk"))
    known = {assignment.edition_id: assignment.edition}
    others = {attempt.edition_id for attempt in found} - known.keys()
    editions = known | (Edition.objects.in_bulk(others) if others else {})
    for attempt in found:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return found


def in_competition(attempts: Sequence[Attempt]) -> list[int]:
    """Return the ``Attempt.pk`` of pupils who have several."""
    often = Counter(attempt.user_id for attempt in attempts)
    return [attempt.pk for attempt in attempts if often[attempt.user_id] > 1]


def counting_attempts(
    assignment: Assignment, submitted: Sequence[Attempt] | None = None
) -> list[Attempt]:
    """Return the one of each pupil's submitted attempts that counts; at most one statement more.

    ``submitted`` are those of ``submitted_attempts``, where they are known already.
    """
    attempts = list(submitted_attempts(assignment) if submitted is None else submitted)
    several = in_competition(attempts)
    if not several:
        return attempts
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__in=several):
        marks[mark.attempt_id].append(mark)
    by_user: defaultdict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_user[attempt.user_id].append(attempt)
    found = []
    for of_user in by_user.values():
        if len(of_user) == 1:
            found += of_user
            continue
        marked = [scoring.mark_attempt(one, marks[one.pk]) for one in of_user]
        counted = scoring.counting_attempt(assignment, marked)
        found += [counted.attempt] if counted else []
    return sorted(found, key=lambda attempt: attempt.pk)
