"""The rules for who may do what: the one place that views ask, and the table that tests walk."""

from __future__ import annotations

from lti_tool.launches.visit import Visit
from worksheets.models import Attempt, Worksheet


def may_teach(visit: Visit) -> bool:
    """Return whether this person may place worksheets, see everybody's work and mark it here."""
    return visit.roles.is_teacher


def may_choose(visit: Visit) -> bool:
    """Return whether this person may pick worksheets for links that the LMS is about to make."""
    return visit.roles.is_teacher and visit.deep_linking is not None


def may_answer(visit: Visit) -> bool:
    """Return whether this person may fill in this link's worksheet: who is not teaching here."""
    return not visit.roles.is_teacher


def may_edit(visit: Visit, worksheet: Worksheet) -> bool:
    """Return whether this person may change, publish or delete a worksheet.

    Its author may, while teaching.
    """
    return visit.roles.is_teacher and worksheet.author_id == visit.user.pk


def may_see_class(visit: Visit) -> bool:
    """Return whether this person may see everybody's work at once.

    A teacher may who did not come to review one submission.
    """
    return visit.roles.is_teacher and visit.launch.reviewed_id is None


def may_mark(visit: Visit, attempt: Attempt) -> bool:
    """Return whether this person may see and mark this attempt.

    Teachers of the link at which it was made may. A teacher who came to review one
    submission sees that pupil's work alone.
    """
    reviewed = visit.launch.reviewed_id
    return (
        visit.roles.is_teacher
        and attempt.assignment.link_id == visit.link.pk
        and reviewed in {None, attempt.user_id}
    )
