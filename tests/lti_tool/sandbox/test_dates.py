"""A teacher dates an activity, and says whether tools are told."""

import pytest
from django.test import Client

from lti_tool.sandbox.models import Activity, Course
from tests.lti_tool.sandbox import lms

FORM = {
    "opens_at": "2026-12-01T08:00",
    "due_at": "2026-12-20T20:00",
    "closes_at": "2026-12-24T08:00",
    "tells_dates": "on",
}


def test_dates_are_kept_and_shown_again(teacher: Client) -> None:
    answer = teacher.post("/activities/1/settings/", FORM)
    assert answer["Location"] == f"{lms.URL}/activities/1/"
    activity = Activity.objects.get(pk=1)
    assert activity.due_at is not None
    assert activity.due_at.isoformat() == "2026-12-20T20:00:00+00:00"
    assert Course.objects.get(pk=lms.HISTORY).tells_dates
    page = teacher.get("/activities/1/settings/").content.decode()
    assert 'value="2026-12-01T08:00"' in page
    assert "checked" in page


def test_what_is_left_empty_is_open(teacher: Client) -> None:
    teacher.post("/activities/1/settings/", FORM)
    teacher.post("/activities/1/settings/", {"due_at": "2026-12-20T20:00"})
    activity = Activity.objects.get(pk=1)
    assert (activity.opens_at, activity.closes_at) == (None, None)
    assert not Course.objects.get(pk=lms.HISTORY).tells_dates


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"opens_at": "tomorrow"}, "Enter a valid date"),
        ({"opens_at": "9" * 50}, "Enter a valid date"),
        ({"opens_at": "2026-12-21T08:00"}, "open before it is due"),
        ({"due_at": "2026-12-25T08:00"}, "due after it closes"),
        ({"due_at": "", "opens_at": "2026-12-25T08:00"}, "open before it closes"),
    ],
)
def test_dates_that_cannot_be(teacher: Client, changes: dict[str, str], words: str) -> None:
    answer = teacher.post("/activities/1/settings/", {**FORM, **changes})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Activity.objects.get(pk=1).due_at is None


def test_only_a_teacher_sets_them(pupil: Client) -> None:
    assert pupil.get("/activities/1/settings/").status_code == 403
    assert pupil.post("/activities/1/settings/", FORM).status_code == 403
