"""Causes are put in order: by mouse, by finger, by keyboard, without a script; marked by pairs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.journeys.people import (
    TEACHER,
    Demo,
    activity_frame,
    new_person,
    saved,
    sign_in,
    submit,
    watch,
)
from tests.journeys.test_accessibility import LOOKS, look
from tests.journeys.test_deep_linking import open_link, open_picker

pytestmark = pytest.mark.browser

COURSE = "2"
TITLE = "Order of the causes"
SOURCE = f"""# {TITLE}

1. Put the causes in order.

??? 3 marks
rank: Economic | Diplomatic | Political
right: Diplomatic > Economic > Political
because: 2 marks, 2-60 words
"""
RIGHT = ["Diplomatic", "Economic", "Political"]


@pytest.fixture(scope="module")
def address(browser: Browser, demo: Demo) -> str:
    """The teacher adds the activity; return its launch in a window of its own."""
    with new_person(browser) as context:
        page = context.new_page()
        sign_in(page, demo, TEACHER)
        frame = open_picker(page, demo, COURSE)
        frame.get_by_label("or paste its text").fill(SOURCE)
        frame.get_by_role("button", name="Use my text unchanged").click()
        expect(frame.locator("main").get_by_text("No errors.")).to_be_visible()
        frame.get_by_role("button", name="Answers and use").click()
        frame.get_by_role("button", name="Add to").click()
        expect(page.frame_locator("iframe").get_by_text("Added to")).to_be_visible()
        page.goto(f"{demo.lms}/courses/{COURSE}/")
        href = page.get_by_role("link", name=TITLE).first.get_attribute("href") or ""
    number = re.findall(r"\d+", href)[-1]
    return f"{demo.lms}/launch/{number}/?target=window"


def open_sheet(page: Page, demo: Demo, name: str) -> Frame:
    """The activity in its frame on the course page."""
    sign_in(page, demo, name)
    page.goto(f"{demo.lms}/courses/{COURSE}/")
    return open_link(page, TITLE)


def order(sheet: Frame | Page) -> list[str]:
    return [text.strip() for text in sheet.locator(".things label").all_inner_texts()]


def drag(page: Page, grip: Locator, onto: Locator) -> None:
    """Drag by the pointer, in steps, past the middle of another thing."""
    start, end = grip.bounding_box(), onto.bounding_box()
    assert start
    assert end
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x, y + (end["y"] - 4 - y) * step / 10)
    page.mouse.up()


def test_by_mouse_to_the_gradebook(browser: Browser, calm: Demo, address: str) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        sheet = open_sheet(page, calm, "Amina Abdullahi")
        expect(sheet.locator("[data-order-state]")).to_contain_text("Not ordered yet.")
        things = sheet.locator(".things li")
        drag(page, things.filter(has_text="Diplomatic").locator(".grip"), things.first)
        saved(sheet)
        assert order(sheet) == RIGHT
        sheet.get_by_label("Because").fill("The threat came first.")
        saved(sheet)
        page.reload()
        sheet = activity_frame(page)
        expect(sheet.locator("[data-order-state]")).to_have_text("Ordered: 1 comes first.")
        assert order(sheet) == RIGHT
        submit(sheet)
        expect(sheet.get_by_text("Marked automatically")).to_be_visible()
        expect(sheet.get_by_text("3 out of 3")).to_be_visible()
        expect(sheet.locator(".ranked")).to_contain_text("Diplomatic")
        expect(sheet.locator("main").get_by_text("In the gradebook.")).to_be_visible()
        assert complaints == []
    comments = [grade["comment"] for grade in calm.state()["grades"]]
    assert any(
        (comment or "").startswith("Marked automatically: 3 out of 3.") for comment in comments
    )
    with new_person(browser) as context:
        page = context.new_page()
        frame = open_sheet(page, calm, TEACHER)
        row = frame.get_by_role("row").filter(has_text="Amina")
        expect(row).to_contain_text("Diplomatic > Economic > Political")
        row.get_by_role("link", name="Amina").click()
        frame = activity_frame(page, "/class/")
        # The machine has marked the order.
        assert frame.locator(".mark-form input[name$=points]").count() == 1
        frame.get_by_label("Mark / 2").fill("2")
        frame.get_by_role("button", name="Save marks").click()
        frame.get_by_role("button", name="Release").click()
        expect(frame.get_by_text("Released.")).to_be_visible()
    with new_person(browser) as context:
        sheet = open_sheet(context.new_page(), calm, "Amina Abdullahi")
        expect(sheet.get_by_text("5 out of 5")).to_be_visible()


def test_by_keyboard(browser: Browser, calm: Demo, address: str) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        sheet = open_sheet(page, calm, "Dmitri Bondarenko")
        up = sheet.get_by_role("button", name="Move Diplomatic up")
        up.focus()
        page.keyboard.press("Enter")
        expect(sheet.locator("#live")).to_have_text("Diplomatic is now 1 of 3.")
        expect(up).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(sheet.locator("#live")).to_have_text("Diplomatic is now 2 of 3.")
        saved(sheet)
        assert order(sheet) == ["Economic", "Diplomatic", "Political"]
        submit(sheet)
        expect(sheet.get_by_text("2 out of 3")).to_be_visible()


def test_by_finger(browser: Browser, calm: Demo, address: str) -> None:
    with new_person(browser, **LOOKS["phone"], has_touch=True) as context:
        page = context.new_page()
        sheet = open_sheet(page, calm, "Chiara Bellini")
        sheet.get_by_role("button", name="Move Diplomatic up").tap()
        sheet.get_by_role("button", name="Move Political up").tap()
        saved(sheet)
        assert order(sheet) == ["Diplomatic", "Political", "Economic"]
        sheet.get_by_role("button", name="Clear order").tap()
        expect(sheet.locator("[data-order-state]")).to_contain_text("Not ordered yet.")
        saved(sheet)
        sheet.get_by_role("button", name="Keep this order").tap()
        saved(sheet)
        submit(sheet)
        expect(sheet.get_by_text("2 out of 3")).to_be_visible()


def test_without_a_script(browser: Browser, calm: Demo, address: str) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, calm, "Jonas Grünwald")
        page.goto(address)
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        for thing, place in (("Diplomatic", "1"), ("Economic", "1"), ("Political", "2")):
            page.get_by_label(thing, exact=True).fill(place)
        page.get_by_role("button", name="Save and continue later").click()
        expect(page.get_by_role("alert").last).to_contain_text("Use the numbers from 1 to 3")
        expect(page.get_by_label("Political", exact=True)).to_have_value("2")
        page.get_by_label("Political", exact=True).fill("")
        page.get_by_label("Economic", exact=True).fill("2")
        page.get_by_role("button", name="Check and submit").click()
        expect(page.get_by_text("not everything is put in order")).to_be_visible()
        page.get_by_role("link", name="Back to the worksheet").click()
        page.get_by_label("Political", exact=True).fill("3")
        submit(page)
        expect(page.get_by_text("3 out of 3")).to_be_visible()


@pytest.mark.parametrize("kind", LOOKS)
def test_everyone_can_use_it(browser: Browser, calm: Demo, address: str, kind: str) -> None:
    names = {
        "laptop": "Lukas Eberhard",
        "dark": "Sofía Fuentes",
        "phone": "Wei Liang",
        "window": "Kwame Ofori",
    }
    with new_person(browser, **LOOKS[kind]) as context:
        page = context.new_page()
        sign_in(page, calm, names[kind])
        page.goto(address)
        page.wait_for_url(re.compile("/a/"))
        look(page, f"ranking-blank-{kind}")
        page.get_by_role("button", name="Move Political up").press("Enter")
        saved(page)
        look(page, f"ranking-{kind}")
        submit(page)
        look(page, f"ranking-result-{kind}")
