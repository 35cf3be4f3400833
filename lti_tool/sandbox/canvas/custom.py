"""Custom parameters as Canvas sends them.

Names are sent as given, the link's own parameters override the tool's, and a variable that Canvas
does not support, or that has no value in this launch, is sent unexpanded.
"""

from collections.abc import Mapping
from datetime import datetime

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Activity, Course, Enrolment, ToolClient

Values = Mapping[str, str]


def sent(member: Enrolment, tool: ToolClient, activity: Activity | None) -> dict[str, str]:
    """Return the custom claim of a launch."""
    known = {**_person(member), **_course(member.course), **_link(activity)}
    wanted = {**tool.custom, **(activity.custom if activity else {})}
    return {name: known.get(value, value) for name, value in wanted.items()}


def _person(member: Enrolment) -> Values:
    return {
        "$User.id": ids.person(member.person_id),
        "$Canvas.user.id": str(member.person_id),
        "$Canvas.user.loginId": member.person.username,
    }


def _course(course: Course) -> Values:
    return {
        "$Context.id": ids.course(course.pk),
        "$Context.title": course.title,
        "$Context.id.history": ",".join(ids.course(number) for number in course.history),
        "$Canvas.course.id": str(course.pk),
        "$Canvas.course.name": course.title,
    }


def _link(activity: Activity | None) -> Values:
    if activity is None:
        return {}
    own = {"$ResourceLink.id": ids.link(activity.pk), "$ResourceLink.title": activity.title}
    return {**own, **_assignment(activity)} if activity.columns.exists() else own


def _assignment(activity: Activity) -> Values:
    """Return the variables of an assignment, without those of dates that are not set."""
    opens, due, closes = (_iso(activity.opens_at), _iso(activity.due_at), _iso(activity.closes_at))
    dates = {
        "$Canvas.assignment.unlockAt.iso8601": opens,
        "$Canvas.assignment.dueAt.iso8601": due,
        "$Canvas.assignment.lockAt.iso8601": closes,
        "$ResourceLink.available.startDateTime": opens,
        "$ResourceLink.available.endDateTime": closes,
        "$ResourceLink.submission.endDateTime": due,
    }
    return {
        "$Canvas.assignment.id": str(activity.pk),
        "$Canvas.assignment.title": activity.title,
        **{name: date for name, date in dates.items() if date},
    }


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
