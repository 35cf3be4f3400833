"""Marking question by question, by the keyboard, from the tab to the gradebook."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.journeys.people import (
    CAUSES,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    new_person,
    saved,
    submit,
    watch,
)

pytestmark = pytest.mark.browser
PUPIL, NUMBER = "Thandi Dlamini", 107
QUESTIONS = ("q1", "q2", "q3", "q4")


def answer_of(frame: Frame, name: str) -> None:
    """Find an answer among those of others, whoever has submitted before this test."""
    article = frame.locator(".answer").filter(has_text=name)
    article.focus()
    expect(article).to_have_class(re.compile("active"))


WHOLE_MARKS = "box => { box.checked = false; box.dispatchEvent(new Event('change')); }"


def press(page: Page, *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(330)  # the same key within 300 ms counts once
    return len(keys)


def test_four_questions_by_four_keys(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, PUPIL, CAUSES)
        for question in QUESTIONS:
            frame.locator(f"textarea#{question}").fill(f"An answer to {question}.")
        saved(frame)
        submit(frame)
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        enter(page, calm, TEACHER, CAUSES).get_by_role("link", name="Mark", exact=True).click()
        frame = activity_frame(page, "/class/mark/")
        frame.get_by_role("link", name="Show").click()
        expect(frame.get_by_text("names shown")).to_be_visible()
        pressed = 0
        for n, question in enumerate(QUESTIONS):
            frame = activity_frame(page, f"/class/mark/{question}/")
            frame.locator(".scripted").wait_for()
            # On by itself where somebody has got half a mark, as in another test perhaps.
            frame.locator("#half-marks").evaluate(WHOLE_MARKS)
            answer_of(frame, PUPIL)
            pressed += press(page, "3" if n else "2")
            article = frame.locator(".answer").filter(has_text=PUPIL)
            expect(article.locator("[data-state]")).to_have_text(re.compile("· saved"))
            if question != QUESTIONS[-1]:
                frame.get_by_role("link", name="Next question").first.click()
        assert pressed == 4
        frame.get_by_role("link", name="This activity").click()
        frame = activity_frame(page, "/a/")
        frame.get_by_role("link", name=PUPIL).click()
        frame.get_by_role("button", name="Release").click()
        expect(frame.get_by_text("Released. The gradebook will update shortly.")).to_be_visible()
        assert complaints == []
    calm.wait_for_grade(CAUSES, NUMBER, "Written answers: 11 out of 22.")
