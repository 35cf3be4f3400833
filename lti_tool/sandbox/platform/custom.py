"""Custom parameters and their substitution variables: LTI Core 1.3, 5.4.6 and appendix C.

As in Moodle 4.5 (`mod/lti/locallib.php`), each name is sent as given and once more in lower case
with underscores; the tool's own parameters override the link's; an unknown variable is sent
unexpanded; a known one without a value is null or empty.
"""

import re
from collections.abc import Mapping

from lti_tool.sandbox.models import Activity, Enrolment, ToolClient
from lti_tool.sandbox.platform.groups import groups_of


def custom_claim(
    member: Enrolment,
    tool: ToolClient,
    activity: Activity | None,
    review: Mapping[str, str] | None = None,
) -> dict[str, str | None]:
    """Return the custom claim of a launch.

    In a submission review, `review` overrides the tool's own parameters.
    """
    values = variables(member, activity)
    claim: dict[str, str | None] = {}
    for parameters in (activity.custom if activity else {}, {**tool.custom, **(review or {})}):
        for name, value in parameters.items():
            lower_case = re.sub(r"[^a-z0-9]", "_", name.lower())
            claim[lower_case] = claim[name] = values.get(value, value.removeprefix("\\"))
    return claim


def stored(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return custom parameters as Moodle stores them.

    It stores lines `name=value`, so that text after a line break is lost or becomes a
    parameter of its own.
    """
    lines = "\n".join(f"{name}={value}" for name, value in parameters.items()).splitlines()
    pairs = [line.partition("=") for line in lines]
    return {name.strip(): value.strip() for name, sign, value in pairs if name and sign}


def variables(member: Enrolment, activity: Activity | None) -> dict[str, str | None]:
    """Return the values of all substitution variables that the platform supports.

    Dates (LTI Core 1.3, C.3) are '' if they are not set, and are there only if the course shares
    them. `$ResourceLink.id.history` is not supported, as in Moodle.
    """
    person, course = member.person, member.course
    values: dict[str, str | None] = {
        "$User.id": str(person.pk),
        "$User.username": person.username,
        "$Person.name.full": person.name,
        "$Person.name.given": person.given_name,
        "$Person.name.family": person.family_name,
        "$Person.sourcedId": "",
        "$Context.id": str(course.pk),
        "$Context.label": course.label,
        "$Context.title": course.title,
        "$Context.id.history": ",".join(map(str, course.history)),
        "$Moodle.Person.userGroupIds": ",".join(map(str, groups_of(member))),
        "$ResourceLink.id": str(activity.pk) if activity else None,
        "$ResourceLink.title": activity.title if activity else None,
        "$ResourceLink.description": activity.description if activity else None,
    }
    if activity is not None and course.shares_dates:
        dates = {
            "$ResourceLink.available.startDateTime": activity.opens_at,
            "$ResourceLink.available.endDateTime": activity.closes_at,
            "$ResourceLink.submission.startDateTime": activity.opens_at,
            "$ResourceLink.submission.endDateTime": activity.due_at,
        }
        for name, date in dates.items():
            values[name] = "" if date is None else date.isoformat()
    return values
