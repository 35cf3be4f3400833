"""axe over the pages on the way to a worksheet: the picker, and where cookies are blocked.

Registration's pages and the connection check are looked at by their own journeys.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.people import TEACHER, Demo, activity_frame, new_person, sign_in
from tests.journeys.test_accessibility import LOOKS, follow, look

pytestmark = pytest.mark.browser

NOBODYS = "# A worksheet for the picker\n\nThe Nile ends in ___Egypt___.\n"


def login_page(context: BrowserContext, demo: Demo, **more: str) -> Page:
    """What a frame whose cookies are blocked is shown, in a page of its own."""

    def framed(route: Route) -> None:
        headers = {**route.request.headers, "sec-fetch-dest": "iframe"}
        route.fulfill(response=route.fetch(headers=headers))

    page = context.new_page()
    page.route(f"{demo.tool}/lti/login/**", framed)
    sent = {
        "iss": demo.lms,
        "client_id": "sandbox-tool",
        "login_hint": "1",
        "target_link_uri": f"{demo.tool}/lti/launch/",
        "cookie_check": "1",
    }
    page.goto(f"{demo.tool}/lti/login/?{urlencode({**sent, **more})}")
    return page


@pytest.mark.parametrize("kind", LOOKS)
def test_where_cookies_are_blocked(browser: Browser, demo: Demo, kind: str) -> None:
    with new_person(browser, **LOOKS[kind]) as context:
        page = login_page(context, demo)
        expect(page.get_by_role("heading", name="One more click")).to_be_visible()
        look(page, f"new-tab-{kind}")
        page = login_page(context, demo, lti_storage_target="_parent")
        expect(page.get_by_role("heading", name="One more click")).to_be_visible()
        look(page, f"keep-key-{kind}")


def open_picker(page: Page, demo: Demo, name: str, course: int) -> Page:
    """In a tab of its own, from the LMS's page."""
    sign_in(page, demo, name)
    page.goto(f"{demo.lms}/courses/{course}/")
    page.get_by_role("button", name="Add activities").click()
    activity_frame(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open in a new tab").click()
    tab = opened.value
    tab.wait_for_url(f"{demo.tool}/a/**")
    return tab


@pytest.mark.parametrize("kind", LOOKS)
def test_the_picker(browser: Browser, calm: Demo, kind: str) -> None:
    with new_person(browser, **LOOKS[kind]) as context:
        tab = open_picker(context.new_page(), calm, TEACHER, 2)
        tab.get_by_label("or paste its text").fill(NOBODYS)
        tab.get_by_role("button", name="Use my text unchanged").click()
        follow(tab, tab.get_by_role("button", name="Answers and use"))
        look(tab, f"picker-end-{kind}")
        follow(tab, tab.get_by_role("button", name="Choose more beside it"))
        line = tab.locator("li.choice", has=tab.get_by_role("checkbox", checked=True))
        line.get_by_text("More settings").click()
        line.locator("summary", has_text="Preview").click()
        expect(line.locator("article.sheet")).to_be_visible()
        look(tab, f"picker-open-{kind}")
        line.get_by_label("Maximum mark in the gradebook").fill("-5")
        follow(tab, tab.get_by_role("button", name="Add to course"))
        expect(tab.get_by_text("Nothing was added to the course yet")).to_be_visible()
        look(tab, f"picker-errors-{kind}")
        tab.get_by_label("Search in titles and text").fill("no such title")
        follow(tab, tab.get_by_role("button", name="Search"))
        look(tab, f"picker-none-{kind}")


@pytest.mark.parametrize("kind", LOOKS)
def test_the_picker_of_somebody_without_worksheets(browser: Browser, calm: Demo, kind: str) -> None:
    with new_person(browser, **LOOKS[kind]) as context:
        tab = open_picker(context.new_page(), calm, "Inés Calderón", 3)
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        look(tab, f"picker-empty-{kind}")
