"""Who may set a grade by hand."""

import pytest

from lti_tool.sandbox.models import Grade
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
