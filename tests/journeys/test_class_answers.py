"""The class's answers by the keyboard: accept one, the gradebook follows, take it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, expect

from tests.journeys.people import (
    IN_CANVAS,
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
from tests.journeys.test_accessibility import look

pytestmark = pytest.mark.browser
WINDOWS = {"laptop": (1280, 900), "dark": (1280, 900), "phone": (360, 800), "window": (770, 577)}
PUPIL, NUMBER, WRONG = "Niamh Doherty", 108, "Comintern"


def row(frame: Frame) -> str:
    return frame.locator("#gap-g1 .answer-figures").inner_text()


def test_an_answer_is_accepted_and_taken_back_by_keys(browser: Browser, canvas: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), canvas, PUPIL, IN_CANVAS)
        gap_list(frame, 1).select_option(WRONG)
        saved(frame)
        submit(frame)
    canvas.wait_for_grade(IN_CANVAS, NUMBER, "Gaps: 0 out of 8.")
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (canvas.lms, canvas.tool))
        enter(page, canvas, TEACHER, IN_CANVAS).get_by_role(
            "link", name="Answers", exact=True
        ).click()
        frame = activity_frame(page, "/class/answers/")
        before = row(frame)
        chip = frame.locator("#gap-g1 a.answer").filter(has_text=WRONG)
        chip.focus()
        page.keyboard.press("Enter")
        expect(frame.locator("#panel-title")).to_be_focused()
        page.keyboard.press("Escape")
        expect(frame.locator("#panel-title")).to_have_count(0)
        expect(chip).to_be_focused()
        page.keyboard.press("Enter")
        frame.get_by_role("button", name="Accept too …").press("Enter")
        expect(frame.locator(".effects")).to_contain_text("goes up.")
        expect(frame.locator(".effects")).to_contain_text("gap 4’s answer")
        frame.get_by_role("button", name="Accept and re-mark").press("Enter")
        expect(frame.locator("#gap-g1 .decided-here")).to_contain_text("accepted by you")
        expect(frame.locator("#live")).to_contain_text("accepted.")
        assert row(frame) != before
        canvas.wait_for_grade(IN_CANVAS, NUMBER, "Gaps: 1 out of 8.")
        frame.get_by_role("button", name="Undo").press("Enter")
        frame.get_by_role("button", name="Take it back and re-mark").press("Enter")
        expect(frame.locator("#gap-g1 .decided-here")).to_have_count(0)
        assert row(frame) == before
        assert complaints == []
    canvas.wait_for_grade(IN_CANVAS, NUMBER, "Gaps: 0 out of 8.")


def test_the_page_is_for_everybody_and_every_window(browser: Browser, canvas: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        enter(page, canvas, TEACHER, IN_CANVAS)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        tab.wait_for_url(f"{canvas.tool}/a/**")
        tab.get_by_role("link", name="Answers", exact=True).click()
        tab.locator("a.answer").first.click()
        expect(tab.locator("#panel-title")).to_be_focused()
        tab.get_by_text("this answer", exact=False).click()
        for kind, (width, height) in WINDOWS.items():
            tab.set_viewport_size({"width": width, "height": height})
            tab.emulate_media(color_scheme="dark" if kind == "dark" else "light")
            look(tab, f"class-answers-{kind}")
        tab.get_by_role("button", name="Accept too …").click()
        expect(tab.locator(".effects")).to_be_visible()
        for kind in ("laptop", "phone"):
            width, height = WINDOWS[kind]
            tab.set_viewport_size({"width": width, "height": height})
            look(tab, f"class-answers-effects-{kind}")
        tab.emulate_media(media="print")
        look(tab, "class-answers-print")
        tab.emulate_media(media="screen")
        tab.set_viewport_size({"width": 1366, "height": 768})
        tab.get_by_role("link", name="For the projector").click()
        place = tab.locator(".projector .row-number")
        expect(place).to_have_text(re.compile("1 of "))  # gaps, and questions with a picture
        tab.keyboard.press("Space")
        expect(place).to_have_text(re.compile("2 of "))
        tab.goto(tab.url.split("?")[0] + "?gap=g1&answers=1")
        look(tab, "class-answers-projector")
