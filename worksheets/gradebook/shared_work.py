"""The pupils whose work an attempt is: the one who made it, and partners. Reads only.

An attempt counts for a partner from when it is submitted, under the number that it has among the
partner's own attempts (``Partner.number``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from lti_tool.models import User
from worksheets.models import Assignment, Attempt, Partner

Partners = Mapping[int, Sequence[Partner]]  # by ``Attempt.pk``
Numbered = tuple[int, Attempt]  # an attempt under the number that it has for one person


class AtAssignment(Protocol):
    """An attempt, or as much of one as tells at which assignment it is."""

    @property
    def assignment_id(self) -> int: ...


def partners_of(attempts: Iterable[AtAssignment]) -> Partners:
    """Return for whom else these attempts count. One SQL statement, or none for no attempts."""
    return partners_and_named(attempts)[0]


def partners_and_named(attempts: Iterable[AtAssignment]) -> tuple[Partners, frozenset[int]]:
    """Return the same, and the ``User.pk`` of those who are named in work not submitted yet."""
    assignments = {attempt.assignment_id for attempt in attempts}
    found: defaultdict[int, list[Partner]] = defaultdict(list)
    named = set()
    if assignments:
        rows = Partner.objects.filter(attempt__assignment__in=assignments, left_at__isnull=True)
        for row in rows.select_related("user").order_by("pk"):
            if row.number is None:
                named.add(row.user_id)
            else:
                found[row.attempt_id].append(row)
    return found, frozenset(named)


def people_of(attempts: Iterable[Attempt]) -> list[User]:
    """Return everybody whose work is among these attempts, in the order of locks on scores."""
    attempts = list(attempts)
    partners = Partner.objects.filter(attempt__in=attempts, number__isnull=False)
    people = {attempt.user_id: attempt.user for attempt in attempts}
    people |= {row.user_id: row.user for row in partners.select_related("user")}
    return [people[pk] for pk in sorted(people)]


def names_of(attempts: Sequence[Attempt]) -> dict[int, str]:
    """Return the names of those whose work each attempt is, by ``Attempt.pk``."""
    partners = partners_of(attempts)
    return {
        one.pk: ", ".join(
            user.display_name
            for user in (one.user, *(partner.user for partner in partners.get(one.pk, ())))
        )
        for one in attempts
    }


def by_person(attempts: Iterable[Attempt], partners: Partners) -> dict[int, list[Numbered]]:
    """Return the attempts of each person, shared ones too, by ``User.pk``."""
    found: defaultdict[int, list[Numbered]] = defaultdict(list)
    for attempt in attempts:
        found[attempt.user_id].append((attempt.number, attempt))
        for partner in partners.get(attempt.pk, ()):
            found[partner.user_id].append((partner.number or 0, attempt))
    return found


def have_submitted(assignment: Assignment, users: Collection[int]) -> set[int]:
    """Return which of these people have submitted work, their own or shared, by ``User.pk``."""
    own = assignment.attempts.filter(user__in=users, submitted_at__isnull=False)
    shared = Partner.objects.filter(
        attempt__assignment=assignment,
        attempt__submitted_at__isnull=False,
        user__in=users,
        number__isnull=False,
    )
    return {*own.values_list("user", flat=True), *shared.values_list("user", flat=True)}


def shared_with(assignment: Assignment, user: User) -> list[Partner]:
    """Return as which partner this person has a part in submitted work of others, by number."""
    rows = Partner.objects.filter(attempt__assignment=assignment, user=user, number__isnull=False)
    found = list(rows.select_related("attempt__edition", "attempt__user").order_by("number"))
    for row in found:
        row.attempt.assignment = assignment
    return found
