"""The submitted work of a class that its figures are about. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from lti_tool.models import Membership
from lti_tool.protocol.roles import course_roles
from worksheets.gradebook import scoring
from worksheets.models import Assignment, Attempt, Edition, Mark

MAX_NAMED = 500  # attempts that a statement names
# What is read of each attempt of a large class, of which a page shows some.
_NEEDED = ("assignment", "user", "edition", "number", "submitted_at", "released_at")


def submitted_attempts(
    assignment: Assignment, users: Collection[int] | None = None, *, with_users: bool = True
) -> list[Attempt]:
    """Return the submitted attempts of those whom the overview lists as pupils of the course.

    With ``users`` only theirs; without ``with_users`` their rows are left out. It takes
    two or three SQL statements.
    """
    members = Membership.objects.filter(context=assignment.link.context_id)
    if users is not None:
        members = members.filter(user__in=users)
    learns: dict[tuple[str, ...], bool] = {}
    left_out = []
    for user, roles, status in members.values_list("user_id", "roles", "status"):
        names = tuple(roles)
        if names not in learns:
            learns[names] = course_roles(names).is_learner
        if status == Membership.Status.GONE or not learns[names]:
            left_out.append(user)
    rows = assignment.attempts.filter(submitted_at__isnull=False).exclude(user__in=left_out)
    if users is not None:
        rows = rows.filter(user__in=users)
    rows = rows.select_related("user") if with_users else rows.only(*_NEEDED)
    found = list(rows.order_by("pk"))
    known = {assignment.edition_id: assignment.edition}
    others = {attempt.edition_id for attempt in found} - known.keys()
    editions = known | (Edition.objects.in_bulk(others) if others else {})
    for attempt in found:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return found


def of_attempts(attempts: Sequence[Attempt]) -> Q:
    """Return the condition of rows of these attempts.

    Of many it is that of their assignments, which is found sooner: others may come with them.
    """
    if len(attempts) <= MAX_NAMED:
        return Q(attempt__in=[one.pk for one in attempts])
    classes = {one.assignment_id for one in attempts}
    return Q(attempt__assignment__in=classes, attempt__submitted_at__isnull=False)


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
