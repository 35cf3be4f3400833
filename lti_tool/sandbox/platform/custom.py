"""Custom parameters and their substitution variables: LTI Core 1.3, 5.4.6 and appendix C.

As in Moodle, each name is sent as given and once more in lower case with underscores; the tool's
own parameters override the link's; an unknown variable is sent unexpanded; a known one without a
value is null or empty.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from lti_tool.sandbox.models import Activity, Course, Enrolment, Person, ToolClient

Values = Mapping[str, str | None]


def sent(
    member: Enrolment,
    tool: ToolClient,
    activity: Activity | None,
    review: Mapping[str, str] | None = None,
) -> dict[str, str | None]:
    """Return the custom claim of a launch.

    In a submission review, `review` overrides the tool's own parameters.
    """
    known = variables(member, activity)
    of_link = activity.custom if activity else {}
    return {**_expanded(of_link, known), **_expanded({**tool.custom, **(review or {})}, known)}


def _expanded(values: Mapping[str, str], known: Values) -> dict[str, str | None]:
    expanded: dict[str, str | None] = {}
    for name, value in values.items():
        expanded[_folded(name)] = expanded[name] = known.get(value, value.removeprefix("\\"))
    return expanded


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "_", name.lower())


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """Return custom parameters as Moodle keeps them.

    It stores lines `name=value`, so that text after a line break is lost or becomes a
    parameter of its own.
    """
    lines = "\n".join(f"{name}={value}" for name, value in values.items()).splitlines()
    pairs = [line.partition("=") for line in lines]
    return {name.strip(): value.strip() for name, sign, value in pairs if name and sign}


def variables(member: Enrolment, activity: Activity | None) -> dict[str, str | None]:
    """Return the values of all substitution variables that the platform supports.

    `$ResourceLink.id.history` is not among them, as in Moodle.
    """
    dates = _dates(activity) if activity and activity.course.shares_dates else {}
    return {**_person(member.person), **_course(member.course), **_link(activity), **dates}


def _person(person: Person) -> Values:
    return {
        "$User.id": str(person.pk),
        "$User.username": person.username,
        "$Person.name.full": person.name,
        "$Person.name.given": person.given_name,
        "$Person.name.family": person.family_name,
        "$Person.sourcedId": "",
    }


def _course(course: Course) -> Values:
    return {
        "$Context.id": str(course.pk),
        "$Context.label": course.label,
        "$Context.title": course.title,
        "$Context.id.history": ",".join(map(str, course.history)),
    }


def _link(activity: Activity | None) -> Values:
    return {
        "$ResourceLink.id": str(activity.pk) if activity else None,
        "$ResourceLink.title": activity.title if activity else None,
        "$ResourceLink.description": activity.description if activity else None,
    }


def _dates(activity: Activity) -> Values:
    """Return the date variables (LTI Core 1.3, C.3); '' for a date that is not set."""
    return {
        "$ResourceLink.available.startDateTime": _iso(activity.opens_at),
        "$ResourceLink.available.endDateTime": _iso(activity.closes_at),
        "$ResourceLink.submission.startDateTime": _iso(activity.opens_at),
        "$ResourceLink.submission.endDateTime": _iso(activity.due_at),
    }


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
