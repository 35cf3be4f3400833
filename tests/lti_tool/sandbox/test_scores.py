"""Posting scores: what the gradebook shows afterwards, and what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox.models import Enrolment, Grade, Person, ScorePost
from tests.lti_tool.sandbox import lms

EARLIER, FIRST, LATER = "2026-03-01T09:59:59Z", "2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"


def grade(column: int = lms.WORKSHEET, person: int = lms.PUPIL) -> Grade:
    return Grade.objects.get(column=column, person=person)


def status(tool: lms.Tool, column: int = lms.WORKSHEET, **changes: object) -> int:
    return tool.post_score(lms.a_score(**changes), column).status_code


def test_a_score_arrives_scaled_to_the_column(tool: lms.Tool) -> None:
    answer = tool.post_score(lms.a_score())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == MediaType.SCORE
    stored = grade()
    assert stored.score == Decimal(75)
    assert stored.comment == "Gaps: 6 of 8."
    assert (stored.activity_progress, stored.grading_progress) == ("Completed", "FullyGraded")
    assert stored.timestamp == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_later_score_replaces_the_earlier_one(tool: lms.Tool) -> None:
    status(tool)
    assert status(tool, timestamp=LATER, scoreGiven=8, comment="All.") == 200
    assert (grade().score, grade().comment) == (Decimal(100), "All.")
    assert Grade.objects.count() == 1


@pytest.mark.parametrize(
    "again",
    [FIRST, EARLIER, "2026-03-01T10:00:00.999Z", "2026-03-01T11:00:00+01:00"],
    ids=["same", "earlier", "same second", "same in another zone"],
)
def test_the_same_second_or_an_earlier_one_is_409(tool: lms.Tool, again: str) -> None:
    status(tool)
    assert status(tool, timestamp=again, scoreGiven=8) == 409
    assert grade().score == Decimal(75)


def test_a_timestamp_in_the_future_is_taken_and_blocks_later_scores(tool: lms.Tool) -> None:
    now = timezone.now()
    assert status(tool, timestamp=(now + timedelta(days=30)).isoformat()) == 200
    assert status(tool, timestamp=(now + timedelta(minutes=1)).isoformat()) == 409


def test_cells_do_not_block_each_other(tool: lms.Tool) -> None:
    status(tool)
    assert status(tool, userId=str(lms.OTHER_PUPIL)) == 200
    assert status(tool, lms.EMPTY) == 200


def test_a_score_without_a_comment_erases_the_comment(tool: lms.Tool) -> None:
    status(tool)
    assert status(tool, timestamp=LATER, comment=...) == 200
    assert (grade().score, grade().comment) == (Decimal(75), "")


@pytest.mark.parametrize("progress", ["Pending", "PendingManual", "Failed", "NotReady"])
def test_anything_but_fully_graded_erases_the_score(tool: lms.Tool, progress: str) -> None:
    status(tool)
    assert status(tool, timestamp=LATER, gradingProgress=progress) == 200
    stored = grade()
    assert stored.score is None
    assert stored.grading_progress == progress
    assert stored.comment == ("" if progress == "NotReady" else "Gaps: 6 of 8.")


def test_fully_graded_without_points_erases_the_score_too(tool: lms.Tool) -> None:
    status(tool)
    assert status(tool, timestamp=LATER, scoreGiven=..., scoreMaximum=...) == 200
    assert grade().score is None


@pytest.mark.parametrize(
    "user",
    [10, 11, lms.STRANGER, 999, "ruth", "", "-1", "101.0", " 101", "１０１", "9" * 30],
    ids=str,
)
def test_only_a_pupil_of_the_course_has_a_grade(tool: lms.Tool, user: object) -> None:
    assert status(tool, userId=str(user)) == 400
    assert not Grade.objects.exists()


def test_who_has_left_the_course_gets_no_score(tool: lms.Tool) -> None:
    Enrolment.objects.filter(person=lms.PUPIL).delete()
    assert status(tool) == 400


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"timestamp": "yesterday"}, 400),
        ({"scoreMaximum": ...}, 400),
        ({"scoreGiven": -1}, 400),
        ({"activityProgress": "Done"}, 400),
        ({"scoreGiven": 801}, 422),
    ],
)
def test_a_score_that_is_none_is_refused_and_nothing_stored(
    tool: lms.Tool, changes: dict[str, Any], expected: int
) -> None:
    assert status(tool, **changes) == expected
    assert not Grade.objects.exists()


@pytest.mark.parametrize("comment", ["<script>alert(1)</script>", "😀 مرحبا\u202e", "x" * 100_000])
def test_comments_are_plain_text(tool: lms.Tool, teacher: Client, comment: str) -> None:
    assert status(tool, comment=comment) == 200
    assert grade().comment == comment
    page = teacher.get("/courses/2/gradebook/").content.decode()
    assert "<script>alert" not in page


def test_every_attempt_is_in_the_history(tool: lms.Tool) -> None:
    status(tool)
    status(tool)
    status(tool, userId="999")
    tool.post_score("no JSON")
    tool.post_score(lms.a_score(), content_type="application/json")
    tool.post_score(lms.a_score(), Authorization="")
    tool.post_score(lms.a_score(), 99)
    posts = list(ScorePost.objects.all())
    assert [post.status for post in posts] == [200, 409, 400, 400, 415, 401, 404]
    assert [post.user for post in posts] == ["101", "101", "999", "", "101", "101", "101"]
    assert [post.column_number for post in posts] == [1, 1, 1, 1, 1, 1, 99]
    assert posts[0].reason == ""
    assert "later" in posts[1].reason
    assert '"scoreGiven": 6' in posts[0].body


def test_a_get_is_no_attempt(tool: lms.Tool) -> None:
    assert tool.call("GET", lms.scores_address()).status_code == 405
    assert not ScorePost.objects.exists()


def test_a_score_outlives_nothing_it_belongs_to(tool: lms.Tool) -> None:
    status(tool)
    Person.objects.filter(pk=lms.PUPIL).delete()
    assert not Grade.objects.exists()
    assert ScorePost.objects.count() == 1


def test_scores_go_before_the_question_mark(tool: lms.Tool) -> None:
    """Appended to the whole address, as a careless tool does, it is another address."""
    wrong: Any = f"{lms.column_address()}/scores"
    answer = tool.call("POST", wrong, lms.a_score(), content_type=MediaType.SCORE)
    assert answer.status_code in {403, 405}
