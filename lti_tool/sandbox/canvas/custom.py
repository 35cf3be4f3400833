"""Custom parameters as Canvas sends them.

Names are sent as given, the link's own parameters override the tool's, and a variable that Canvas
does not support, or that has no value in this launch, is sent unexpanded.
"""

import json

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Activity, Enrolment, ToolClient
from lti_tool.sandbox.platform.groups import NAMES, groups_of


def custom_claim(
    member: Enrolment,
    tool: ToolClient,
    activity: Activity | None,
    *,
    opens_submission: bool = False,
) -> dict[str, str]:
    """Return the custom claim of a launch.

    The launch of a submission has none of the link's parameters, but knows the assignment.
    """
    values, parameters = _variables(member, activity), dict(tool.custom)
    if opens_submission:
        course = member.course
        values |= {"$ResourceLink.id": ids.course(course.pk), "$ResourceLink.title": course.title}
    elif activity is not None:
        parameters |= activity.custom
    return {name: values.get(value, value) for name, value in parameters.items()}


def _variables(member: Enrolment, activity: Activity | None) -> dict[str, str]:
    """Return the variables that have a value; a date of an assignment may have none."""
    course = member.course
    values = {
        "$User.id": ids.person(member.person_id),
        "$Canvas.user.id": str(member.person_id),
        "$Canvas.user.loginId": member.person.username,
        "$Context.id": ids.course(course.pk),
        "$Context.title": course.title,
        "$Context.id.history": ",".join(ids.course(number) for number in course.history),
        "$Canvas.course.id": str(course.pk),
        "$Canvas.course.name": course.title,
        "$Canvas.course.sectionIds": ",".join(map(str, groups_of(member))),
        "$com.instructure.User.sectionNames": json.dumps([NAMES[n] for n in groups_of(member)]),
    }
    if activity is None:
        return values
    values["$ResourceLink.id"] = ids.link(activity.pk)
    values["$ResourceLink.title"] = activity.title
    if activity.columns.exists():
        values["$Canvas.assignment.id"] = str(activity.pk)
        values["$Canvas.assignment.title"] = activity.title
        dates = {
            "$Canvas.assignment.unlockAt.iso8601": activity.opens_at,
            "$Canvas.assignment.dueAt.iso8601": activity.due_at,
            "$Canvas.assignment.lockAt.iso8601": activity.closes_at,
            "$ResourceLink.available.startDateTime": activity.opens_at,
            "$ResourceLink.available.endDateTime": activity.closes_at,
            "$ResourceLink.submission.endDateTime": activity.due_at,
        }
        for name, date in dates.items():
            if date is not None:
                values[name] = date.strftime("%Y-%m-%dT%H:%M:%SZ")
    return values
