"""The sandbox's administrator registers the tool: one address, one button, activate, launch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import TEACHER, Demo, activity_frame, new_person, sign_in, watch
from tests.journeys.profiles import manage_tool

pytestmark = pytest.mark.browser


def begin(page: Page, demo: Demo, way: str, withheld: str = "") -> None:
    """Paste the tool's address; the LMS opens it in its frame."""
    page.goto(f"{demo.lms}/")
    page.get_by_role("button", name="Site Administrator").click()
    page.get_by_label("Its registration address").fill(manage_tool(demo, "invite_platform").strip())
    page.get_by_label(f"{way} does").check()
    if withheld:
        page.get_by_label(withheld).uncheck()
    page.get_by_role("button", name="Register", exact=True).click()


def forget(page: Page, demo: Demo) -> None:
    """The demo is shared: its courses offer one tool again."""
    page.goto(f"{demo.lms}/")
    page.get_by_role("button", name="Site Administrator").click()
    page.get_by_role("button", name="Delete the tool").click()
    expect(page.locator("[data-tool]")).to_have_count(2)


def register(page: Page) -> None:
    """On the tool's own page; the demo's earlier registration stays."""
    frame = page.frame_locator("iframe[name=registration]")
    frame.get_by_label(re.compile("add another")).check()
    frame.get_by_role("button", name="Register").click()
    expect(frame.get_by_role("heading", name=re.compile("is registered"))).to_be_visible()
    frame.get_by_role("button", name=re.compile("Back to your LMS")).click()


@pytest.mark.parametrize(
    ("way", "switch", "course"), [("Moodle", "Activate", 2), ("Canvas", "Enable", 4)]
)
def test_register_activate_launch(
    browser: Browser, demo: Demo, way: str, switch: str, course: int
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (demo.lms, demo.tool))
        begin(page, demo, way)
        register(page)
        expect(page).to_have_url(f"{demo.lms}/tools/")
        page.get_by_role("button", name=switch).click()
        tool = page.locator("[data-tool]").last
        tool.get_by_label("as").fill(f"Registered as in {way}")
        tool.get_by_role("button", name="Add activity").click()
        expect(page.get_by_text(f"Registered as in {way}, in")).to_be_visible()
        sign_in(page, demo, TEACHER)
        page.goto(f"{demo.lms}/courses/{course}/")
        page.get_by_role("link", name=f"Registered as in {way}").click()
        frame = activity_frame(page)
        expect(frame.get_by_role("heading", name="Choose a worksheet")).to_be_visible()
        forget(page, demo)
        assert complaints == []


def test_what_the_administrator_withholds_is_named(browser: Browser, demo: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        begin(page, demo, "Moodle", withheld="result.readonly")
        frame = page.frame_locator("iframe[name=registration]")
        frame.get_by_label(re.compile("add another")).check()
        frame.get_by_role("button", name="Register").click()
        expect(frame.get_by_text("did not grant everything")).to_be_visible()
        forget(page, demo)
