"""What the sandbox begins with. Running it again changes nothing but the tool's addresses."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from django.apps import apps
from django.db import transaction

from lti_tool.sandbox import conf, keys, people
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Person,
    Role,
    ToolClient,
)
from lti_tool.vocabulary import Scope

CLIENT_ID: Final = "sandbox-tool"
DEPLOYMENT_ID: Final = "1"
TOOL: Final = 1
HISTORY: Final = 2
GEOGRAPHY: Final = 3


class Planned(NamedTuple):
    number: int
    course: int
    title: str
    description: str
    column: bool


ACTIVITIES: Final = (
    Planned(
        1,
        HISTORY,
        "The Terror and the Purges – causes",
        "Fill the gaps, answer the questions, then rank the causes.",
        True,
    ),
    Planned(2, HISTORY, "A worksheet of your own", "For the teacher to choose or make one.", True),
    Planned(3, HISTORY, "An activity without a gradebook column", "For practice.", False),
    Planned(4, GEOGRAPHY, "Rivers", "Another course, for trying who may see what.", True),
)


@transaction.atomic
def plant() -> None:
    """Make whatever is missing."""
    keys.ensure_key()
    _tool()
    _course(HISTORY, "HIS10b", "History 10b", people.HISTORY)
    _course(GEOGRAPHY, "GEO9a", "Geography 9a", people.GEOGRAPHY)
    for planned in ACTIVITIES:
        _activity(planned)


@transaction.atomic
def uproot() -> None:
    """Forget everything."""
    for model in reversed(list(apps.get_app_config("sandbox").get_models())):
        model._default_manager.all().delete()


def _tool() -> None:
    """Its addresses follow the settings: the demo may move to another port."""
    tool = conf.tool_url()
    ToolClient.objects.update_or_create(
        pk=TOOL,
        defaults={
            "client_id": CLIENT_ID,
            "name": "Worksheets",
            "deployment_id": DEPLOYMENT_ID,
            "login_url": f"{tool}/lti/login/",
            "target_link_uri": f"{tool}/lti/launch/",
            "redirect_uris": [f"{tool}/lti/launch/"],
            "jwks_url": f"{tool}/lti/jwks.json",
            "scopes": [str(scope) for scope in Scope],
            "keys": [],
            "keys_fetched_at": None,
        },
    )


def _course(number: int, label: str, title: str, members: Mapping[people.Someone, Role]) -> None:
    course, _ = Course.objects.get_or_create(pk=number, defaults={"label": label, "title": title})
    for someone, role in members.items():
        person = _person(someone, role)
        Enrolment.objects.get_or_create(course=course, person=person, defaults={"role": role})


def _person(someone: people.Someone, role: Role) -> Person:
    kind = "pupil" if role == Role.PUPIL else "staff"
    person, _ = Person.objects.get_or_create(
        pk=someone.number,
        defaults={
            "given_name": someone.given,
            "family_name": someone.family,
            "username": f"{kind}{someone.number}",
            "is_staff": role != Role.PUPIL,
        },
    )
    return person


def _activity(planned: Planned) -> None:
    """The number of an activity's own column is the activity's, as long as it is free."""
    activity, _ = Activity.objects.get_or_create(
        pk=planned.number,
        defaults={
            "course_id": planned.course,
            "tool_id": TOOL,
            "title": planned.title,
            "description": planned.description,
        },
    )
    if planned.column and not activity.columns.filter(made_by_tool=False).exists():
        _column(activity)


def _column(activity: Activity) -> None:
    Column.objects.create(
        pk=activity.pk if not Column.objects.filter(pk=activity.pk).exists() else None,
        course=activity.course,
        tool=activity.tool,
        activity=activity,
        label=activity.title,
        maximum=Decimal(100),
    )
