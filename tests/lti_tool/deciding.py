"""A teacher's decisions about grades in the LMS, on what the pages show now."""

from __future__ import annotations

from lti_tool import grades
from lti_tool.audit import TOOL
from lti_tool.grades import GradeChoice
from lti_tool.models import User
from tests.cast import Cast


def seen(cast: Cast, *users: User) -> dict[int, str]:
    """What the pages show of these people's grades, or of everybody's."""
    statuses = grades.score_statuses(cast.course.link)
    shown = [user.pk for user in users] or list(statuses)
    return {pk: statuses[pk].fingerprint for pk in shown}


def replace(cast: Cast, user: User | None = None) -> bool:
    """Send ours for one person, Amina where nobody is named."""
    return _decide(cast, GradeChoice.REPLACE, user)


def keep(cast: Cast, user: User | None = None) -> bool:
    """Keep the LMS's for one person."""
    return _decide(cast, GradeChoice.KEEP, user)


def _decide(cast: Cast, choice: GradeChoice, user: User | None) -> bool:
    shown = seen(cast, user or cast.amina.user)
    return bool(grades.decide(cast.course.link, choice, shown, by=TOOL))
