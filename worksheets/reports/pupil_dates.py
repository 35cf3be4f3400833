"""The pupils with dates of their own at an activity, and those to choose from. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lti_tool.models import Membership, User
from worksheets.models import Assignment, PupilDates
from worksheets.policy.schedule import Schedule, with_own
from worksheets.reports.groups import group_ids


@dataclass(frozen=True, slots=True)
class DatedPupil:
    """A pupil with dates of their own, and the dates that hold for them by these."""

    user: User
    dates: PupilDates
    schedule: Schedule


def dated_pupils(assignment: Assignment, of_class: Schedule) -> list[DatedPupil]:
    """Return everybody with dates of their own here, by name; one SQL statement."""
    rows = assignment.pupil_dates.select_related("user", "given_by")
    found = [DatedPupil(row.user, row, with_own(of_class, row)) for row in rows]
    return sorted(found, key=lambda one: (one.user.sort_name, one.user.pk))


def pupils(assignment: Assignment) -> list[User]:
    """Return the pupils of the course who have not left it, by name; one SQL statement."""
    return [member.user for member in _members(assignment)]


def _members(assignment: Assignment) -> list[Membership]:
    rows = Membership.objects.filter(context=assignment.link.context_id)
    found = [
        row
        for row in rows.exclude(status=Membership.Status.GONE).select_related("user")
        if row.course_roles.is_learner
    ]
    return sorted(found, key=lambda row: (row.user.sort_name, row.user.pk))


def pupils_to_choose(
    assignment: Assignment,
    search: str,
    chosen: Collection[int],
    limit: int,
    group: str = "",
) -> tuple[list[User], int]:
    """Return the chosen pupils and those whose name has this text, and how many more there are.

    With ``group``, if the class has it, others are of that group alone.
    """
    members = _members(assignment)
    of_group = {row.user_id for row in members if group in group_ids(row)}
    taken = {*chosen, *assignment.pupil_dates.values_list("user", flat=True)}
    text, everybody = search.casefold(), [row.user for row in members]
    first = [user for user in everybody if user.pk in chosen]
    found = [
        user
        for user in everybody
        if user.pk not in taken
        and (not of_group or user.pk in of_group)
        and text in user.display_name.casefold()
    ]
    return [*first, *found[:limit]], len(found[limit:])
