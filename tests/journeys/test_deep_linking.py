"""A teacher fills a course by deep linking; the course is copied; a submission is reviewed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.journeys.people import (
    TEACHER,
    Demo,
    activity_frame,
    begin_with_sample,
    new_person,
    saved,
    sign_in,
    submit,
    watch,
)
from tests.journeys.test_accessibility import look

pytestmark = pytest.mark.browser

PUPIL = "Freya Thorsen"
SAMPLE = "Why did Stalin turn to terror?"
RIVERS = "# Rivers\n\nThe Nile ends in ___Egypt___ and the ___sea___.\n"


def open_picker(page: Page, demo: Demo, course: str) -> Frame:
    """The library, inside the LMS's page."""
    page.goto(f"{demo.lms}/courses/{course}/")
    page.get_by_role("button", name="Add activities").click()
    return activity_frame(page)


def open_link(page: Page, title: str) -> Frame:
    """An activity of the course page that is shown, as far as the tool's own page."""
    page.get_by_role("link", name=title).first.click()
    return activity_frame(page)


def test_a_course_is_filled_copied_and_reviewed(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        sign_in(page, calm, TEACHER)
        frame = open_picker(page, calm, "2")
        frame.get_by_label("or paste its text").fill(RIVERS)
        frame.get_by_role("button", name="Use my text unchanged").click()
        frame.get_by_role("button", name="Answers and use").click()
        frame.get_by_role("button", name="Choose more beside it").click()
        expect(frame.get_by_role("checkbox", name="Rivers")).to_be_checked()
        begin_with_sample(frame)
        frame.get_by_role("button", name="Answers and use").click()
        frame.get_by_role("button", name="Choose for").click()
        expect(frame.get_by_role("checkbox", name=SAMPLE).first).to_be_checked()
        expect(frame.get_by_role("checkbox", name="Rivers")).to_be_checked()
        expect(frame.get_by_text("Your other choices stay.")).to_be_visible()
        look(page, "picker-in-lms")
        rivers = frame.locator("li.choice", has_text="Rivers")
        rivers.get_by_text("More settings").click()
        rivers.get_by_label("Title in the course").fill("Rivers of Africa")
        rivers.get_by_label("Maximum mark in the gradebook").fill("10")
        rivers.locator("summary", has_text="Preview").click()
        expect(rivers.locator("article.sheet")).to_contain_text("The Nile ends in")
        frame.get_by_role("button", name="Add to course").click()
        expect(page.frame_locator("iframe").get_by_text("Added to")).to_be_visible()
        assert complaints == []
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, PUPIL)
        page.goto(f"{calm.lms}/courses/2/")
        frame = open_link(page, "Rivers of Africa")
        frame.get_by_label("Gap 1 of 2").fill("Egypt")
        saved(frame)
        submit(frame)
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/courses/2/")
        # Changed since it was chosen: the copy can have it from the old link alone.
        open_link(page, "Rivers of Africa").get_by_role("link", name="Settings").click()
        frame = activity_frame(page, "/place/")
        frame.get_by_label("Attempts", exact=True).select_option("3")
        frame.get_by_role("button", name="Save").click()
        expect(frame.get_by_text("Saved.")).to_be_visible()
        page.goto(f"{calm.lms}/courses/2/")
        page.get_by_role("button", name="Copy this course").click()
        page.wait_for_url(re.compile(r"/courses/(?!2/)\d+/"))
        copy = page.url
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, PUPIL)
        page.goto(copy)
        frame = open_link(page, "Rivers of Africa")
        expect(frame.get_by_text("Attempt 1 of 3.")).to_be_visible()
        expect(frame.get_by_label("Gap 1 of 2")).to_have_value("")
        frame.get_by_label("Gap 1 of 2").fill("Egypt")
        frame.get_by_label("Gap 2 of 2").fill("sea")
        saved(frame)
        submit(frame)
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
    grades = {
        (row["course"], grade["score"], grade["maximum"])
        for grade in calm.state()["grades"]
        for row in calm.state()["columns"]
        if row["id"] == grade["column"] and row["label"] == "Rivers of Africa"
    }
    new_course = int(copy.rstrip("/").rpartition("/")[2])
    assert grades == {(2, 5, 10), (new_course, 10, 10)}  # last year's cell is as it was
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/courses/{new_course}/gradebook/")
        page.get_by_role("link", name=f"Review submission of {PUPIL} for Rivers").click()
        frame = activity_frame(page, "/class/")
        expect(frame.get_by_role("heading", name=PUPIL)).to_be_visible()
        expect(frame.get_by_text("2/2", exact=True)).to_be_visible()
        expect(frame.get_by_role("link", name="All pupils")).to_have_count(0)
