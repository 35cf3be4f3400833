"""A course that was restored with its grades: one decision, which holds for later pupils too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import (
    CAUSES,
    RIGHT,
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    open_activity,
    saved,
    sign_in,
    submit,
)
from tests.journeys.test_accessibility import LOOKS, look

pytestmark = pytest.mark.browser

HISTORY = 2
# Their marks in the original, out of 100. Two are of this tool; Sofía's was entered by hand.
HELD = {"Jonas Grünwald": 75, "Sofía Fuentes": 60, "Minh Anh Hoàng": 37.5}
NUMBERS = {"Jonas Grünwald": 111, "Sofía Fuentes": 110, "Minh Anh Hoàng": 112}


def course_of(page: Page, demo: Demo, number: int, button: str) -> tuple[int, int]:
    """Copy or restore a course. Return the new one, and its activity with the worksheet."""
    page.goto(f"{demo.lms}/courses/{number}/")
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(rf"/courses/(?!{number}/)\d+/$"))
    course = int(page.url.rstrip("/").rpartition("/")[2])
    links = [link for link in demo.state()["links"] if link["course"] == course]
    return course, int(links[0]["id"])


def enter_grade(page: Page, demo: Demo, link: int, user: int, given: float) -> None:
    """What a teacher types into the gradebook."""
    columns = {column["link"]: column["id"] for column in demo.state()["columns"]}
    page.goto(f"{demo.lms}/gradebook/{columns[str(link)]}/{user}/")
    page.locator("input[name=score]").fill(str(given))
    page.locator("input[name=score]").press("Enter")
    page.wait_for_url(re.compile("/courses/"))


def hand_in(browser: Browser, demo: Demo, name: str, link: int, right: int) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), demo, name, link)
        for place, word in enumerate(RIGHT[:right], 1):
            gap_list(frame, place).select_option(word)
        saved(frame)
        submit(frame)
        expect(frame.get_by_text("The gradebook will update shortly.")).to_be_hidden()


def test_a_course_restored_with_its_grades_is_decided_on_once(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        open_activity(page, calm, CAUSES)
        original, link = course_of(page, calm, HISTORY, "Copy this course")
        open_activity(page, calm, link)
        hand_in(browser, calm, "Jonas Grünwald", link, 6)
        hand_in(browser, calm, "Minh Anh Hoàng", link, 3)
        enter_grade(page, calm, link, NUMBERS["Sofía Fuentes"], 60)
        page.wait_for_timeout(1000)  # grades have whole seconds
        _, restored = course_of(page, calm, original, "Restore it with its grades")
        for name, number in NUMBERS.items():
            assert calm.grade(restored, number)["score"] == HELD[name]
        hand_in(browser, calm, "Jonas Grünwald", restored, 4)
        hand_in(browser, calm, "Sofía Fuentes", restored, 4)

        frame = open_activity(page, calm, restored)
        group = frame.get_by_role("region", name="Demo LMS holds other marks for 2 pupils")
        expect(group).to_contain_text("when this activity was first opened in this course")
        row = group.get_by_role("row", name="Jonas Grünwald")
        expect(row).to_contain_text("75/100")
        expect(row).to_contain_text("50/100")
        # While the page is open, the mark of one of them is changed in the gradebook.
        with context.new_page() as other:
            enter_grade(other, calm, restored, NUMBERS["Sofía Fuentes"], 33)
        group.get_by_text("Replace all 2 …").click()
        expect(group).to_contain_text("this tool cannot bring it back")
        group.get_by_role("button", name="Replace 2 marks").click()
        expect(frame.get_by_text("2 marks are being sent to the gradebook.")).to_be_visible()
        row = frame.get_by_role("row", name="Jonas Grünwald")
        expect(row.get_by_text("✓ 4/8")).to_be_visible()
        row = frame.get_by_role("row", name="Sofía Fuentes")
        expect(row).to_contain_text("Demo LMS shows 33; ours is 50, out of 100.")
        expect(frame.get_by_text("are replaced by those from here")).to_be_visible()

        hand_in(browser, calm, "Minh Anh Hoàng", restored, 5)
        frame = open_activity(page, calm, restored)
        row = frame.get_by_role("row", name="Minh Anh Hoàng")
        expect(row.get_by_text("✓ 5/8")).to_be_visible()
        expect(frame.get_by_role("region", name="Demo LMS holds")).to_be_hidden()
    shown = {name: calm.grade(restored, number)["score"] for name, number in NUMBERS.items()}
    assert shown == {"Jonas Grünwald": 50, "Sofía Fuentes": 33, "Minh Anh Hoàng": 62.5}
    for name, number in NUMBERS.items():
        assert calm.grade(link, number)["score"] == HELD[name]  # the original is as it was


def test_the_page_of_the_decision(browser: Browser, calm: Demo) -> None:
    """In windows of its own, as axe wants it."""
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        open_activity(page, calm, CAUSES)
        original, link = course_of(page, calm, HISTORY, "Copy this course")
        open_activity(page, calm, link)
        enter_grade(page, calm, link, NUMBERS["Sofía Fuentes"], 60)
        page.wait_for_timeout(1000)  # grades have whole seconds
        _, restored = course_of(page, calm, original, "Restore it with its grades")
    hand_in(browser, calm, "Sofía Fuentes", restored, 4)
    for kind in LOOKS:
        with new_person(browser, **LOOKS[kind]) as context:
            page = context.new_page()
            sign_in(page, calm, TEACHER)
            page.goto(f"{calm.lms}/launch/{restored}/?target=window")
            page.wait_for_url(re.compile("/a/"))
            page.get_by_text("Replace 1 mark …").click()
            expect(page.get_by_role("button", name="Replace 1 mark")).to_be_visible()
            look(page, f"teacher-restored-{kind}")
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, TEACHER, restored)
        frame.get_by_role("button", name="Keep 1 mark in the gradebook").click()
        expect(frame.get_by_text("The gradebook keeps 1 mark.")).to_be_visible()
        frame.get_by_role("button", name="Decide again").click()
        expect(frame.get_by_role("region", name="holds another mark for 1 pupil")).to_be_visible()
