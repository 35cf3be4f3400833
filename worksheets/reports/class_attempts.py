"""The submitted work of a class that its figures are about. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q

from lti_tool.models import Membership
from worksheets.gradebook import scoring
from worksheets.gradebook.shared_work import Partners, by_person, partners_of
from worksheets.models import Assignment, Attempt, Edition, Mark, Partner
from worksheets.reports.groups import group_ids


def submitted_attempts(assignment: Assignment, group: str = "") -> list[Attempt]:
    """Return the submitted attempts of those whom the overview lists as pupils of the course.

    With ``group`` those of one of its groups alone, if it has that one.

    Shared work is one attempt, and stays while one of them is in the course. It takes two or three
    SQL statements.
    """
    of_course = Membership.objects.filter(context=assignment.link.context_id)
    members = list(of_course.only("user_id", "roles", "status", "groups"))
    if not any(group in group_ids(member) for member in members):
        group = ""  # of an old or odd address
    left_out = [
        member.user_id
        for member in members
        if member.status == Membership.Status.GONE
        or not member.course_roles.is_learner
        or (group and group not in group_ids(member))
    ]
    partners = Partner.objects.filter(attempt=OuterRef("pk"), number__isnull=False)
    rows = assignment.attempts.filter(submitted_at__isnull=False).filter(
        ~Q(user__in=left_out) | Exists(partners.exclude(user__in=left_out))
    )
    found = list(rows.select_related("user").order_by("pk"))
    known = {assignment.edition_id: assignment.edition}
    others = {attempt.edition_id for attempt in found} - known.keys()
    editions = known | (Edition.objects.in_bulk(others) if others else {})
    for attempt in found:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return found


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

    ``submitted`` are those of ``submitted_attempts``, where they are known already. With ``pupils``
    return those that count for one of these, by ``User.pk``. It takes at most two statements more.
    """
    attempts = list(submitted_attempts(assignment, group) if submitted is None else submitted)
    partners = partners_of(attempts)
    several = in_competition(attempts, partners)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__in=several) if several else ():
        marks[mark.attempt_id].append(mark)
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
