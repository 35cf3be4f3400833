"""A gap that is not counted, a second sheet of what was missed, a reminder: one teacher's round."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import (
    IN_CANVAS,
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
    watch,
)
from tests.journeys.test_accessibility import look

pytestmark = pytest.mark.browser
WINDOWS = {"laptop": (1280, 900), "dark": (770, 577), "phone": (360, 800)}
PUPIL, WRONG = "Lukas Eberhard", "Comintern"


def look_at(page: Page, name: str) -> None:
    for kind, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if kind == "dark" else "light")
        look(page, f"{name}-{kind}")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_what_a_teacher_does_about_what_went_wrong(browser: Browser, canvas: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), canvas, PUPIL, IN_CANVAS)
        gap_list(frame, 1).select_option(WRONG)
        saved(frame)
        submit(frame)
    with new_person(browser) as context:
        page = context.new_page()
        enter(page, canvas, TEACHER, IN_CANVAS)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        complaints = watch(tab, (canvas.lms, canvas.tool))
        tab.wait_for_url(f"{canvas.tool}/a/**")
        tab.get_by_role("link", name="Answers", exact=True).click()
        row = tab.locator("#gap-g1")
        row.get_by_role("button", name="Do not count this gap …").press("Enter")
        expect(tab.locator("#panel-title")).to_be_focused()
        expect(tab.locator(".effects")).to_contain_text("the best possible mark is")
        look_at(tab, "not-counted-effects")
        tab.get_by_role("button", name="Do not count it").press("Enter")
        expect(tab.locator("#gap-g1 .answer-figures")).to_contain_text("not counted")
        expect(tab.locator("#live")).to_contain_text("Gap 1 is not counted any more.")
        look_at(tab, "not-counted")
        tab.locator("#gap-g1").get_by_role("button", name="Undo").press("Enter")
        tab.get_by_role("button", name="Take it back and re-mark").press("Enter")
        expect(tab.locator("#gap-g1 .decided-here")).to_have_count(0)

        # A question goes the same way, from its pile too.
        tab.locator("#gap-q1").get_by_role("link", name="Mark").click()
        tab.get_by_role("button", name="Do not count this question …").press("Enter")
        expect(tab.locator("#gap-q1 .effects")).to_contain_text("the best possible mark is")
        look_at(tab, "question-not-counted-effects")
        tab.get_by_role("button", name="Do not count it").press("Enter")
        expect(tab.locator("#gap-q1 .answer-figures")).to_contain_text("not counted")
        look_at(tab, "question-not-counted")
        tab.locator("#gap-q1").get_by_role("link", name="Mark").click()
        look_at(tab, "question-not-counted-pile")
        tab.get_by_role("link", name="The class’s answers").click()
        tab.get_by_role("button", name="Count it again …").press("Enter")
        expect(tab.locator("#panel-title")).to_be_focused()
        tab.get_by_role("button", name="Count it again", exact=True).press("Enter")
        expect(tab.locator("#gap-q1 .decided-here")).to_have_count(0)

        tab.get_by_role("link", name="Make a sheet of what was missed …").click()
        expect(tab.get_by_label("Gap 1")).to_be_checked()
        look_at(tab, "second-sheet")
        tab.get_by_role("button", name="Make the draft").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Once more")
        look_at(tab, "second-sheet-draft")
        tab.get_by_role("button", name="Undo: delete this draft").click()
        expect(tab.get_by_text("Deleted.")).to_be_visible()

        tab.get_by_role("link", name="This activity").click()
        tab.locator("#part-never-opened").click()
        tab.locator("#reminder summary").click()
        look_at(tab, "reminder")
        tab.get_by_role("button", name="Copy the text").click()
        expect(tab.locator("[data-copied]")).not_to_be_empty()
        assert complaints == []
