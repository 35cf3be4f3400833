"""The gradebook page, and a grade set by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.sandbox.models import Grade
from tests.lti_tool.sandbox import lms

TABLE, CELL = "/courses/2/gradebook/", "/gradebook/1/101/"


def later(seconds: int) -> str:
    return (timezone.now() + timedelta(seconds=seconds)).isoformat()


def set_by_hand(teacher: Client, score: str, comment: str = "") -> int:
    return teacher.post(CELL, {"score": score, "comment": comment}).status_code


def test_the_teacher_sees_every_pupil_with_score_comment_progress_and_time(
    tool: lms.Tool, teacher: Client
) -> None:
    tool.post_score(lms.a_score())
    page = teacher.get(TABLE).content.decode()
    assert page.count("<tr data-user=") == 30
    row = page.split('<tr data-user="101">')[1].split("</tr>")[0]
    assert "75 / 100" in row
    assert "Gaps: 6 of 8." in row
    assert "Completed, FullyGraded" in row
    assert "1 Mar 2026 10:00:00" in row


def test_a_pupil_sees_their_own_row_alone(tool: lms.Tool, pupil: Client) -> None:
    tool.post_score(lms.a_score())
    tool.post_score(lms.a_score(userId="102", comment="Somebody else's"))
    page = pupil.get(TABLE).content.decode()
    assert page.count("<tr data-user=") == 1
    assert "Gaps: 6 of 8." in page
    assert "Somebody else" not in page
    assert "Set by hand" not in page


def test_a_non_editing_teacher_sees_all_and_sets_nothing(planted: None) -> None:
    client = lms.browser()
    lms.sign_in(client, lms.ASSISTANT)
    page = client.get(TABLE).content.decode()
    assert page.count("<tr data-user=") == 30
    assert "Set by hand" not in page
    assert client.post(CELL, {"score": "1"}).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_the_courses_teacher_sets_grades(pupil: Client, stranger: Client, method: str) -> None:
    other_teacher = lms.browser()
    lms.sign_in(other_teacher, lms.OTHER_TEACHER)
    for client in (pupil, stranger, other_teacher):
        assert getattr(client, method)(CELL, {"score": "100"}).status_code == 403
    assert getattr(lms.browser(), method)(CELL).status_code == 302
    assert not Grade.objects.exists()


@pytest.mark.parametrize(
    "address", ["/gradebook/99/101/", "/gradebook/1/10/", "/gradebook/1/201/", "/gradebook/1/999/"]
)
def test_a_cell_that_is_not_there_is_404(teacher: Client, address: str) -> None:
    assert teacher.get(address).status_code == 404


def test_a_grade_set_by_hand_stays_whatever_is_posted_later(
    tool: lms.Tool, teacher: Client
) -> None:
    tool.post_score(lms.a_score())
    assert set_by_hand(teacher, "42,5", "Seen in class") == 302
    answer = tool.post_score(lms.a_score(timestamp=later(60), scoreGiven=8, comment="All."))
    assert answer.status_code == 200
    grade = Grade.objects.get()
    assert (grade.shown_score, grade.shown_comment) == (Decimal("42.5"), "Seen in class")
    assert (grade.score, grade.comment) == (Decimal(100), "All.")
    page = teacher.get(TABLE).content.decode()
    assert "42.50 / 100" in page
    assert "set by hand" in page


def test_after_the_teacher_an_earlier_score_is_409(tool: lms.Tool, teacher: Client) -> None:
    set_by_hand(teacher, "42")
    assert tool.post_score(lms.a_score(timestamp=later(-60))).status_code == 409


def test_an_empty_field_gives_the_cell_back_to_the_tool(tool: lms.Tool, teacher: Client) -> None:
    tool.post_score(lms.a_score())
    set_by_hand(teacher, "42", "Seen in class")
    set_by_hand(teacher, "", "still here")
    grade = Grade.objects.get()
    assert (grade.shown_score, grade.shown_comment) == (Decimal(75), "Gaps: 6 of 8.")
    assert grade.override_comment == ""


@pytest.mark.parametrize(
    "score", ["-1", "100.01", "many", "NaN", "Infinity", "1e9", "1e999999999", "²"]
)
def test_what_is_no_grade_is_said_at_the_field_and_kept_in_it(teacher: Client, score: str) -> None:
    answer = teacher.post(CELL, {"score": score, "comment": "kept"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "from 0 to 100" in page
    assert f'value="{score}"' in page
    assert ">kept</textarea>" in page
    assert not Grade.objects.exists()


def test_zero_by_hand_is_a_grade(teacher: Client) -> None:
    assert set_by_hand(teacher, "0") == 302
    assert Grade.objects.get().shown_score == 0
    assert "0 / 100" in teacher.get(TABLE).content.decode()


@pytest.mark.usefixtures("planted")
def test_a_grade_cannot_be_set_by_a_forged_form() -> None:
    client = lms.browser(enforce_csrf_checks=True)
    lms.sign_in(client, lms.TEACHER)
    assert set_by_hand(client, "100") == 403
    token = client.get(CELL).cookies["sandbox_csrf"].value
    answer = client.post(CELL, {"score": "100", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
