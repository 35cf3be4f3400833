"""axe over every page that a pupil or a teacher meets, light and dark, wide and narrow.

With JOURNEY_PICTURES naming a folder, the pages are also kept there as pictures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.people import (
    CAUSES,
    OWN,
    RIGHT,
    TEACHER,
    Demo,
    begin_with_sample,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
)
from tests.worksheets.html import are_in_order

pytestmark = pytest.mark.browser

LOOKS = {
    "laptop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 800}, "color_scheme": "light"},
    # Moodle's 'Select content' on a laptop.
    "window": {"viewport": {"width": 770, "height": 577}, "color_scheme": "light"},
}
PUPILS = {
    "laptop": "Lukas Eberhard",
    "dark": "Sofía Fuentes",
    "phone": "Jonas Grünwald",
    "window": "Kwame Ofori",
}
MARKED = {
    "laptop": "Sanna Jokinen",
    "dark": "Aarav Kapoor",
    "phone": "Zuzanna Kowalczyk",
    "window": "Harriet Underwood",
}
# Best practices are advice; the rest is WCAG 2.2 A and AA.
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def look(page: Page, name: str, within: str = "") -> None:
    """Check the page as it stands, and keep its picture where one is wanted.

    ``within`` a selector, for pages of which only that part is ours (Django's admin).
    """
    page.wait_for_load_state("load")
    if folder := os.environ.get("JOURNEY_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    found = Axe().run(page, context=within or None, options=OPTIONS)
    problems = [
        f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0].get('failureSummary', '')[:300]}"
        for v in found.response["violations"]
    ]
    assert problems == [], name
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "headings => headings.filter((one) => one.checkVisibility()).map((one) => +one.tagName[1])"
    )
    assert within or are_in_order(levels), f"{name} has headings of the levels {levels}"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} px wider than the screen"


def follow(page: Page, link: Locator) -> None:
    """Click, and wait for the page that it leads to: else the old one is looked at."""
    with page.expect_navigation(wait_until="load"):
        link.click()


@pytest.mark.parametrize("kind", LOOKS)
def test_the_pupils_pages(browser: Browser, calm: Demo, kind: str, tmp_path: Path) -> None:
    with new_person(browser, **LOOKS[kind]) as context:
        page = context.new_page()
        launched = enter(page, calm, PUPILS[kind], CAUSES)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        tab.wait_for_url(f"{calm.tool}/a/**")
        assert "/a/" in launched.url
        # The strip lies over what is at the bottom; here, on a phone, over half a word of the bank.
        if kind == "phone":
            tab.evaluate("scrollTo(0, 200)")
        look(tab, f"pupil-empty-{kind}")
        for place, word in enumerate(RIGHT[:5], 1):
            gap_list(tab, place).select_option(word)
        gap_list(tab, 6).select_option("Manchuria")
        tab.locator("textarea#q2").fill("The fear of war made haste look like good sense.")
        saved(tab)
        look(tab, f"pupil-filled-{kind}")
        if kind == "laptop":
            tab.emulate_media(media="print")
            pictures = os.environ.get("JOURNEY_PICTURES")
            tab.pdf(path=Path(pictures or tmp_path) / "pupil.pdf", format="A4")
            tab.emulate_media(media="screen")
        tab.get_by_role("button", name="Check and submit").click()
        expect(tab.get_by_role("heading", name="Not answered yet")).to_be_visible()
        look(tab, f"pupil-check-{kind}")
        tab.get_by_role("button", name="Submit anyway").click()
        expect(tab.locator("main").get_by_text("In the gradebook.")).to_be_visible()
        look(tab, f"pupil-result-{kind}")


def look_at_what_is_printed(page: Page, tmp_path: Path) -> None:
    """Look at the pages to print, on the screen and on paper, from the page that leads to them."""
    folder = Path(os.environ.get("JOURNEY_PICTURES") or tmp_path)
    for name in ("Blank sheet", "Sheet with answers", "Marked sheets"):
        follow(page, page.get_by_role("link", name=name))
        look(page, f"print-{name.lower().replace(' ', '-')}")
        page.pdf(path=folder / f"print-{name.lower().replace(' ', '-')}.pdf", format="A4")
        follow(page, page.get_by_role("link", name="Files and printing"))


@pytest.mark.parametrize("kind", LOOKS)
def test_the_teachers_pages(browser: Browser, calm: Demo, kind: str, tmp_path: Path) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, MARKED[kind], CAUSES)
        gap_list(frame, 5).select_option("Abyssinia")
        frame.locator("textarea#q2").fill("To be marked.")
        saved(frame)
        submit(frame)
    with new_person(browser, **LOOKS[kind]) as context:
        page = context.new_page()
        enter(page, calm, TEACHER, CAUSES)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        tab.wait_for_url(f"{calm.tool}/a/**")
        follow(tab, tab.get_by_role("link", name="Dates for single pupils"))
        tab.get_by_label(MARKED[kind]).check()
        tab.get_by_label("Due by").fill("2026-11-02T18:00")
        tab.get_by_label("Note").fill("Was ill, gave it to me on paper first.")
        tab.get_by_role("button", name="Give these dates").click()
        expect(tab.get_by_text("1 pupil has dates of their own now")).to_be_visible()
        look(tab, f"dates-{kind}")
        follow(tab, tab.get_by_role("link", name=f"Change {MARKED[kind]}"))
        look(tab, f"dates-one-{kind}")
        follow(tab, tab.get_by_role("link", name="Take back …"))
        look(tab, f"dates-take-back-{kind}")
        follow(tab, tab.get_by_role("link", name="This activity"))
        look(tab, f"class-{kind}")
        follow(tab, tab.get_by_role("link", name="Files and printing"))
        look(tab, f"files-{kind}")
        if kind == "laptop":
            look_at_what_is_printed(tab, tmp_path)
        follow(tab, tab.get_by_role("link", name="Mark", exact=True))
        tab.locator(".scripted").wait_for()
        look(tab, f"mark-question-{kind}")
        tab.get_by_text("Lines that earn marks").click()
        follow(tab, tab.get_by_role("link", name="Change the lines"))
        look(tab, f"rubric-{kind}")
        follow(tab, tab.get_by_role("link", name="My marking"))
        look(tab, f"my-marking-{kind}")
        follow(tab, tab.get_by_role("link", name="This activity"))
        follow(tab, tab.get_by_role("link", name=MARKED[kind]))
        look(tab, f"marking-{kind}")
        follow(tab, tab.get_by_role("link", name="Reopen …"))
        look(tab, f"give-back-{kind}")
        follow(tab, tab.get_by_role("link", name="My worksheets"))
        look(tab, f"shelf-{kind}")
        begin_with_sample(tab)
        expect(tab.locator("main").get_by_text("No errors.")).to_be_visible()
        look(tab, f"editor-{kind}")
        tab.get_by_role("button", name="Answers and use").click()
        expect(tab.get_by_role("button", name="Use in")).to_be_visible()
        tab.get_by_role("button", name="Change").click()
        expect(tab.get_by_label("Attempts", exact=True)).to_be_visible()
        look(tab, f"place-{kind}")
        if kind == "phone":
            frame = enter(page, calm, TEACHER, OWN)
            assert "/a/" in frame.url
            look(page, "lms-phone")


def test_pages_for_those_who_come_the_wrong_way(browser: Browser, calm: Demo) -> None:
    with new_person(browser, **LOOKS["phone"]) as context:
        page = context.new_page()
        for path in ("/", "/lti/launch/", "/nothing", f"/a/{'x' * 60}/"):
            page.goto(f"{calm.tool}{path}")
            look(page, f"wrong-way-{path.strip('/').replace('/', '-')[:12] or 'index'}")


def test_submitting_without_a_word_is_clear(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, "Minh Anh Hoàng", CAUSES)
        submit(frame)
        expect(frame.get_by_text("0 out of 8")).to_be_visible()
    calm.wait_for_grade(CAUSES, 112, "Gaps: 0 out of 8.")
