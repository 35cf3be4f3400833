"""Two pupils at one device, and the halves of a class: what each of them and the teacher sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import (
    IN_CANVAS,
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    saved,
)
from tests.journeys.test_accessibility import LOOKS, follow, look

pytestmark = pytest.mark.browser

SETTING = "Pupils may work together at one device"
OWNER, PARTNER = "Emi Nakagawa", "Noah Quist"


def allow(browser: Browser, demo: Demo, *, is_on: bool) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, demo, TEACHER, IN_CANVAS)
        frame.get_by_role("link", name="Settings").click()
        frame.get_by_label(SETTING).set_checked(is_on)
        frame.get_by_role("button", name="Save").click()
        expect(frame.get_by_role("link", name="Files and printing")).to_be_visible()


def test_named_on_one_device_and_seen_on_the_other(browser: Browser, canvas: Demo) -> None:
    allow(browser, canvas, is_on=True)
    try:
        with new_person(browser, **LOOKS["phone"]) as context:
            page = context.new_page()
            enter(page, canvas, OWNER, IN_CANVAS)
            with context.expect_page() as opened:
                page.get_by_role("link", name="Open in a new tab").click()
            tab = opened.value
            gap_list(tab, 1).select_option("collectivisation")
            saved(tab)
            tab.get_by_role("button", name="I am working with …").click()
            tab.get_by_label("Name of a classmate").fill(PARTNER[-5:])
            tab.get_by_role("button", name="Search").click()
            look(tab, "together-search-phone")
            tab.get_by_role("button", name=f"Work with {PARTNER}").click()
            expect(tab.get_by_role("heading", name="You work with")).to_be_visible()
            look(tab, "together-named-phone")
            follow(tab, tab.get_by_role("link", name="Back to the worksheet"))
            expect(gap_list(tab, 1)).to_have_value("collectivisation")
            expect(tab.get_by_text(f"You work with {PARTNER}.")).to_be_visible()
            look(tab, "together-sheet-phone")
            tab.get_by_role("button", name="Check and submit").click()
            expect(tab.get_by_role("heading", name="You submit for")).to_be_visible()
            look(tab, "together-check-phone")
            tab.get_by_role("button", name="Submit anyway").click()
            expect(tab.get_by_text(f"You worked on this with {PARTNER}.")).to_be_visible()
        with new_person(browser, **LOOKS["dark"]) as context:
            page = context.new_page()
            frame = enter(page, canvas, PARTNER, IN_CANVAS)
            expect(frame.get_by_text(f"{OWNER} says that you have worked")).to_be_visible()
            look(page, "together-asked-dark")
            frame.get_by_role("button", name="Yes, show our work").click()
            expect(frame.get_by_text(f"You worked on this with {OWNER}.")).to_be_visible()
        with new_person(browser, **LOOKS["window"]) as context:
            page = context.new_page()
            enter(page, canvas, TEACHER, IN_CANVAS)
            with context.expect_page() as opened:
                page.get_by_role("link", name="Open in a new tab").click()
            tab = opened.value
            listed = tab.get_by_role("row", name=f"{PARTNER} with {OWNER}")
            expect(listed).to_be_visible()
            tab.get_by_label("Group or section").select_option("Group A")
            follow(tab, tab.locator(".group-select button"))
            look(tab, "group-window")
            expect(tab.get_by_label("Group or section")).to_have_value("section-1")
            tab.get_by_label("Group or section").select_option("The whole class")
            follow(tab, tab.locator(".group-select button"))
            follow(tab, tab.get_by_role("link", name=PARTNER, exact=True))
            expect(tab.get_by_role("heading", name="Working together")).to_be_visible()
            look(tab, "together-teacher-window")
    finally:
        allow(browser, canvas, is_on=False)
