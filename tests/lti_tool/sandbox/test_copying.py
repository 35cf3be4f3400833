"""Copies: what is new in them, what is kept, what stays behind."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim
from lti_tool.sandbox.models import Activity, Column, Course, Enrolment, Grade
from tests.lti_tool.sandbox import lms


def copied(teacher: Client, original: int = lms.HISTORY) -> Course:
    answer = teacher.post(f"/courses/{original}/copy/")
    assert answer.status_code == 302
    course = Course.objects.order_by("-pk")[0]
    assert answer["Location"] == f"{lms.URL}/courses/{course.pk}/"
    return course


def duplicated(teacher: Client, link: int = lms.WORKSHEET) -> Activity:
    answer = teacher.post(f"/activities/{link}/duplicate/")
    assert answer.status_code == 302
    activity = Activity.objects.order_by("-pk")[0]
    assert answer["Location"] == f"{lms.URL}/activities/{activity.pk}/"
    return activity


def test_a_copied_course_has_the_same_people(teacher: Client) -> None:
    course = copied(teacher)
    assert course.title == "History 10b (copy)"
    members = Enrolment.objects.filter(course=course).values_list("person_id", "role")
    assert set(members) == set(
        Enrolment.objects.filter(course_id=lms.HISTORY).values_list("person_id", "role")
    )


def test_its_activities_are_new_links_that_keep_everything(teacher: Client) -> None:
    kept = {"url": "http://localhost:8001/x", "custom": {"worksheet": "0b6c"}, "description": "d"}
    due = datetime(2026, 12, 1, tzinfo=UTC)
    Activity.objects.filter(pk=lms.WORKSHEET).update(**kept, due_at=due)
    activities = list(copied(teacher).activities.all())
    assert len(activities) == 3
    assert not {activity.pk for activity in activities} & {1, 2, 3, 4}
    first = activities[0]
    assert first.title == "The Terror and the Purges – causes"
    assert {name: getattr(first, name) for name in kept} == kept
    assert first.due_at == due
    assert [activity.history for activity in activities] == [[1], [2], [3]]


def test_its_columns_are_its_own_and_empty(teacher: Client, tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    changes = {"maximum": Decimal(18), "tag": "t", "resource_id": "r", "review": {"custom": {}}}
    Column.objects.filter(pk=lms.WORKSHEET).update(**changes)
    course = copied(teacher)
    columns = list(course.columns.all())
    assert [column.activity_id for column in columns] == [
        activity.pk for activity in course.activities.all()[:2]
    ]
    assert {name: getattr(columns[0], name) for name in changes} == changes
    assert Grade.objects.get().column_id == lms.WORKSHEET
    score = tool.call(
        "POST",
        lms.scores_address(columns[0].pk, course.pk),
        lms.a_score(),
        content_type="application/vnd.ims.lis.v1.score+json",
    )
    assert score.status_code == 200
    assert Grade.objects.filter(column=columns[0]).count() == 1


def test_what_the_tool_added_to_the_gradebook_stays_behind(teacher: Client) -> None:
    link = Activity.objects.get(pk=lms.NO_COLUMN)
    Column.objects.create(
        course=link.course, tool=link.tool, activity=link, label="B", made_by_tool=True
    )
    assert copied(teacher).columns.count() == 2


def test_the_launch_tells_where_a_course_comes_from(teacher: Client) -> None:
    first = copied(teacher)
    second = copied(teacher, first.pk)
    link = second.activities.all()[0]
    custom = lms.launch(teacher, link.pk)[Claim.CUSTOM]
    assert custom["context_history"] == f"{first.pk},2"
    assert custom["link_history"] == "$ResourceLink.id.history"
    assert link.history == [first.activities.all()[0].pk, 1]


def test_each_person_still_stands_once_on_the_first_page(teacher: Client) -> None:
    copied(teacher)
    page = lms.browser().get("/").content.decode()
    assert page.count('value="10"') == 1
    assert page.count('value="101"') == 1


def test_the_copy_is_found_from_the_course(teacher: Client) -> None:
    course = copied(teacher)
    assert f'href="/courses/{course.pk}/"' in teacher.get("/courses/2/").content.decode()


def test_a_duplicate_is_a_link_of_the_same_course(teacher: Client) -> None:
    Activity.objects.filter(pk=lms.WORKSHEET).update(custom={"worksheet": "0b6c"})
    activity = duplicated(teacher)
    assert activity.course_id == lms.HISTORY
    assert activity.title == "The Terror and the Purges – causes (copy)"
    assert (activity.custom, activity.history) == ({"worksheet": "0b6c"}, [1])
    assert [column.label for column in activity.columns.all()] == [activity.title]


def test_an_activity_without_a_column_has_a_duplicate_without_one(teacher: Client) -> None:
    assert duplicated(teacher, lms.NO_COLUMN).columns.count() == 0


def test_a_long_title_is_cut(teacher: Client) -> None:
    Activity.objects.filter(pk=lms.WORKSHEET).update(title="x" * 255)
    assert duplicated(teacher).title == "x" * 248 + " (copy)"


def test_a_deleted_activity_takes_its_column_with_it(teacher: Client, tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    answer = teacher.post("/activities/1/delete/")
    assert answer["Location"] == f"{lms.URL}/courses/2/"
    assert not Activity.objects.filter(pk=1).exists()
    assert not Column.objects.filter(pk=1).exists()
    assert tool.post_score(lms.a_score(timestamp="2026-03-01T11:00:00Z")).status_code == 404


@pytest.mark.parametrize(
    "address", ["/courses/2/copy/", "/activities/1/duplicate/", "/activities/1/delete/"]
)
def test_only_a_teacher_and_only_by_post(teacher: Client, pupil: Client, address: str) -> None:
    assistant = lms.browser()
    lms.sign_in(assistant, lms.ASSISTANT)
    counts = Course.objects.count(), Activity.objects.count()
    assert pupil.post(address).status_code == 403
    assert assistant.post(address).status_code == 403
    assert lms.browser().post(address).status_code == 302
    assert teacher.get(address).status_code == 405
    assert (Course.objects.count(), Activity.objects.count()) == counts


def test_a_form_of_another_site_copies_nothing() -> None:
    strict = lms.browser(enforce_csrf_checks=True)
    assert strict.post("/courses/2/copy/").status_code == 403


def test_buttons_are_the_teachers(teacher: Client, pupil: Client) -> None:
    for words, address in (("Copy this course", "/courses/2/"), ("Duplicate", "/activities/1/")):
        assert words in teacher.get(address).content.decode()
        assert words not in pupil.get(address).content.decode()
