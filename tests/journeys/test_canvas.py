"""In the course with Canvas's flavour: Student View, a score, and the way back from SpeedGrader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from lti_tool.sandbox.canvas import ids
from tests.journeys.people import (
    TEACHER,
    Demo,
    activity_frame,
    enter,
    new_person,
    sign_in,
    submit,
    watch,
)
from tests.journeys.profiles import manage_tool

pytestmark = pytest.mark.browser

COURSE, ACTIVITY, TEACHER_NUMBER = 4, 5, 10
PUPIL, PUPIL_NUMBER = "Kwame Ofori", 122


@pytest.fixture
def canvas(demo: Demo) -> Demo:
    """The demo with the sample in its Canvas course."""
    manage_tool(
        demo,
        *("place_sample", "--client-id", "sandbox-canvas"),
        *("--deployment-id", "1:sandbox-canvas"),
        *("--context-id", ids.course(COURSE), "--link-id", ids.link(ACTIVITY)),
        *("--teacher", ids.person(TEACHER_NUMBER)),
    )
    return demo


def test_a_teacher_tries_a_pupil_submits_and_speed_grader_shows_it(
    browser: Browser, canvas: Demo
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (canvas.lms, canvas.tool))
        sign_in(page, canvas, TEACHER)
        page.goto(f"{canvas.lms}/activities/{ACTIVITY}/")
        page.get_by_role("link", name="View as Student").click()
        submit(activity_frame(page))

        submit(enter(page, canvas, PUPIL, ACTIVITY))
        grade = canvas.wait_for_grade(ACTIVITY, PUPIL_NUMBER, "Gaps: 0 out of 8")
        assert (grade["submissions"], len(grade["comments"])) == (1, 1)
        test_students = {ids.person(int(number)) for number in canvas.state()["test_students"]}
        assert not test_students & {post["user"] for post in canvas.state()["posts"]}

        sign_in(page, canvas, TEACHER)
        page.goto(f"{canvas.lms}/courses/{COURSE}/gradebook/")
        page.get_by_role("link", name=re.compile(f"SpeedGrader: {PUPIL}")).click()
        frame = activity_frame(page)
        expect(frame.get_by_role("heading", name=PUPIL)).to_be_visible()

        sign_in(page, canvas, PUPIL)
        page.goto(f"{canvas.lms}/courses/{COURSE}/gradebook/")
        page.get_by_role("link", name="Submission Details").click()
        own = activity_frame(page)
        expect(own.get_by_role("heading", name="Submitted")).to_be_visible()
        assert complaints == []
