"""The words at the gap inside an LMS that lets its frames grow, on a laptop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.people import (
    IN_CANVAS,
    RIGHT,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    saved,
    watch,
)
from tests.reported import reported
from tests.worksheets.static.test_panel import HIDDEN

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1280, "height": 720}


def is_in_sight(page: Page, element: Locator) -> bool:
    """Whether all of it is in the window, the frame around it considered."""
    found = element.bounding_box()
    size = page.viewport_size
    assert found
    assert size
    return found["y"] >= 0 and found["y"] + found["height"] <= size["height"]


def show_frame(page: Page) -> None:
    """Wait until the frame is no higher than the window, and scroll the LMS's page to it."""
    page.wait_for_function("document.querySelector('iframe.frame').offsetHeight < innerHeight")
    page.locator("iframe.frame").evaluate("(one) => one.scrollIntoView({ block: 'end' })")


@reported("E1")
def test_the_strip_and_each_gap_are_in_sight_in_a_frame_that_grows(
    browser: Browser,
    canvas: Demo,
) -> None:
    with new_person(browser, viewport=LAPTOP) as context:
        page = context.new_page()
        complaints = watch(page, (canvas.lms, canvas.tool))
        frame = enter(page, canvas, "Leila Rahimi", IN_CANVAS)
        frame.locator(".word button").first.wait_for()
        show_frame(page)
        gaps = frame.locator(".word button")
        gaps.first.focus()
        for place, word in enumerate(RIGHT, 1):
            gap = gaps.nth(place - 1)
            expect(gap).to_be_focused()
            assert gap.evaluate(HIDDEN) == []
            assert is_in_sight(page, gap)
            assert is_in_sight(page, frame.locator(".strip"))
            page.keyboard.press(word[0])
            assert is_in_sight(page, gap)
            assert is_in_sight(page, frame.locator(".active"))
            while frame.locator(".active").get_attribute("data-word") != word:
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            expect(gap).to_have_text(word)
            page.keyboard.press("Tab")
        saved(frame)
        # What a page before it made higher becomes as high as a window again.
        frame.get_by_role("button", name="Check and submit").press("Enter")
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        page.locator("iframe.frame").evaluate("(one) => { one.style.height = '3000px'; }")
        frame.get_by_role("link", name="Back to the worksheet").press("Enter")
        back = activity_frame(page)
        expect(gap_list(back, 8)).to_have_value(RIGHT[7])
        strip = back.locator(".strip")
        expect(strip).to_be_visible()
        show_frame(page)
        assert is_in_sight(page, strip)
        assert complaints == []


def test_a_word_moves_and_comes_back_on_a_phone(browser: Browser, canvas: Demo) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with new_person(browser, **phone) as context:
        page = context.new_page()
        frame = enter(page, canvas, "Théo Lefèvre", IN_CANVAS)
        words = frame.get_by_role("option")
        frame.get_by_label("Gap 1 of 8").and_(frame.locator("button")).tap()
        words.get_by_text("Rhineland").tap()
        frame.get_by_label("Gap 7 of 8").tap()
        expect(words.filter(has_text="Rhineland")).to_have_text("Rhineland gap 1")
        words.get_by_text("Rhineland").tap()
        expect(frame.locator(".moved")).to_contain_text("Rhineland moved here. Gap 1 is empty.")
        saved(frame)
        frame.get_by_role("button", name="Put back").tap()
        expect(gap_list(frame, 1)).to_have_value("Rhineland")
        expect(gap_list(frame, 7)).to_have_value("")
        frame.get_by_role("button", name="Undo").tap()
        expect(gap_list(frame, 1)).to_have_value("")
        saved(frame)
