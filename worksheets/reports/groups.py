"""The groups and sections of a class, as far as the LMS tells them. Reads only.

What is known of a pupil is what their last launch said: of who has not opened an activity since
the LMS tells groups, none is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from lti_tool.models import Membership
from lti_tool.protocol.roles import course_roles
from worksheets.models import Assignment

MAX_SHOWN = 200  # groups to choose from
MAX_ID = 60  # characters of a group's id in an address
NO_GROUP = "none"


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """A group to choose; ``id`` is NO_GROUP for those of whom none is known."""

    id: str
    name: str = ""

    @property
    def label(self) -> str:
        if self.id == NO_GROUP:
            return _("no group known")
        if self.name:
            return self.name
        number = self.id.rpartition("-")[2]
        is_section = self.id.startswith("section")
        return (_("Section %(id)s") if is_section else _("Group %(id)s")) % {"id": number}


def group_ids(membership: Membership) -> frozenset[str]:
    """Return the ids of a pupil's groups, NO_GROUP alone where none is known."""
    return ids_of(membership.groups)


def ids_of(groups: Sequence[Mapping[str, str]]) -> frozenset[str]:
    """Return the same of what is kept of them (``Membership.groups``)."""
    return frozenset(one["id"] for one in groups) or frozenset({NO_GROUP})


def groups_among(pupils: Iterable[Sequence[Mapping[str, str]]]) -> list[ClassGroup]:
    """Return the groups of pupils by name, last NO_GROUP if some have none; [] for none.

    ``pupils`` has what is kept of each (``Membership.groups``).
    """
    found: dict[str, ClassGroup] = {}
    has_others = False
    for groups in pupils:
        has_others = has_others or not groups
        for one in groups:
            found[one["id"]] = ClassGroup(one["id"], one["name"])
    if not found:
        return []
    by_name = sorted(found.values(), key=lambda one: (one.label.casefold(), one.id))
    return by_name[:MAX_SHOWN] + ([ClassGroup(NO_GROUP)] if has_others else [])


def class_groups(assignment: Assignment) -> list[ClassGroup]:
    """Return the groups of the pupils of the course. One SQL statement."""
    rows = Membership.objects.filter(context=assignment.link.context_id)
    rows = rows.exclude(status=Membership.Status.GONE)
    # As text the database can tell what is different: of a large class it is little.
    found = rows.values_list(Cast("roles", TextField()), Cast("groups", TextField())).distinct()
    return groups_among(
        json.loads(groups) for roles, groups in found if course_roles(json.loads(roles)).is_learner
    )


def members_of(assignment: Assignment, group: str) -> set[int]:
    """Return the ``User.pk`` of a group of the course, none of an odd one. One SQL statement."""
    rows = Membership.objects.filter(context=assignment.link.context_id)
    found = rows.values_list("user_id", "groups")
    return {user for user, groups in found if group in ids_of(groups)}


def group_context(group: str, groups: Sequence[ClassGroup]) -> dict[str, Any]:
    """Return what ``group_select.html`` needs, and how addresses keep the group that is shown.

    ``group`` is as an address names it: one that the class does not have is the whole class.
    """
    chosen = group if any(one.id == group for one in groups) else ""
    query = urlencode({"group": chosen}) if chosen else ""
    return {
        "chosen_group": chosen,
        "group_choices": groups,
        "group_suffix": f"?{query}" if query else "",
        "group_also": f"&{query}" if query else "",
    }
