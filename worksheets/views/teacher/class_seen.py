"""The class as a person may see it: assistants see no totals by name while it is marked."""

from __future__ import annotations

from lti_tool.launches.visit import Visit
from worksheets.models import Assignment
from worksheets.permissions import may_follow_totals
from worksheets.reports.class_overview import Overview, overview
from worksheets.reports.hidden_totals import is_being_marked, without_totals
from worksheets.views.base import TeacherView
from worksheets.wording.rights import NO_TOTALS


def class_seen(visit: Visit, assignment: Assignment) -> tuple[Overview, bool]:
    """Return the class as this person may see it, and whether totals by name are hidden."""
    seen = overview(assignment)
    is_hidden = not may_follow_totals(visit) and is_being_marked(seen)
    return (without_totals(seen) if is_hidden else seen), is_hidden


def hides_totals(visit: Visit, assignment: Assignment) -> bool:
    """Return whether this person sees no totals by name now. Asks nothing for teachers."""
    return not may_follow_totals(visit) and is_being_marked(overview(assignment))


def require_totals(view: TeacherView, assignment: Assignment) -> None:
    """Raise PermissionDenied while this person may see no totals by name."""
    view.require(not hides_totals(view.visit, assignment), NO_TOTALS)
