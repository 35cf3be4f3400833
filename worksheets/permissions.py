"""Who may do what: the one place that views ask, and the table that tests walk."""

from __future__ import annotations

from lti_tool.launches.visit import Visit
from worksheets.models import Attempt, Worksheet


def may_teach(visit: Visit) -> bool:
    """Place worksheets at this link, see everybody's work here, mark it."""
    return visit.roles.is_teacher


def may_choose(visit: Visit) -> bool:
    """Pick worksheets for links that the LMS is about to make."""
    return visit.roles.is_teacher and visit.deep_linking is not None


def may_answer(visit: Visit) -> bool:
    """Fill in the worksheet of this link: whoever is not teaching here."""
    return not visit.roles.is_teacher


def may_edit(visit: Visit, worksheet: Worksheet) -> bool:
    """Change, publish or delete a worksheet: its author, while teaching."""
    return visit.roles.is_teacher and worksheet.author_id == visit.user.pk


def may_see_class(visit: Visit) -> bool:
    """See everybody's work at once: a teacher who did not come to review one submission."""
    return visit.roles.is_teacher and visit.launch.reviewed_id is None


def may_mark(visit: Visit, attempt: Attempt) -> bool:
    """See and mark this attempt: teachers of the link that it was made at.

    Who came to review one submission sees that pupil's work alone.
    """
    reviewed = visit.launch.reviewed_id
    return (
        visit.roles.is_teacher
        and attempt.assignment.link_id == visit.link.pk
        and reviewed in {None, attempt.user_id}
    )
