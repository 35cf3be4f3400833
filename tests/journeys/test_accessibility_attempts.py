"""axe over the pages of several attempts, of changed marks, and of what a change would do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import (
    CAUSES,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    open_activity,
    saved,
    sign_in,
    submit,
)
from tests.journeys.test_accessibility import LOOKS, follow, look
from tests.journeys.test_attempts import allow
from tests.journeys.test_changed_marks import set_in_the_lms

pytestmark = pytest.mark.browser
TRIES_AGAIN, CHANGED = "Emi Nakagawa", "Wei Liang"


@contextmanager
def window(browser: Browser, demo: Demo, name: str, kind: str) -> Iterator[Page]:
    """The activity in a window of its own, as axe wants it."""
    with new_person(browser, **LOOKS[kind]) as context:
        page = context.new_page()
        sign_in(page, demo, name)
        page.goto(f"{demo.lms}/launch/{CAUSES}/?target=window")
        page.wait_for_url(re.compile("/a/"))
        yield page


def hand_in(browser: Browser, demo: Demo, name: str, *attempts: int) -> None:
    """So many right gaps in each attempt."""
    with new_person(browser) as context:
        frame = enter(context.new_page(), demo, name, CAUSES)
        for number, right in enumerate(attempts, 1):
            if number > 1:
                frame.get_by_role("button", name="Try again").press("Enter")
                expect(frame.get_by_text(f"Attempt {number} of 3.")).to_be_visible()
            for place, word in enumerate(RIGHT[:right], 1):
                gap_list(frame, place).select_option(word)
            saved(frame)
            submit(frame)
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()


def change(browser: Browser, demo: Demo, name: str) -> None:
    """Somebody sets a grade by hand, and the tool finds it when it sends the next."""
    with new_person(browser) as context:
        page = context.new_page()
        enter(page, demo, TEACHER, CAUSES)
        set_in_the_lms(page, demo, "50", name)
        open_activity(page, demo, CAUSES).get_by_role("link", name=name).click()
        frame = activity_frame(page, "/class/")
        frame.get_by_role("button", name="Release").click()
        both = frame.get_by_text("The mark there did not come from this tool.")
        for _ in range(40):
            expect(frame.get_by_role("heading", name=name)).to_be_visible()
            if both.count():
                break
            page.wait_for_timeout(250)
            frame.get_by_role("link", name="All pupils").click()
            frame.get_by_role("link", name=name).click()
        expect(both).to_be_visible()


def test_the_pages_of_attempts_and_changed_marks(browser: Browser, calm: Demo) -> None:
    allow(browser, calm, "3")
    try:
        hand_in(browser, calm, TRIES_AGAIN, 1, 5)
        hand_in(browser, calm, CHANGED, 2)
        change(browser, calm, CHANGED)
        for kind in LOOKS:
            with window(browser, calm, TRIES_AGAIN, kind) as page:
                look(page, f"pupil-attempts-{kind}")
            with window(browser, calm, TEACHER, kind) as page:
                expect(
                    page.get_by_text("The mark there did not come from this tool.")
                ).to_be_visible()
                expect(page.get_by_text(re.compile(r"^\s*Class list as of"))).to_be_visible()
                look(page, f"teacher-changed-{kind}")
                row = page.get_by_role("row").filter(has_text=TRIES_AGAIN)
                follow(page, row.get_by_role("link", name="attempt 1"))
                look(page, f"teacher-earlier-attempt-{kind}")
                follow(page, page.get_by_role("link", name="All pupils"))
                follow(page, page.get_by_role("link", name="Settings"))
                page.locator("#id_counting").select_option("first")
                follow(page, page.get_by_role("button", name="Save"))
                expect(page.get_by_role("heading", name="Changes to marks")).to_be_visible()
                look(page, f"teacher-what-changes-{kind}")
        with window(browser, calm, TRIES_AGAIN, "phone") as page:
            follow(page, page.get_by_role("button", name="Try again"))
            look(page, "pupil-again-phone")
        with window(browser, calm, TEACHER, "laptop") as page:
            follow(page, page.get_by_role("link", name="Settings"))
            with page.expect_response("**/drafts/**"):
                page.get_by_role("button", name="Discard what I typed").click()
    finally:
        allow(browser, calm, "1")
