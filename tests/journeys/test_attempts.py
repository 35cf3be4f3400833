"""A second attempt, from the teacher's settings to the gradebook, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import (
    CAUSES,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
    watch,
)

pytestmark = pytest.mark.browser
PUPIL, NUMBER = "Joseph Sesay", 127


def allow(browser: Browser, demo: Demo, attempts: str) -> None:
    """The teacher says how many attempts there are."""
    with new_person(browser) as context:
        page = context.new_page()
        enter(page, demo, TEACHER, CAUSES).get_by_role("link", name="Settings").click()
        frame = activity_frame(page, "/place/")
        frame.get_by_label("Attempts", exact=True).select_option(attempts)
        frame.get_by_role("button", name="Save").click()
        expect(frame.get_by_text("Saved.")).to_be_visible()


def test_a_pupil_tries_again_and_the_better_attempt_counts(browser: Browser, calm: Demo) -> None:
    allow(browser, calm, "2")
    try:
        with new_person(browser) as context:
            page = context.new_page()
            complaints = watch(page, (calm.lms, calm.tool))
            frame = enter(page, calm, PUPIL, CAUSES)
            expect(frame.get_by_text("Attempt 1 of 2.")).to_be_visible()
            gap_list(frame, 1).select_option(RIGHT[0])
            saved(frame)
            submit(frame)
            expect(frame.get_by_text("1 out of 8")).to_be_visible()
            frame.get_by_role("button", name="Try again").press("Enter")
            expect(frame.get_by_text("Attempt 2 of 2.")).to_be_visible()
            expect(gap_list(frame, 1)).to_have_value(RIGHT[0])  # what was right
            for place, word in enumerate(RIGHT[:5], 1):
                gap_list(frame, place).select_option(word)
            saved(frame)
            submit(frame)
            expect(frame.get_by_role("heading", name="Submitted: attempt 2")).to_be_visible()
            counted = frame.get_by_role("listitem").filter(has_text="This one counts.")
            expect(counted).to_contain_text("Gaps: 5 out of 8")
            expect(frame.get_by_role("button", name="Try again")).to_have_count(0)
            frame.get_by_role("link", name="Attempt 1").click()
            expect(frame.get_by_role("heading", name="Submitted: attempt 1")).to_be_visible()
            assert complaints == []
        grade = calm.wait_for_grade(CAUSES, NUMBER, "Attempt 2. Gaps: 5 out of 8.")
        assert grade["score"] == pytest.approx(62.5)
        with new_person(browser) as context:
            page = context.new_page()
            frame = enter(page, calm, TEACHER, CAUSES)
            row = frame.get_by_role("row").filter(has_text=PUPIL)
            expect(row).to_contain_text("attempt 2 counts")
            row.get_by_role("link", name="attempt 1").click()
            frame = activity_frame(page, "/class/")
            expect(frame.get_by_text("Attempt 1 of 2.")).to_be_visible()
    finally:
        allow(browser, calm, "1")
