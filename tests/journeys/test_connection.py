"""'Check this connection' against the sandbox, as the operator reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import CAUSES, TEACHER, Demo, enter, new_person, watch
from tests.journeys.profiles import operator
from tests.journeys.test_accessibility import LOOKS, look

pytestmark = pytest.mark.browser


@pytest.fixture
def rosterless(calm: Demo) -> Iterator[Demo]:
    """The demo, whose LMS shows nobody its rosters."""
    calm.faults({"roster": "403"})
    yield calm
    calm.faults({"roster": "off"})


def line(page: Page, title: str) -> str:
    """State, sentence and remedy of one line, once the LMS was asked."""
    found = page.locator(".checks li").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )
    expect(found).to_be_visible()
    return found.inner_text()


def open_check(page: Page, demo: Demo) -> None:
    """From the list of registrations, by links alone."""
    operator(page, demo)
    page.get_by_role("link", name="Registrations").first.click()
    # The demo's own: other journeys may have registered the same LMS again.
    page.get_by_role("row").filter(has_text="sandbox-tool").get_by_role("link").first.click()
    page.get_by_role("link", name="Check this connection").click()


def opened_once(browser: Browser, demo: Demo) -> None:
    """A course and an activity to look at."""
    with new_person(browser) as context:
        enter(context.new_page(), demo, TEACHER, CAUSES)


@pytest.mark.parametrize("kind", LOOKS)
def test_all_is_well(browser: Browser, calm: Demo, kind: str) -> None:
    opened_once(browser, calm)
    with new_person(browser, **LOOKS[kind]) as context:
        page = context.new_page()
        complaints = watch(page, (calm.tool,))
        open_check(page, calm)
        expect(page.get_by_text("No problem found.")).to_be_visible()
        for title in (
            "Keys of the LMS",
            "Access to the LMS's services",
            "Class list",
            "Gradebook column",
        ):
            assert line(page, title).startswith("OK")
        look(page, f"connection-{kind}", within=".connection")
        assert complaints == []


def test_a_fault_is_named_with_its_remedy(browser: Browser, rosterless: Demo) -> None:
    opened_once(browser, rosterless)
    with new_person(browser) as context:
        page = context.new_page()
        open_check(page, rosterless)
        said = line(page, "Class list")
        assert said.startswith("Problem")
        assert "allow Names and Role Provisioning Services" in said
        assert line(page, "Access to the LMS's services").startswith("OK")
        look(page, "connection-fault", within=".connection")
