"""The teacher sees the whole class, whoever came: the roster, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.journeys.people import (
    CAUSES,
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    saved,
    sign_in,
    watch,
)

pytestmark = pytest.mark.browser
WRITES, LOOKS, STAYS_AWAY = "Grace MacLeod", "Farah Mansour", "Noah Quist"


def row(frame: Frame | Page, name: str) -> str:
    """What the class list says of somebody."""
    found = frame.get_by_role("row").filter(has=frame.get_by_role("rowheader", name=name))
    return found.inner_text()


def test_the_teacher_sees_who_never_opened_the_link(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, WRITES, CAUSES)
        gap_list(frame, 1).select_option(index=1)
        saved(frame)
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, LOOKS, CAUSES)
        expect(frame.get_by_label("Gap 1 of 8")).to_be_visible()
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, TEACHER, CAUSES)
        # The page stands first; the list comes by itself, without a click.
        expect(frame.get_by_text(re.compile(r"^\s*Class list as of"))).to_be_visible()
        expect(frame.get_by_text("30 pupils")).to_be_visible()
        assert "not opened" in row(frame, STAYS_AWAY)
        assert "opened, not started" in row(frame, LOOKS)
        assert "in progress" in row(frame, WRITES)
        expect(frame.get_by_role("rowheader", name="Tomasz Brandt")).to_have_count(0)
        frame.get_by_role("link", name="not opened").click()
        expect(frame.get_by_role("rowheader", name=LOOKS)).to_have_count(0)
        expect(frame.get_by_role("rowheader", name=STAYS_AWAY)).to_be_visible()
        assert complaints == []


def test_without_scripts_a_button_reads_the_list(browser: Browser, calm: Demo) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/launch/{CAUSES}/?target=window")
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        expect(page.get_by_text("Reading the class list")).to_be_hidden()
        page.get_by_role("button", name="Refresh the class list").click()
        expect(page.get_by_text(re.compile(r"^\s*Class list as of"))).to_be_visible()
        expect(page.get_by_text("30 pupils")).to_be_visible()
        assert STAYS_AWAY in row(page, STAYS_AWAY)
