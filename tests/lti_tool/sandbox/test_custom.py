"""Custom parameters, as Moodle keeps and sends them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import CUSTOM_PARAMETERS, Claim
from lti_tool.sandbox.models import Activity, Course, ToolClient
from lti_tool.sandbox.platform import custom
from tests.lti_tool.sandbox import lms


def sent(client: Client, tool: dict[str, str], link: dict[str, str] | None = None) -> Any:
    ToolClient.objects.update(custom=tool)
    Activity.objects.filter(pk=lms.WORKSHEET).update(custom=link or {})
    return lms.launch(client)[Claim.CUSTOM]


def test_the_sandbox_sends_what_the_tool_asks_platforms_for(pupil: Client) -> None:
    values = lms.launch(pupil)[Claim.CUSTOM]
    assert values == {**CUSTOM_PARAMETERS, "context_history": ""}


def test_names_arrive_as_given_and_folded(pupil: Client) -> None:
    assert sent(pupil, {"My-Name é": "a"}) == {"my_name__": "a", "My-Name é": "a"}


def test_the_tools_own_value_wins(pupil: Client) -> None:
    assert sent(pupil, {"a": "tool"}, {"a": "link", "b": "link"}) == {"a": "tool", "b": "link"}


@pytest.mark.parametrize(
    ("value", "expanded"),
    [
        ("$User.id", "101"),
        ("$User.username", "pupil101"),
        ("$Person.name.full", "Amina Abdullahi"),
        ("$Person.sourcedId", ""),
        ("$Context.id", "2"),
        ("$Context.title", "History 10b"),
        ("$ResourceLink.id", "1"),
        ("$ResourceLink.title", "The Terror and the Purges – causes"),
        ("$ResourceLink.id.history", "$ResourceLink.id.history"),
        ("$Nobody.knows", "$Nobody.knows"),
        ("x $User.id", "x $User.id"),
        ("\\$User.id", "$User.id"),
        ("", ""),
    ],
)
def test_variables(pupil: Client, value: str, expanded: str) -> None:
    assert sent(pupil, {"v": value}) == {"v": expanded}
    assert sent(pupil, {}, {"v": value}) == {"v": expanded}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"a": "b"}, {"a": "b"}),
        ({"a": ""}, {"a": ""}),
        ({"a": "b=c"}, {"a": "b=c"}),
        ({" a ": " b "}, {"a": "b"}),
        ({"a": "b\nlost"}, {"a": "b"}),
        ({"a": "b\r\nc=d"}, {"a": "b", "c": "d"}),
        ({"=": "b"}, {}),
        ({}, {}),
    ],
)
def test_what_moodle_keeps(values: dict[str, str], kept: dict[str, str]) -> None:
    assert custom.kept(values) == kept


DATES = ("available_from", "available_until", "submission_from", "submission_until")


def dated(client: Client) -> list[str]:
    """What a launch tells of an activity that opens and is due."""
    Activity.objects.filter(pk=lms.WORKSHEET).update(
        opens_at=datetime(2026, 12, 1, 8, tzinfo=UTC), due_at=datetime(2026, 12, 20, tzinfo=UTC)
    )
    values = lms.launch(client)[Claim.CUSTOM]
    return [values[name] for name in DATES]


def test_dates_are_not_told_as_in_moodle(pupil: Client) -> None:
    assert dated(pupil) == [CUSTOM_PARAMETERS[name] for name in DATES]


def test_dates_are_told_where_the_course_tells_them(pupil: Client) -> None:
    Course.objects.filter(pk=lms.HISTORY).update(tells_dates=True)
    opens, due = "2026-12-01T08:00:00+00:00", "2026-12-20T00:00:00+00:00"
    assert dated(pupil) == [opens, "", opens, due]


def test_the_roster_of_a_link_has_its_members_values(pupil: Client, tool: lms.Tool) -> None:
    sent(pupil, {"who": "$User.id"}, {"worksheet": "0b6c"})
    address = "/lti/services/CourseSection/2/bindings/1/memberships?rlid=1&limit=3"
    members = lms.json_of(tool.call("GET", address))["members"]
    found = [member["message"][0][Claim.CUSTOM] for member in members]
    assert found[0] == {"who": "10", "worksheet": "0b6c"}
    assert found[2]["who"] == "101"
