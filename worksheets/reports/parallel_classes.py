"""The other classes of a teacher that work on the same worksheet. Reads only."""

from __future__ import annotations

from lti_tool.models import Membership, User
from worksheets.models import Assignment
from worksheets.questions import same_items

MAX_CLASSES = 20  # for each of them the effects of a change are computed


def parallel_assignments(assignment: Assignment, teacher: User) -> list[Assignment]:
    """Return where the teacher has the worksheet in use too, with the same items, by title.

    The roles are those of the memberships as they are now. Where somebody assists, it is left out
    unless assistants may change the answers there.
    """
    members = Membership.objects.filter(user=teacher, status=Membership.Status.ACTIVE)
    roles = {row.context_id: row.course_roles for row in members}
    courses = [pk for pk, found in roles.items() if found.is_teacher]
    assisted = [pk for pk, found in roles.items() if found.is_assistant]
    rows = (
        Assignment.objects.filter(
            link__context__in=courses, edition__worksheet=assignment.edition.worksheet_id
        )
        .exclude(pk=assignment.pk)
        .exclude(link__context__in=assisted, assistants_correct=False)
    )
    found = rows.select_related("link__context", "edition__worksheet").order_by(
        "link__context__title", "link__title", "pk"
    )
    sheet = assignment.edition.sheet
    return [one for one in found[:MAX_CLASSES] if same_items(one.edition.sheet, sheet)]
