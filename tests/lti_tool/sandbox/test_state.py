from typing import Any

from django.test import Client

from tests.lti_tool.sandbox import lms


def state() -> Any:
    return lms.json_of(lms.browser().get("/state.json"))


def test_an_untouched_sandbox(planted: None) -> None:
    found = state()
    assert [column["id"] for column in found["columns"]] == [1, 2, 4, 5]
    assert (found["grades"], found["posts"]) == ([], [])
    assert (found["tokens"], found["launches"]) == (0, 0)


def test_a_posted_score_shows_in_grades_and_posts(tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    tool.post_score(lms.a_score())
    found = state()
    assert found["grades"] == [
        {
            "column": 1,
            "link": "1",
            "user": "101",
            "score": 75,
            "maximum": 100,
            "comment": "Gaps: 6 of 8.",
            "activity_progress": "Completed",
            "grading_progress": "FullyGraded",
            "timestamp": "2026-03-01T10:00:00+00:00",
            "overridden": False,
            "posted_score": 75,
            "posted_comment": "Gaps: 6 of 8.",
            "comments": [],
            "submissions": 0,
            "submission_url": "",
        }
    ]
    assert [post["status"] for post in found["posts"]] == [200, 409]
    assert found["posts"][1]["user"] == "101"
    assert found["posts"][1]["column"] == 1
    assert found["tokens"] == 1


def test_what_a_teacher_set_is_shown_and_what_was_posted_beside_it(
    tool: lms.Tool, teacher: Client
) -> None:
    tool.post_score(lms.a_score())
    teacher.post("/gradebook/1/101/", {"score": "42.5", "comment": "mine"})
    [grade] = state()["grades"]
    assert (grade["score"], grade["comment"], grade["overridden"]) == (42.5, "mine", True)
    assert (grade["posted_score"], grade["posted_comment"]) == (75, "Gaps: 6 of 8.")


def test_an_answered_launch_is_counted(pupil: Client) -> None:
    lms.begin(pupil)
    lms.launch(pupil)
    assert state()["launches"] == 1


def test_courses_and_links_say_where_they_come_from(teacher: Client) -> None:
    teacher.post("/courses/2/copy/")
    found = state()
    course, link = found["courses"][-1], found["links"][-1]
    assert (course["title"], course["history"]) == ("History 10b (copy)", [2])
    assert (link["course"], link["history"], link["custom"]) == (course["id"], [3], {})
