"""Who may set a grade by hand."""

from datetime import timedelta

import pytest

from lti_tool.sandbox.models import Column, Course, Grade
from tests.lti_tool.sandbox import lms

CELL = "/gradebook/1/101/"
GRADE = {"score": "100"}

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize("person", [lms.PUPIL, lms.ASSISTANT, lms.OTHER_TEACHER, lms.STRANGER])
def test_nobody_but_the_courses_teacher_sets_grades(person: int) -> None:
    client = lms.browser()
    assert client.post(CELL, GRADE).status_code == 302  # to sign in
    lms.sign_in(client, person)
    assert client.get(CELL).status_code == 403
    assert client.post(CELL, GRADE).status_code == 403
    assert not Grade.objects.exists()


def test_a_form_without_our_token_sets_no_grade() -> None:
    client = lms.browser(enforce_csrf_checks=True)
    lms.sign_in(client, lms.TEACHER)
    assert client.post(CELL, GRADE).status_code == 403
    assert not Grade.objects.exists()
    token = client.get(CELL).cookies["sandbox_csrf"].value
    assert client.post(CELL, {**GRADE, "csrfmiddlewaretoken": token}).status_code == 302
    assert Grade.objects.get().shown_score == 100


@pytest.mark.parametrize(("way", "is_copied"), [("copy", False), ("restore", True)])
def test_grades_are_copied_by_a_restore_alone(way: str, is_copied: bool) -> None:
    client = lms.browser()
    lms.sign_in(client, lms.TEACHER)
    client.post(CELL, GRADE)
    Column.objects.filter(pk=1).update(made_by_tool=True)
    original = Grade.objects.get()
    Grade.objects.update(timestamp=original.timestamp - timedelta(days=200))
    original.refresh_from_db()
    assert client.post(f"/courses/{lms.HISTORY}/{way}/").status_code == 302
    copies = Grade.objects.exclude(pk=original.pk)
    assert copies.exists() == is_copied
    for copy in copies:
        assert copy.column.course == Course.objects.order_by("-pk")[0]
        assert (copy.timestamp, copy.override) == (original.timestamp, original.override)
    original.refresh_from_db()
    assert original.column_id == 1


@pytest.mark.parametrize("person", [lms.PUPIL, lms.ASSISTANT, lms.OTHER_TEACHER])
def test_nobody_but_the_courses_teacher_restores_it(person: int) -> None:
    client = lms.browser()
    lms.sign_in(client, person)
    before = Course.objects.count()
    assert client.post(f"/courses/{lms.HISTORY}/restore/").status_code == 403
    assert Course.objects.count() == before
