"""A text with which a teacher reminds those who have not begun; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lti_tool.launches.visit import Visit
from lti_tool.models import StoredLaunch
from lti_tool.platforms.course_pages import course_page
from worksheets.reports.class_overview import AttemptProgress, Row

NOT_BEGUN = (AttemptProgress.OPENED, AttemptProgress.NEVER_OPENED)
MAX_NAMES = 200


@dataclass(frozen=True, slots=True)
class Reminder:
    """The text for pupils, which names none of them, and for the teacher whom to write to."""

    text: str
    names: Sequence[str]
    more: int  # pupils who are not among the names

    @property
    def lines(self) -> str:
        """Return the names, each on a line of its own."""
        return "\n".join(self.names)


def reminder_for(visit: Visit, title: str, rows: Sequence[Row]) -> Reminder | None:
    """Return the reminder for rows of which none has begun; None for others, or for no rows.

    ``title`` is the worksheet's; the link's own is what pupils see in their course.
    """
    if not rows or not all(row.standing in NOT_BEGUN and not row.has_left for row in rows):
        return None
    names = [row.user.display_name for row in rows if row.is_named]
    more = len(rows) - len(names[:MAX_NAMES])
    return Reminder(_text(visit.launch, title), names[:MAX_NAMES], more)


def _text(launch: StoredLaunch, title: str) -> str:
    link = launch.link
    words = {"activity": link.title if link and link.title else title}
    course = link.context if link else None
    if course is None or not (course.title or course.label):
        sentence = _("You have not started “%(activity)s” yet. Please do it soon.") % words
    else:
        words["course"] = str(course)
        text = _(
            "You have not started “%(activity)s” in the course “%(course)s” yet. Please do it soon."
        )
        sentence = text % words
    address = course_page(launch)
    if not address:
        return sentence
    return "\n".join([sentence, _("You find it here: %(address)s") % {"address": address}])
