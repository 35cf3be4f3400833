"""The registration pages by themselves: what axe says, what is said, and whom they speak to."""

from __future__ import annotations

import threading
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from lti_tool.platforms.dynamic.configuration import ACCOUNT_NAME, PLATFORM_SECTION
from lti_tool.platforms.dynamic.request import TOOL_SECTION
from lti_tool.protocol.vocabulary import Scope
from tests.journeys.people import Demo, new_person
from tests.journeys.profiles import manage_tool
from tests.journeys.test_accessibility import LOOKS, look
from tests.platform.fake import FakePlatform
from tests.platform.registration import configuration
from tests.platform.server import Fault

pytestmark = pytest.mark.browser

# Not by playwright's own clicks: the second would wait for the answer to the first.
TWO_PRESSES = """() => new Promise((pressed) => {
  const button = document.querySelector("form button");
  button.click();
  setTimeout(() => { button.click(); pressed(); }, 300);
})"""
LONG_NAME = "Donaudampfschifffahrtsgesellschaftskapitänsgymnasium am Traunsee"


@pytest.fixture
def lms(fake_platform: FakePlatform) -> FakePlatform:
    """One that offers little and grants less."""
    part = fake_platform.registration
    offered = [scope for scope in Scope if scope != Scope.RESULT_READONLY]
    part.configuration = configuration(part.url, "canvas", scopes_supported=offered)
    part.configuration[PLATFORM_SECTION][ACCOUNT_NAME] = LONG_NAME
    part.cut_scopes = {Scope.SCORE}
    part.granted = {TOOL_SECTION: {"deployment_id": "1", "messages": [], "claims": ["sub"]}}
    return fake_platform


def address(demo: Demo, lms: FakePlatform) -> str:
    """What the LMS opens."""
    link = manage_tool(demo, "invite_platform").strip()
    query = {"openid_configuration": lms.registration.address, "registration_token": "x"}
    return f"{link}&{urlencode(query)}"


@pytest.mark.parametrize("name", LOOKS)
def test_each_page(browser: Browser, demo: Demo, lms: FakePlatform, name: str) -> None:
    with new_person(browser, **LOOKS[name]) as context:
        page = context.new_page()
        registration = address(demo, lms)
        page.goto(registration)
        expect(page.get_by_text("does not offer everything")).to_be_visible()
        look(page, f"registration-ask-{name}")
        page.get_by_role("button", name="Register").press("Enter")
        expect(page.get_by_text("did not grant everything")).to_be_visible()
        page.get_by_text("Permissions granted").click()
        look(page, f"registration-done-{name}")
        page.goto(registration)
        expect(page.get_by_text("has already been used")).to_be_visible()
        look(page, f"registration-refused-{name}")
        page.goto(f"{demo.tool}/lti/register/")
        expect(page.get_by_text("need a registration link")).to_be_visible()


def test_two_presses_register_once(browser: Browser, demo: Demo, lms: FakePlatform) -> None:
    answers = threading.Event()
    lms.fail("register", Fault(until=answers))
    with new_person(browser) as context:
        page = context.new_page()
        page.goto(address(demo, lms))
        page.evaluate(TWO_PRESSES)
        answers.set()
        expect(page.get_by_role("heading", name="is registered")).to_be_visible()
        assert len(lms.requests("POST")) == 1


def test_a_window_of_its_own_tells_the_one_that_opened_it(
    browser: Browser, demo: Demo, lms: FakePlatform
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        page.goto(f"{demo.lms}/")
        page.evaluate("addEventListener('message', (e) => { window.told = [e.origin, e.data]; })")
        opened = _open(page, address(demo, lms))
        opened.get_by_role("button", name="Register").press("Enter")
        opened.get_by_role("button", name="Back to your LMS").click()
        page.wait_for_function("window.told")
        assert page.evaluate("window.told") == [
            demo.tool,
            {"subject": "org.imsglobal.lti.close"},
        ]


def _open(page: Page, url: str) -> Page:
    with page.expect_popup() as popup:
        page.evaluate("(url) => { window.open(url); }", url)
    return popup.value
