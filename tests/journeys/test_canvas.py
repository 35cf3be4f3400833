"""In the course with Canvas's flavour.

Student View, a score, the way back from SpeedGrader; and a limit of attempts that is Canvas's own.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from lti_tool.sandbox.canvas import ids
from tests.journeys.people import (
    CANVAS_COURSE,
    IN_CANVAS,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    saved,
    sign_in,
    submit,
    watch,
)

pytestmark = pytest.mark.browser

PUPIL, PUPIL_NUMBER = "Kwame Ofori", 122
SECOND, SECOND_NUMBER = "Joseph Sesay", 127
SUBMISSION = "https://canvas.instructure.com/lti/submission"


def test_a_teacher_tries_a_pupil_submits_and_speed_grader_shows_it(
    browser: Browser, canvas: Demo
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (canvas.lms, canvas.tool))
        sign_in(page, canvas, TEACHER)
        page.goto(f"{canvas.lms}/activities/{IN_CANVAS}/")
        page.get_by_role("link", name="View as Student").click()
        submit(activity_frame(page))

        submit(enter(page, canvas, PUPIL, IN_CANVAS))
        grade = canvas.wait_for_grade(IN_CANVAS, PUPIL_NUMBER, "Gaps: 0 out of 8")
        assert (grade["submissions"], len(grade["comments"])) == (1, 1)
        test_students = {ids.person(int(number)) for number in canvas.state()["test_students"]}
        assert not test_students & {post["user"] for post in canvas.state()["posts"]}

        sign_in(page, canvas, TEACHER)
        page.goto(f"{canvas.lms}/courses/{CANVAS_COURSE}/gradebook/")
        page.get_by_role("link", name=re.compile(f"SpeedGrader: {PUPIL}")).click()
        frame = activity_frame(page)
        expect(frame.get_by_role("heading", name=PUPIL)).to_be_visible()

        sign_in(page, canvas, PUPIL)
        page.goto(f"{canvas.lms}/courses/{CANVAS_COURSE}/gradebook/")
        page.get_by_role("link", name="Submission Details").click()
        own = activity_frame(page)
        expect(own.get_by_role("heading", name="Submitted")).to_be_visible()
        assert complaints == []


def limit_attempts(page: Page, demo: Demo, most: str) -> None:
    page.goto(f"{demo.lms}/activities/{IN_CANVAS}/settings/")
    page.get_by_label("Submission attempts").fill(most)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"{demo.lms}/activities/{IN_CANVAS}/")


def test_a_second_attempt_that_canvas_does_not_count_brings_its_mark(
    browser: Browser, canvas: Demo
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, canvas, TEACHER)
        limit_attempts(page, canvas, "1")
        activity_frame(page).get_by_role("link", name="Settings").click()
        frame = activity_frame(page, "/place/")
        frame.get_by_label("Attempts", exact=True).select_option("2")
        frame.get_by_role("button", name="Save").click()
        expect(frame.get_by_text("Saved.")).to_be_visible()

        frame = enter(page, canvas, SECOND, IN_CANVAS)
        submit(frame)
        canvas.wait_for_grade(IN_CANVAS, SECOND_NUMBER, "Gaps: 0 out of 8")
        frame.get_by_role("button", name="Try again").press("Enter")
        gap_list(frame, 1).select_option(RIGHT[0])
        saved(frame)
        submit(frame)
        grade = canvas.wait_for_grade(IN_CANVAS, SECOND_NUMBER, "Attempt 2. Gaps: 1 out of 8")
        assert (grade["submissions"], grade["score"]) == (1, 12.5)
        posts = [
            (json.loads(post["body"])[SUBMISSION]["new_submission"], post["status"])
            for post in canvas.state()["posts"]
            if post["user"] == ids.person(SECOND_NUMBER)
        ]
        assert posts == [(True, 200), (True, 422), (False, 200)]

        row = enter(page, canvas, TEACHER, IN_CANVAS).get_by_role("row").filter(has_text=SECOND)
        expect(row).to_contain_text("Canvas did not count this attempt")
        limit_attempts(page, canvas, "")
