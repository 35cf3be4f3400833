"""The initial data of the sandbox. Running it again only updates the tools' registrations."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from django.apps import apps
from django.db import transaction

from lti_tool.protocol.vocabulary import CANVAS_CUSTOM_PARAMETERS, CUSTOM_PARAMETERS, Scope
from lti_tool.sandbox.canvas.deep_linking import PLACEMENTS
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Flavour,
    Person,
    Role,
    ToolClient,
)
from lti_tool.sandbox.platform import keys, people
from lti_tool.sandbox.platform.people import SeedPerson
from lti_tool.sandbox.server import conf

CLIENT_ID: Final = "sandbox-tool"
DEPLOYMENT_ID: Final = "1"
TOOL: Final = 1
CANVAS_CLIENT_ID: Final = "sandbox-canvas"
CANVAS_DEPLOYMENT_ID: Final = "1:sandbox-canvas"
CANVAS_TOOL: Final = 2
HISTORY: Final = 2
GEOGRAPHY: Final = 3
MODERN_HISTORY: Final = 4


class SeedActivity(NamedTuple):
    number: int
    course: int
    title: str
    description: str
    has_column: bool


ACTIVITIES: Final = (
    SeedActivity(
        1,
        HISTORY,
        "The Terror and the Purges – causes",
        "Fill the gaps, answer the questions, then rank the causes.",
        True,
    ),
    SeedActivity(
        2, HISTORY, "A worksheet of your own", "For the teacher to choose or make one.", True
    ),
    SeedActivity(3, HISTORY, "An activity without a gradebook column", "For practice.", False),
    SeedActivity(4, GEOGRAPHY, "Rivers", "Another course, for trying who may see what.", True),
    SeedActivity(
        5, MODERN_HISTORY, "A worksheet in Canvas", "For the teacher to choose one.", True
    ),
)


@transaction.atomic
def seed() -> None:
    """Create whatever is missing of the initial data."""
    administrator = _person(people.ADMINISTRATOR, Role.TEACHER)
    Person.objects.filter(pk=administrator.pk).update(is_administrator=True)
    keys.ensure_key(Flavour.MOODLE)
    keys.ensure_key(Flavour.CANVAS)
    _tool(
        TOOL,
        client_id=CLIENT_ID,
        deployment_id=DEPLOYMENT_ID,
        custom=CUSTOM_PARAMETERS,
        flavour=Flavour.MOODLE,
    )
    _tool(
        CANVAS_TOOL,
        client_id=CANVAS_CLIENT_ID,
        deployment_id=CANVAS_DEPLOYMENT_ID,
        custom=CANVAS_CUSTOM_PARAMETERS,
        placements=list(PLACEMENTS),
        flavour=Flavour.CANVAS,
    )
    _course(HISTORY, "HIS10b", "History 10b", people.HISTORY)
    _course(GEOGRAPHY, "GEO9a", "Geography 9a", people.GEOGRAPHY)
    _course(MODERN_HISTORY, "HIS-C", "Modern History (Canvas)", people.MODERN_HISTORY)
    Course.objects.filter(pk=MODERN_HISTORY).update(flavour=Flavour.CANVAS)
    for activity in ACTIVITIES:
        _activity(activity)


@transaction.atomic
def reset() -> None:
    """Delete all rows of the sandbox."""
    for model in reversed(list(apps.get_app_config("sandbox").get_models())):
        model._default_manager.all().delete()


def _tool(number: int, **values: object) -> None:
    """Register the tool, or update its addresses: the demo may run at another port."""
    tool = conf.tool_url()
    ToolClient.objects.update_or_create(
        pk=number,
        defaults={
            **values,
            "name": "Worksheets",
            "login_url": f"{tool}/lti/login/",
            "target_link_uri": f"{tool}/lti/launch/",
            "redirect_uris": [f"{tool}/lti/launch/"],
            "deep_linking_url": f"{tool}/lti/launch/",
            "jwks_url": f"{tool}/lti/jwks.json",
            "scopes": [str(scope) for scope in Scope],
            "keys": [],
            "keys_fetched_at": None,
        },
    )


def _course(number: int, label: str, title: str, members: Mapping[SeedPerson, Role]) -> None:
    course, _ = Course.objects.get_or_create(pk=number, defaults={"label": label, "title": title})
    for member, role in members.items():
        person = _person(member, role)
        Enrolment.objects.get_or_create(course=course, person=person, defaults={"role": role})


def _person(member: SeedPerson, role: Role) -> Person:
    kind = "pupil" if role == Role.PUPIL else "staff"
    person, _ = Person.objects.get_or_create(
        pk=member.number,
        defaults={
            "given_name": member.given_name,
            "family_name": member.family_name,
            "username": f"{kind}{member.number}",
            "is_staff": role != Role.PUPIL,
        },
    )
    return person


def _activity(planned: SeedActivity) -> None:
    """Create an activity and its own column, unless they exist.

    The column has the activity's primary key if that is free.
    """
    activity, _ = Activity.objects.get_or_create(
        pk=planned.number,
        defaults={
            "course_id": planned.course,
            "tool_id": CANVAS_TOOL if planned.course == MODERN_HISTORY else TOOL,
            "title": planned.title,
            "description": planned.description,
        },
    )
    if planned.has_column and not activity.columns.filter(made_by_tool=False).exists():
        Column.objects.create(
            pk=None if Column.objects.filter(pk=activity.pk).exists() else activity.pk,
            course=activity.course,
            tool=activity.tool,
            activity=activity,
            label=activity.title,
            maximum=Decimal(100),
        )
