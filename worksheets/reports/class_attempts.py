"""The submitted work of a class that its figures are about. Reads only."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from lti_tool.models import Membership, User
from lti_tool.protocol.roles import course_roles
from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import Partners, by_person, partners_of
from worksheets.models import Assignment, Attempt, Edition, Mark, Partner
from worksheets.models.attempt import submission_of
from worksheets.reports.groups import ids_of, members_of

MAX_NAMED = 500  # attempts that a statement names


class SubmittedRow(NamedTuple):
    """A submitted attempt in a long list of them, of which a page shows some.

    A model instance of each would take most of the time that the page takes.
    """

    pk: int
    assignment_id: int
    user_id: int
    edition_id: int
    submitted_at: datetime | None
    released_at: datetime | None
    assignment: Assignment
    edition: Edition

    @property
    def submission(self) -> str:
        """Return ``Attempt.submission`` as it was when the row was read."""
        return submission_of(self.submitted_at)


def submitted_attempts(assignment: Assignment, group: str = "") -> list[Attempt]:
    """Return the submitted attempts of those whom the overview lists as pupils of the course.

    With ``group`` those of one of its groups alone, if it has that one. Shared work is one attempt,
    and stays while one of them is in the course. It takes two or three SQL statements.
    """
    found = list(_of_pupils(assignment, group).select_related("user"))
    editions = _editions(assignment, {attempt.edition_id for attempt in found})
    for attempt in found:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return found


def submitted_rows(
    assignment: Assignment, group: str = "", users: Collection[int] | None = None
) -> list[SubmittedRow]:
    """Return the same as rows; with ``users`` theirs alone. It takes as many statements."""
    columns = ("assignment_id", "user_id", "edition_id", "submitted_at", "released_at")
    found = list(_of_pupils(assignment, group, users).values_list("pk", *columns))
    editions = _editions(assignment, {row[3] for row in found})
    return [SubmittedRow(*row, assignment, editions[row[3]]) for row in found]


def read_attempts(rows: Iterable[SubmittedRow]) -> dict[int, Attempt]:
    """Return the attempts themselves by ``Attempt.pk``, with their pupils. One SQL statement."""
    known = {row.pk: row for row in rows}
    attempts = Attempt.objects.select_related("user").in_bulk(list(known))
    for pk, row in known.items():
        # One that was erased meanwhile is nobody's.
        attempt = attempts.setdefault(pk, Attempt(pk=pk, user=User()))
        attempt.assignment, attempt.edition = row.assignment, row.edition
    return attempts


def _of_pupils(
    assignment: Assignment, group: str, users: Collection[int] | None = None
) -> QuerySet[Attempt]:
    """Return the submitted attempts, in their order, without those of others. One statement."""
    of_course = Membership.objects.filter(context=assignment.link.context_id)
    if users is not None:
        of_course = of_course.filter(user__in=users)
    # Of a large class most have the same roles and groups: each text is read as JSON once.
    as_text = (Cast("roles", TextField()), Cast("groups", TextField()))
    members = list(of_course.values_list("user_id", "status", *as_text))
    groups_of = {text: ids_of(json.loads(text)) for text in {row[3] for row in members}}
    learns = {text: course_roles(json.loads(text)).is_learner for text in {r[2] for r in members}}
    if not any(group in ids for ids in groups_of.values()):
        group = ""  # of an old or odd address
    left_out = [
        user
        for user, status, roles, groups in members
        if status == Membership.Status.GONE
        or not learns[roles]
        or (group and group not in groups_of[groups])
    ]
    partners = Partner.objects.filter(attempt=OuterRef("pk"), number__isnull=False)
    rows = assignment.attempts.filter(submitted_at__isnull=False).filter(
        ~Q(user__in=left_out) | Exists(partners.exclude(user__in=left_out))
    )
    if users is not None:
        rows = rows.filter(Q(user__in=users) | Exists(partners.filter(user__in=users)))
    return rows.order_by("pk")


def _editions(assignment: Assignment, found: set[int]) -> dict[int, Edition]:
    """Return the editions of attempts, with the assignment's own. At most one statement."""
    known = {assignment.edition_id: assignment.edition}
    others = found - known.keys()
    return known | (Edition.objects.in_bulk(others) if others else {})


def of_attempts(attempts: Sequence[Attempt | SubmittedRow]) -> Q:
    """Return the condition of rows of these attempts.

    Of many it is that of their assignments, which is found sooner: others may come with them.
    """
    if len(attempts) <= MAX_NAMED:
        return Q(attempt__in=[one.pk for one in attempts])
    classes = {one.assignment_id for one in attempts}
    return Q(attempt__assignment__in=classes, attempt__submitted_at__isnull=False)


def in_competition(attempts: Sequence[Attempt | SubmittedRow], partners: Partners) -> list[int]:
    """Return the ``Attempt.pk`` of pupils who have several, shared ones counted for each."""
    often = Counter(attempt.user_id for attempt in attempts)
    if not partners and len(often) == len(attempts):
        return []
    people = {pk: [one.user_id for one in shared] for pk, shared in partners.items()}
    for attempt in attempts:
        often.update(people.get(attempt.pk, ()))
    return [
        attempt.pk
        for attempt in attempts
        if any(often[user] > 1 for user in (attempt.user_id, *people.get(attempt.pk, ())))
    ]


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


def may_count(
    assignment: Assignment,
    attempts: Sequence[Attempt],
    marks: Iterable[Mark],
    partners: Partners,
) -> list[Attempt]:
    """Return the attempts that need marks: they count for somebody, or can come to count."""
    by_attempt: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_attempt[mark.attempt_id].append(mark)
    found: dict[int, Attempt] = {}
    for pk, works in by_person(attempts, partners).items():
        if len(works) == 1:
            found |= {one.pk: one for _number, one in works}  # no rule lets it count for nothing
            continue
        marked = [
            scoring.mark_attempt(one, by_attempt[one.pk], partner_number=number, partner_id=pk)
            for number, one in works
        ]
        numbers = scoring.numbers_to_mark(assignment, marked)
        found |= {one.pk: one for number, one in works if number in numbers}
    return list(found.values())


def rows_that_may_count(
    assignment: Assignment, group: str = "", users: Collection[int] | None = None
) -> tuple[list[SubmittedRow], Partners]:
    """Return of ``submitted_rows`` those of ``may_count``, and with whom pupils have worked.

    It takes two statements more for those who have several attempts, if any do.
    """
    rows = submitted_rows(assignment, group, users)
    partners = partners_of(rows)
    several = set(in_competition(rows, partners))
    if several:
        attempts = read_attempts(row for row in rows if row.pk in several)
        marks = Mark.objects.filter(attempt__in=several)
        counted = may_count(assignment, list(attempts.values()), marks, partners)
        needless = several - {one.pk for one in counted}
        rows = [row for row in rows if row.pk not in needless]
    return rows, partners
