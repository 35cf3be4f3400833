"""Posting scores to a Canvas gradebook: what it shows afterwards, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Column, Enrolment, Grade, Person, ScorePost
from lti_tool.sandbox.services import gradebook
from tests.lti_tool.sandbox import canvas, lms

EARLIER, LATER = "2026-03-01T09:59:59.999Z", "2026-03-01T10:00:01Z"


@pytest.fixture
def tool(planted: None) -> lms.Tool:
    return canvas.tool()


def grade(person: int = lms.PUPIL) -> Grade:
    return Grade.objects.get(column=canvas.COLUMN, person=person)


def test_a_score_arrives_and_the_answer_names_the_result(tool: lms.Tool) -> None:
    answer = canvas.post(tool)
    assert answer.status_code == 200
    address = f"{canvas.ISSUER}/api/lti/courses/4/line_items/5/results/{ids.person(lms.PUPIL)}"
    assert lms.json_of(answer) == {"resultUrl": address}
    assert (grade().score, grade().submissions) == (Decimal(75), 1)


@pytest.mark.parametrize("given", [12, 8.5])
def test_more_than_the_maximum_is_extra_credit(tool: lms.Tool, given: float) -> None:
    canvas.post(tool, scoreGiven=given)
    assert grade().score == Decimal(str(given)) * 100 / 8


@pytest.mark.parametrize(
    "user",
    [str(lms.PUPIL), ids.person(lms.TEACHER), ids.person(lms.STRANGER), "", "nobody"],
)
def test_who_is_no_student_here_is_422(tool: lms.Tool, user: str) -> None:
    assert canvas.post(tool, userId=user).status_code in {400, 422}
    assert canvas.post(tool, userId=user or "nobody").status_code == 422
    assert not Grade.objects.exists()


def test_who_has_left_is_422(tool: lms.Tool) -> None:
    Enrolment.objects.filter(person=lms.PUPIL, course=canvas.COURSE).delete()
    assert canvas.post(tool).status_code == 422


def test_points_without_a_maximum_are_422(tool: lms.Tool) -> None:
    assert canvas.post(tool, scoreMaximum=...).status_code == 422


def test_an_earlier_timestamp_is_400_and_the_same_is_taken(tool: lms.Tool) -> None:
    canvas.post(tool)
    assert canvas.post(tool, timestamp=EARLIER).status_code == 400
    assert canvas.post(tool, scoreGiven=8).status_code == 200
    assert grade().score == Decimal(100)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(50, 200), (600, 400)], ids=["a little ahead", "too far ahead"]
)
def test_submitted_at_may_be_a_minute_ahead(tool: lms.Tool, seconds: int, expected: int) -> None:
    moment = (timezone.now() + timedelta(seconds=seconds)).isoformat()
    assert canvas.post(tool, {"submitted_at": moment}).status_code == expected
    own = canvas.post(tool, submission={"submittedAt": moment})
    assert own.status_code == expected


@pytest.mark.parametrize("progress", ["Pending", "Failed", "NotReady"])
def test_a_progress_without_a_score_erases_it(tool: lms.Tool, progress: str) -> None:
    canvas.post(tool)
    assert canvas.post(tool, timestamp=LATER, gradingProgress=progress).status_code == 200
    assert grade().score is None


def test_pending_manual_keeps_the_score_that_comes_with_it(tool: lms.Tool) -> None:
    canvas.post(tool, gradingProgress="PendingManual")
    assert grade().score == Decimal(75)


def test_without_points_the_score_is_erased_unless_it_is_preserved(tool: lms.Tool) -> None:
    canvas.post(tool)
    none: dict[str, Any] = {"scoreGiven": ..., "scoreMaximum": ..., "timestamp": LATER}
    canvas.post(tool, {"preserve_score": True}, **none)
    assert grade().score == Decimal(75)
    canvas.post(tool, **none)
    assert grade().score is None


def test_each_score_is_a_submission_unless_it_says_otherwise(tool: lms.Tool) -> None:
    for extension in ({}, {"new_submission": True}, {"new_submission": False}):
        canvas.post(tool, extension)
    assert grade().submissions == 2


def test_comments_are_appended_at_every_post(tool: lms.Tool, teacher: Client) -> None:
    for comment in ("one", "two", ...):
        canvas.post(tool, comment=comment)
    assert grade().comments == ["one", "two"]
    page = teacher.get("/courses/4/gradebook/").content.decode()
    assert page.count('class="comment"') == 2


def test_a_mark_that_preserves_the_stored_one_is_not_taken(tool: lms.Tool) -> None:
    canvas.post(tool)
    canvas.post(tool, {"preserve_score": True}, scoreGiven=8, timestamp=LATER)
    assert (grade().score, grade().result) == (Decimal(75), Decimal(100))


def test_a_score_that_yields_leaves_the_tool_s_own_too(tool: lms.Tool) -> None:
    canvas.post(tool, {"prioritize_non_tool_grade": True})
    assert grade().score == Decimal(75)
    canvas.post(tool, {"prioritize_non_tool_grade": True}, scoreGiven=8, timestamp=LATER)
    assert (grade().score, grade().result) == (Decimal(75), Decimal(100))


@pytest.mark.parametrize(("yields", "shown"), [(True, 42), (False, 75)])
def test_a_teacher_s_grade_stays_only_where_the_tool_yields(
    tool: lms.Tool, yields: bool, shown: int
) -> None:
    column = Column.objects.get(pk=canvas.COLUMN)
    gradebook.override(column, Person.objects.get(pk=lms.PUPIL), Decimal(42), "")
    later = (timezone.now() + timedelta(seconds=5)).isoformat()
    canvas.post(tool, {"prioritize_non_tool_grade": yields}, timestamp=later)
    assert grade().shown_score == shown


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        ("x", 400),
        ({"new_submission": "false"}, 400),
        ({"preserve_score": 1}, 400),
        ({"submitted_at": "yesterday"}, 400),
        ({"submitted_at": "2026-03-01T10:00:00"}, 400),
        ({"submission_type": "essay"}, 422),
        ({"submission_type": ["none"]}, 422),
        ({"submission_type": {"none": "none"}}, 422),
        ({"submission_type": "basic_lti_launch"}, 422),
        ({"submission_type": "basic_lti_launch", "submission_data": "javascript:1"}, 422),
        ({"submission_type": "basic_lti_launch", "submission_data": "http://[x/"}, 422),
        ({"submission_type": "online_url", "submission_data": "text"}, 200),
    ],
    ids=str,
)
def test_a_submission_is_read_strictly(tool: lms.Tool, submission: Any, expected: int) -> None:
    assert canvas.post(tool, **{canvas.SUBMISSION: submission}).status_code == expected


def test_what_is_posted_for_the_test_student_shows_in_the_state(tool: lms.Tool) -> None:
    assert canvas.post(tool, userId=ids.person(canvas.TEST_STUDENT)).status_code == 200
    state = lms.json_of(lms.browser().get("/state.json"))
    [posted] = state["grades"]
    assert posted["user"] in state["test_students"]
    assert (posted["submissions"], posted["comments"]) == (1, ["Gaps: 6 of 8."])


def test_attempts_are_in_the_history(tool: lms.Tool) -> None:
    canvas.post(tool)
    canvas.post(tool, userId="nobody")
    posts = list(ScorePost.objects.all())
    assert [(one.status, one.column_number) for one in posts] == [(200, 5), (422, 5)]
    assert "no student" in posts[1].reason


def test_tokens_of_the_other_platform_open_nothing(tool: lms.Tool) -> None:
    assert canvas.post(lms.Tool()).status_code == 403
    assert tool.post_score(lms.a_score()).status_code == 403
