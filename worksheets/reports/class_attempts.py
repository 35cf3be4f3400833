"""The submitted work of a class that its figures are about. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q

from lti_tool.models import Membership
from lti_tool.protocol.roles import course_roles
from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import Partners, by_person, partners_of
from worksheets.models import Assignment, Attempt, Edition, Mark, Partner
from worksheets.reports.groups import ids_of, members_of

MAX_NAMED = 500  # attempts that a statement names
# What is read of each attempt of a large class, of which a page shows some.
_NEEDED = ("assignment", "user", "edition", "number", "submitted_at", "released_at")


def submitted_attempts(
    assignment: Assignment,
    group: str = "",
    users: Collection[int] | None = None,
    *,
    with_users: bool = True,
) -> list[Attempt]:
    """Return the submitted attempts of those whom the overview lists as pupils of the course.

    With ``group`` those of one of its groups alone, if it has that one, with ``users`` only theirs;
    without ``with_users`` their rows are left out. Shared work is one attempt, and stays while one
    of them is in the course. It takes two or three SQL statements.
    """
    of_course = Membership.objects.filter(context=assignment.link.context_id)
    if users is not None:
        of_course = of_course.filter(user__in=users)
    columns = ("user_id", "roles", "status", "groups")
    members = list(of_course.values_list(*columns))
    if not any(group in ids_of(groups) for *_rest, groups in members):
        group = ""  # of an old or odd address
    learns: dict[tuple[str, ...], bool] = {}
    left_out = []
    for user, roles, status, groups in members:
        names = tuple(roles)
        if names not in learns:
            learns[names] = course_roles(names).is_learner
        is_other = bool(group) and group not in ids_of(groups)
        if status == Membership.Status.GONE or not learns[names] or is_other:
            left_out.append(user)
    partners = Partner.objects.filter(attempt=OuterRef("pk"), number__isnull=False)
    rows = assignment.attempts.filter(submitted_at__isnull=False).filter(
        ~Q(user__in=left_out) | Exists(partners.exclude(user__in=left_out))
    )
    if users is not None:
        rows = rows.filter(Q(user__in=users) | Exists(partners.filter(user__in=users)))
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


def in_competition(attempts: Sequence[Attempt], partners: Partners) -> list[int]:
    """Return the ``Attempt.pk`` of pupils who have several, shared ones counted for each."""
    works = by_person(attempts, partners).values()
    several = {attempt.pk for of_one in works if len(of_one) > 1 for _number, attempt in of_one}
    return [attempt.pk for attempt in attempts if attempt.pk in several]


def counting_attempts(
    assignment: Assignment,
    group: str = "",
    submitted: Sequence[Attempt] | None = None,
    pupils: Collection[int] = (),
) -> list[Attempt]:
    """Return the submitted attempts that count for somebody, each once; of one group or of all.

    ``submitted`` are those of ``submitted_attempts``, where they are known already. ``pupils`` are
    the ``User.pk`` of those for one of whom they count. It takes at most three statements more.
    """
    attempts = list(submitted_attempts(assignment, group) if submitted is None else submitted)
    partners = partners_of(attempts)
    several = in_competition(attempts, partners)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__in=several) if several else ():
        marks[mark.attempt_id].append(mark)
    if group and not pupils:
        # Work that is shared with somebody of another group counts for those of this one.
        pupils = members_of(assignment, group)
    found: set[int] = set()
    for pk, works in by_person(attempts, partners).items():
        if pupils and pk not in pupils:
            continue
        marked = [
            scoring.mark_attempt(one, marks[one.pk], partner_number=number, partner_id=pk)
            for number, one in works
        ]
        counted = scoring.counting_attempt(assignment, marked)
        if counted is not None:
            found.add(counted.attempt.pk)
    return [attempt for attempt in attempts if attempt.pk in found]
