"""A mark that the teacher changes in the LMS: both are shown, and the teacher decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import (
    CAUSES,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    open_activity,
    saved,
    submit,
    watch,
)

pytestmark = pytest.mark.browser
PUPIL, NUMBER = "Leila Rahimi", 126


def set_in_the_lms(page: Page, demo: Demo, score: str, pupil: str = PUPIL) -> None:
    """The gradebook's own page; '' lets the tool's mark show again."""
    page.goto(f"{demo.lms}/courses/2/gradebook/")
    page.get_by_role("link", name=f"Set the grade of {pupil} for").first.click()
    page.get_by_label("Score").fill(score)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Gradebook")).to_be_visible()


def test_the_teacher_decides_between_two_marks(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, PUPIL, CAUSES)
        gap_list(frame, 1).select_option(RIGHT[0])
        saved(frame)
        submit(frame)
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        enter(page, calm, TEACHER, CAUSES)
        set_in_the_lms(page, calm, "50")
        # The release is another score: the cell is looked at before it is sent.
        open_activity(page, calm, CAUSES).get_by_role("link", name=PUPIL).click()
        frame = activity_frame(page, "/class/")
        frame.get_by_role("button", name="Release").click()
        expect(frame.get_by_text("Released. The gradebook will update shortly.")).to_be_visible()
        both = frame.get_by_text("Demo LMS shows 50; ours is 3.33, out of 100.")
        for _ in range(40):
            if both.count():
                break
            page.wait_for_timeout(250)
            frame.get_by_role("link", name="All pupils").click()
            frame.get_by_role("link", name=PUPIL).click()
            expect(frame.get_by_role("heading", name=PUPIL)).to_be_visible()
        expect(both).to_be_visible()
        frame.get_by_role("link", name="All pupils").click()
        row = frame.locator(".pupils").get_by_role("row").filter(has_text=PUPIL)
        expect(row).to_contain_text("The mark there did not come from this tool.")
        row.get_by_role("button", name="Keep Demo LMS’s mark").click()
        expect(
            frame.locator("main").get_by_text("The gradebook keeps its own mark.")
        ).to_be_visible()
        expect(row).to_contain_text("Demo LMS’s mark stays: 50; ours is 3.33, out of 100.")
        with new_person(browser) as other:
            theirs = enter(other.new_page(), calm, PUPIL, CAUSES)
            expect(theirs.get_by_text("has kept the mark that was entered")).to_be_visible()
        assert calm.grade(CAUSES, NUMBER)["score"] == pytest.approx(50)
        set_in_the_lms(page, calm, "")
        frame = open_activity(page, calm, CAUSES)
        row = frame.locator(".pupils").get_by_role("row").filter(has_text=PUPIL)
        row.get_by_role("button", name="Send ours").click()
        expect(frame.get_by_text("Our mark is being sent to the gradebook.")).to_be_visible()
        assert complaints == []
    grade = calm.wait_for_grade(CAUSES, NUMBER, "Written answers: 0 out of 22.")
    assert grade["score"] == pytest.approx(100 / 30, abs=0.01)


def test_the_class_follows_marks_on_their_way(browser: Browser, calm: Demo) -> None:
    name, number = "Théo Lefèvre", 117
    calm.faults({"scores": "503"})
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, name, CAUSES)
        gap_list(frame, 1).select_option(RIGHT[0])
        saved(frame)
        submit(frame)
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, TEACHER, CAUSES)
        row = frame.locator(".pupils").get_by_role("row").filter(has_text=name)
        link = row.get_by_role("link", name=name)
        link.focus()
        frame.evaluate("window.isTheSame = true")
        calm.faults({"scores": "off"})
        expect(row.locator(".gradebook")).to_contain_text("✓ 1/8")
        expect(link).to_be_focused()
        expect(frame.locator("#live")).to_contain_text("has reached the gradebook.")
        assert frame.evaluate("window.isTheSame")
        expect(frame.locator("#class-following[hx-get]")).to_have_count(0)
        assert complaints == []
    calm.wait_for_grade(CAUSES, number, "Gaps: 1 out of 8.")
