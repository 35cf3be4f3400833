"""storage_page.js and resume.js: passes for forms and pages, and an LMS that answers late."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import BrowserContext, Route, expect

from lti_tool.launches.storage_visit import HEADER, PARAMETER
from lti_tool.login.platform_storage import StorageSlot
from tests.worksheets.static.tool import Tool

pytestmark = pytest.mark.browser

ORIGIN = "https://worksheets.test"  # crypto.randomUUID is for secure pages alone
SECRET = "s" * 32
VISIT = f"/a/{'t' * 40}/"
WORDS = "This page has closed for security"
# The LMS's side, in the same window: it keeps one secret, and may be silent.
LMS = """
window.silent = SILENT;
addEventListener("message", ({ data: { subject, message_id } }) => {
  if (window.silent || subject.endsWith(".response")) return;
  const supported_messages = [{ subject: "lti.put_data" }, { subject: "lti.get_data" }];
  const value = subject === "lti.get_data" ? "SECRET" : undefined;
  postMessage({ subject: `${subject}.response`, message_id, supported_messages, value });
});
""".replace("SECRET", SECRET)
FORM = """
<form method="post" action="VISITone/">
  <input name="text" value="typed"><button>First</button>
  <button name="also" value="1" formaction="VISITtwo/">Second</button>
</form>
""".replace("VISIT", VISIT)
Opened = Callable[..., Tool]


class Passes:
    """The tool's answers to whoever asks for a pass."""

    def __init__(self, *answers: int) -> None:
        """Make passes, after one answer with each of these statuses."""
        self.before = list(answers)
        self.made = 0
        self.held: list[Route] | None = None

    def __call__(self, route: Route) -> None:
        assert route.request.headers[HEADER.lower()] == SECRET
        if self.held is not None:
            self.held.append(route)
            return
        status = self.before.pop(0) if self.before else 200
        self.made += status == 200
        body = json.dumps({"pass": f"pass-{self.made}"})
        route.fulfill(status=status, content_type="application/json", body=body)


@pytest.fixture
def opened(context: BrowserContext) -> Iterator[Opened]:
    """Opens the HTML of a page. A clock that stands still knows of no page that is loaded again."""
    tools: list[Tool] = []

    def open_page(
        html: str, passes: Passes, *, silent: bool = False, stands_still: bool = True
    ) -> Tool:
        context.add_init_script(LMS.replace("SILENT", json.dumps(silent)))
        tool = Tool(context.new_page(), html, ORIGIN)
        tools.append(tool)
        tool.page.route(f"**{VISIT}next/", passes)
        if stands_still:
            tool.open()
        else:
            tool.page.goto(f"{ORIGIN}/")
        return tool

    yield open_page
    for tool in tools:
        assert tool.complaints == []


def storage_page(body: str) -> str:
    """A page of a visit."""
    context = {
        "visit": SimpleNamespace(token="t" * 40),
        "slot": StorageSlot("_parent", ORIGIN, (), "lti-visit-x"),
    }
    request = RequestFactory().get("/")
    head = render_to_string("lti_tool/storage_page.html", context, request)
    htmx = render_to_string("components/htmx.html", {}, request)
    return f"<!doctype html><head>{head}{htmx}</head><body>{body}</body>"


def resume_page() -> str:
    slot = StorageSlot("_parent", ORIGIN, (), "lti-visit-x")
    context = {"slot": slot, "next_url": f"{VISIT}next/"}
    return render_to_string("lti_tool/resume.html", context, RequestFactory().get("/"))


def test_a_form_is_submitted_with_a_pass(opened: Opened) -> None:
    tool = opened(storage_page(FORM), Passes())
    with tool.page.expect_request(lambda request: "/two/" in request.url) as sent:
        tool.page.get_by_role("button", name="Second").click()
    assert urlsplit(sent.value.url).query == f"{PARAMETER}=pass-1"
    assert parse_qs(sent.value.post_data or "") == {"text": ["typed"], "also": ["1"]}


def test_each_address_of_a_form_has_its_own_pass(opened: Opened) -> None:
    """One button was pressed, and the page's own script held the form; then the other one is."""
    passes = Passes()
    tool = opened(storage_page(FORM), passes)
    tool.page.evaluate(
        """() => {
            let events = 0;
            document.querySelector("form").addEventListener("submit", (event) => {
                if (++events === 2) event.preventDefault();
            });
        }"""
    )
    tool.page.get_by_role("button", name="Second").click()
    expect(tool.page.get_by_role("button", name="Second")).to_have_attribute(
        "formaction", f"{ORIGIN}{VISIT}two/?{PARAMETER}=pass-1"
    )
    with tool.page.expect_request(lambda request: "/one/" in request.url) as sent:
        tool.page.get_by_role("button", name="First").click()
    assert urlsplit(sent.value.url).query == f"{PARAMETER}=pass-2"


def test_a_form_goes_though_htmx_has_replaced_it_meanwhile(opened: Opened) -> None:
    passes = Passes()
    passes.held = []
    tool = opened(storage_page(FORM), passes)
    with tool.page.expect_request(f"**{VISIT}next/"):
        tool.page.get_by_role("button", name="Second").click()
    tool.page.evaluate("document.querySelector('form').remove()")
    held, passes.held = passes.held, None
    with tool.page.expect_request(lambda request: "/two/" in request.url) as sent:
        passes(held[0])
    assert parse_qs(sent.value.post_data or "") == {"text": ["typed"], "also": ["1"]}


def test_htmx_asks_nothing_as_long_as_the_lms_is_silent(opened: Opened) -> None:
    """It would be refused, and the page loaded again, with what is typed there."""
    part = f'<div hx-get="{VISIT}part/" hx-trigger="load">before</div>'
    tool = opened(storage_page(part), Passes(), silent=True)
    asked: list[str] = []
    tool.page.on("request", lambda request: asked.append(request.url))
    tool.wait(3000)
    tool.settle()
    assert [url for url in asked if "/part/" in url] == []
    tool.page.evaluate("window.silent = false")
    with tool.page.expect_request(f"**{VISIT}part/") as sent:
        for _second in range(4):
            tool.wait(1000)
            tool.settle()
    assert sent.value.headers[HEADER.lower()] == SECRET
    expect(tool.page.get_by_text("nothing")).to_be_visible()


def test_a_page_asks_for_a_pass_and_comes_again(opened: Opened) -> None:
    """It was not taken: once more, and then the words."""
    passes = Passes()
    tool = opened(resume_page(), passes, stands_still=False)
    expect(tool.page.get_by_text(WORDS)).to_be_visible()
    assert urlsplit(tool.page.url).query == f"{PARAMETER}=pass-2&{PARAMETER}=pass-2"
    assert passes.made == 2
    # A person who loads it again is no loop.
    tool.page.reload()
    tool.page.wait_for_url(lambda url: "pass-4" in url)
    expect(tool.page.get_by_text(WORDS)).to_be_visible()
    assert passes.made == 4


def test_a_tool_that_is_away_is_asked_again(opened: Opened) -> None:
    passes = Passes(502, 503)
    tool = opened(resume_page(), passes)
    for _try in range(2):
        expect(tool.page.get_by_text(WORDS)).to_be_hidden()
        tool.settle()
        tool.wait(1000)
    tool.page.wait_for_url(lambda url: "pass-" in url)


def test_a_tool_that_refuses_is_not(opened: Opened) -> None:
    passes = Passes(403)
    tool = opened(resume_page(), passes)
    expect(tool.page.get_by_text(WORDS)).to_be_visible()
    assert (passes.made, PARAMETER in tool.page.url) == (0, False)
