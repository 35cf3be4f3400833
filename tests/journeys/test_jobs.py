"""A long paper: followed page by page, left, cancelled, and read without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.journeys.people import TEACHER, Demo, activity_frame, enter, new_person, sign_in, watch
from tests.journeys.test_accessibility import LOOKS, look
from tests.worksheets.formats.paper.files import pdf

pytestmark = pytest.mark.browser
WITHOUT_COLUMN = 3
PAGES = 55  # some seconds to read, far from what may be spent on one


def paper(name: str) -> dict[str, str | bytes]:
    """A file to choose; each name has other words in it."""
    lines = [f"Line {n} of {name} with some words and a gap ______ in it" for n in range(40)]
    content = pdf([lines] * PAGES)
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content}


def bring(frame: Frame | Page, name: str) -> None:
    """Choose a file, press the button."""
    frame.get_by_role("link", name="My worksheets", exact=True).click()
    frame.get_by_label("Drop a paper worksheet here").set_input_files(paper(name))  # type: ignore[arg-type]
    frame.get_by_role("button", name="Import from paper").click()


def test_a_long_paper_is_followed_left_and_found_again(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, TEACHER, WITHOUT_COLUMN)
        bring(frame, "followed")
        frame = activity_frame(page, "/jobs/")
        expect(frame.get_by_role("heading", name="Importing from paper")).to_be_visible()
        expect(
            frame.locator("main").get_by_text(re.compile(rf"Page \d+ of {PAGES}"))
        ).to_be_visible()
        look(page, "job-laptop")
        bar = frame.get_by_role("progressbar", name="Importing from paper")
        expect(bar).to_have_attribute("max", str(PAGES))
        frame = activity_frame(page, "/worksheets/")  # by itself
        expect(frame.get_by_text("Imported. Please check the text")).to_be_visible()
        frame.get_by_role("link", name="Open the editor").press("Enter")
        assert frame.locator("#id_source").input_value().count("______") > PAGES

        bring(frame, "left")
        frame = activity_frame(page, "/jobs/")
        frame.get_by_role("link", name="← My worksheets").click()
        expect(frame.get_by_text("Importing from paper: Page")).to_be_visible()
        expect(frame.get_by_text("The paper has been imported. left.pdf")).to_be_visible()
        frame.get_by_role("link", name="Open the worksheet").click()
        frame.get_by_role("link", name="Open the editor").press("Enter")
        expect(frame.locator("#id_source")).to_have_value(re.compile("of left with"))
        assert complaints == []


def test_a_long_paper_is_cancelled(browser: Browser, calm: Demo) -> None:
    with new_person(browser, **{**LOOKS["phone"], "color_scheme": "dark"}) as context:
        page = context.new_page()
        bring(enter(page, calm, TEACHER, WITHOUT_COLUMN), "cancelled")
        frame = activity_frame(page, "/jobs/")
        frame.get_by_role("button", name="Cancel").focus()
        # The button keeps the focus while the page is told how far it is.
        expect(frame.locator("main").get_by_text(re.compile(r"Page \d+ of"))).to_be_visible()
        page.keyboard.press("Enter")
        look(page, "job-phone-dark")
        expect(frame.get_by_text("Cancelled. Nothing was imported.")).to_be_visible()
        frame.get_by_role("link", name="← My worksheets").click()
        expect(frame.get_by_role("heading", name="New worksheet")).to_be_visible()
        assert frame.get_by_text("cancelled.pdf").count() == 0


def test_without_script_there_is_a_link_to_press(browser: Browser, calm: Demo) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/launch/{WITHOUT_COLUMN}/?target=window")
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        bring(page, "plain")
        page.wait_for_url(re.compile("/jobs/"))
        while "/jobs/" in page.url:
            page.get_by_role("link", name="Refresh").click()
        expect(page.get_by_text("Imported. Please check the text")).to_be_visible()
