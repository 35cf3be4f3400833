from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lti_tool.sandbox import seed
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Grade,
    Person,
    PlatformKey,
    Role,
    Temper,
    ToolClient,
)
from tests.lti_tool.sandbox import canvas, lms


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("sandbox_setup", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_makes_the_whole_school_and_says_one_line() -> None:
    assert run() == "Sandbox LMS ready: http://127.0.0.1:8000/ opens http://localhost:8001.\n"
    history = Course.objects.get(pk=lms.HISTORY)
    assert history.title == "History 10b"
    roles = list(history.enrolment_set.values_list("role", flat=True))
    assert roles.count(Role.PUPIL) == 30
    assert roles.count(Role.TEACHER) == roles.count(Role.ASSISTANT) == 1
    geography = Enrolment.objects.filter(course_id=lms.GEOGRAPHY, role=Role.PUPIL)
    assert [one.person_id for one in geography] == [lms.STRANGER]
    assert len({person.name for person in Person.objects.all()}) == 36
    [administrator] = Person.objects.filter(is_administrator=True)
    assert not Enrolment.objects.filter(person=administrator).exists()


@pytest.mark.django_db
def test_the_activities_and_their_columns() -> None:
    run()
    links = [(link.pk, link.columns.count()) for link in Activity.objects.all()]
    assert links == [
        *[(lms.WORKSHEET, 1), (lms.EMPTY, 1), (lms.NO_COLUMN, 0), (lms.RIVERS, 1)],
        (canvas.LINK, 1),
    ]
    assert {column.maximum for column in Column.objects.all()} == {100}
    assert Column.objects.get(pk=lms.WORKSHEET).activity_id == lms.WORKSHEET


@pytest.mark.django_db
def test_the_tool_is_registered_where_the_settings_say(settings: Settings) -> None:
    run()
    settings.SANDBOX_TOOL_URL = "http://localhost:9001"
    run()
    tool, in_canvas = ToolClient.objects.all()
    assert (tool.pk, tool.client_id, tool.deployment_id) == (1, "sandbox-tool", "1")
    assert tool.login_url == "http://localhost:9001/lti/login/"
    assert tool.redirect_uris == ["http://localhost:9001/lti/launch/"]
    assert tool.target_link_uri == "http://localhost:9001/lti/launch/"
    assert tool.jwks_url == "http://localhost:9001/lti/jwks.json"
    assert (in_canvas.pk, in_canvas.client_id) == (2, "sandbox-canvas")
    assert in_canvas.login_url == tool.login_url


@pytest.mark.django_db
def test_one_course_has_canvas_s_temper_and_the_same_people() -> None:
    run()
    course = Course.objects.get(temper=Temper.CANVAS)
    assert course.pk == canvas.COURSE
    found = course.enrolment_set.exclude(role=Role.TEST_STUDENT)
    history = Enrolment.objects.filter(course_id=lms.HISTORY)
    assert {one.person_id for one in found} == {one.person_id for one in history}
    assert course.enrolment_set.get(role=Role.TEST_STUDENT).person_id == canvas.TEST_STUDENT
    assert {link.tool.temper for link in course.activities.all()} == {Temper.CANVAS}


@pytest.mark.usefixtures("planted")
def test_a_second_run_keeps_everything() -> None:
    lms.Tool().post_score(lms.a_score())
    kept = list(PlatformKey.objects.all())
    counts = [model.objects.count() for model in (Person, Course, Enrolment, Activity, Column)]
    run()
    assert list(PlatformKey.objects.all()) == kept
    assert Grade.objects.count() == 1
    assert counts == [
        model.objects.count() for model in (Person, Course, Enrolment, Activity, Column)
    ]


@pytest.mark.usefixtures("planted")
def test_reset_begins_anew_with_the_same_numbers() -> None:
    lms.Tool().post_score(lms.a_score())
    assert run("--reset").startswith("Sandbox LMS begun anew")
    assert Grade.objects.count() == 0
    assert not PlatformKey.objects.filter(kid="the platform's").exists()
    assert [tool.pk for tool in ToolClient.objects.all()] == [seed.TOOL, seed.CANVAS_TOOL]
    assert set(Column.objects.values_list("pk", flat=True)) == {1, 2, 4, 5}


@pytest.mark.django_db
def test_where_the_sandbox_is_off_nothing_is_made(settings: Settings) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="not switched on"):
        run()
    assert not Person.objects.exists()
