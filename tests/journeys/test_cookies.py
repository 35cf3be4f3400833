"""Launches where cookies are blocked; each asserts the path that was really taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect

from tests.journeys.people import CAUSES, Demo, activity_frame, sign_in
from tests.journeys.profiles import (
    authorisations,
    blocked_in_frames,
    launch_requests,
    profile,
    tool_cookies,
    ways,
)

pytestmark = pytest.mark.browser

MANY = 60
LONGEST_HEADER = 8190  # gunicorn's, for one field


def test_third_party_cookies_blocked_the_partitioned_cookie_carries_the_launch(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
) -> None:
    with profile(playwright, chromium, tmp_path / "p", {"cookie_controls_mode": 1}) as context:
        page = context.new_page()
        requests = launch_requests(context, calm)
        sign_in(page, calm, "Amina Abdullahi")
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        activity_frame(page)
        cookies = tool_cookies(context, calm)
        assert [c.get("partitionKey") is not None for c in cookies] == [True]
        assert sum("cookie_check=1" in url for url in requests) == 1  # once to ourselves
        assert authorisations(requests) == 1
        assert ways(calm)[-1] == "cookie"


def test_all_cookies_of_the_tool_blocked_the_new_tab_works(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
) -> None:
    with profile(playwright, chromium, tmp_path / "p", blocked_in_frames(calm)) as context:
        page = context.new_page()
        requests = launch_requests(context, calm)
        sign_in(page, calm, "Amina Abdullahi")
        before = len(ways(calm))
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        frame = activity_frame(page, "/lti/login/")
        button = frame.get_by_role("link", name="Open the worksheet in a new tab")
        expect(button).to_be_visible()
        # The LMS's address works once: it must not have been used up in the frame.
        assert authorisations(requests) == 0
        with context.expect_page() as opened:
            button.click()
        tab = opened.value
        tab.wait_for_url(f"{calm.tool}/a/**")
        expect(tab.get_by_role("heading", level=1).first).to_be_visible()
        assert authorisations(requests) == 1
        assert ways(calm)[before:] == ["cookie"]
        tab.reload()
        expect(tab.get_by_role("heading", level=1).first).to_be_visible()
        # In a tab of its own the way back is wanted; in the frame the course is around it.
        tab.get_by_role("link", name="Back to the course").click()
        tab.wait_for_url(f"{calm.lms}/courses/**")


@pytest.mark.parametrize("is_blocked", [True, False], ids=["blocked", "allowed"])
def test_control_blocking_really_blocks(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path, is_blocked: bool
) -> None:
    preferences = blocked_in_frames(calm) if is_blocked else {"cookie_controls_mode": 0}
    with profile(playwright, chromium, tmp_path / "p", preferences) as context:
        page = context.new_page()
        sign_in(page, calm, "Amina Abdullahi")
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        frame = activity_frame(page, "/lti/login/" if is_blocked else "/a/")
        assert bool(tool_cookies(context, calm)) is not is_blocked
        assert ("/a/" in frame.url) is not is_blocked


@pytest.fixture
def amina(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser as it comes, in which Amina is signed in."""
    with profile(playwright, chromium, tmp_path / "p", {}) as context:
        sign_in(context.new_page(), calm, "Amina Abdullahi")
        yield context


def test_a_course_page_with_sixty_embedded_activities(amina: BrowserContext, calm: Demo) -> None:
    page = amina.pages[-1]
    headers: list[int] = []
    statuses: list[int] = []

    def measure(request: Request) -> None:
        if request.url.startswith(calm.tool):
            headers.append(len(request.all_headers().get("cookie", "")))
            response = request.response()
            statuses.append(response.status if response else 0)

    before = len(ways(calm))
    amina.on("requestfinished", measure)
    show_many(page, calm)
    expect_all_open(page, calm)
    amina.remove_listener("requestfinished", measure)
    assert len(ways(calm)) - before == MANY
    assert max(headers) < LONGEST_HEADER / 2
    assert {status for status in statuses if status >= 400} == set()
    # A second look at the same page adds no cookie.
    kept = len(tool_cookies(amina, calm))
    show_many(page, calm)
    expect_all_open(page, calm)
    assert len(tool_cookies(amina, calm)) == kept


def show_many(page: Page, demo: Demo) -> None:
    """A page of the LMS with sixty activities, all of which launch at once."""
    launch = f"{demo.lms}/launch/{CAUSES}/"
    frames = "".join(f'<iframe src="{launch}" title="{n}"></iframe>' for n in range(MANY))
    address = f"{demo.lms}/courses/2/?many"
    page.route(address, lambda route: route.fulfill(body=frames, content_type="text/html"))
    page.goto(address, wait_until="commit")


def expect_all_open(page: Page, demo: Demo) -> None:
    """Wait until every frame shows a worksheet."""
    opened = re.compile(f"^{re.escape(demo.tool)}/a/")
    for _ in range(1200):
        inside = [frame.url for frame in page.frames if frame.parent_frame]
        if len(inside) == MANY and all(opened.match(url) for url in inside):
            return
        page.wait_for_timeout(100)
    raise AssertionError([url for url in inside if not opened.match(url)])


class TestTooLongForAnAddress:
    """An LMS may send more than the first line of a request can hold."""

    LENGTHEN = """(() => {
        const submit = HTMLFormElement.prototype.submit;
        HTMLFormElement.prototype.submit = function () {
            if (this.action.endsWith("/lti/login/")) {
                const field = document.createElement("input");
                Object.assign(field, {type: "hidden", name: "extra", value: "x".repeat(5000)});
                this.append(field);
            }
            submit.call(this);
        };
    })()"""

    def test_in_the_frame(self, amina: BrowserContext, calm: Demo) -> None:
        amina.add_init_script(self.LENGTHEN)
        requests = launch_requests(amina, calm)
        page = amina.pages[-1]
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        activity_frame(page)
        assert f"{calm.tool}/lti/login/?cookie_check=1" in requests
        assert authorisations(requests) == 1

    def test_into_a_new_tab(
        self, playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
    ) -> None:
        with profile(playwright, chromium, tmp_path / "p", blocked_in_frames(calm)) as context:
            context.add_init_script(self.LENGTHEN)
            page = context.new_page()
            sign_in(page, calm, "Amina Abdullahi")
            page.goto(f"{calm.lms}/activities/{CAUSES}/")
            frame = activity_frame(page, "/lti/login/")
            with context.expect_page() as opened:
                frame.get_by_role("button", name="Open the worksheet in a new tab").click()
            opened.value.wait_for_url(f"{calm.tool}/a/**")


class TestAgain:
    """Back, reload and a form posted twice lead on."""

    def test_the_launch_form_posted_twice(self, amina: BrowserContext, calm: Demo) -> None:
        page = amina.pages[-1]
        forms: list[str] = []
        amina.on(
            "request",
            lambda request: (
                forms.append(request.post_data or "") if "/lti/launch/" in request.url else None
            ),
        )
        page.goto(f"{calm.lms}/launch/{CAUSES}/?target=window")
        page.wait_for_url(f"{calm.tool}/a/**")
        address = page.url
        before = len(ways(calm))
        # What the back button does where the browser posts the form again.
        page.goto(f"{calm.lms}/")
        page.evaluate(REPOST, [f"{calm.tool}/lti/launch/", forms[0]])
        expect(page.get_by_role("heading", name="already been opened")).to_be_visible()
        page.get_by_role("link", name="Continue with the worksheet").click()
        page.wait_for_url(f"{calm.tool}/a/**")
        expect(page.locator("#worksheet, .summary").first).to_be_visible()
        assert launch_of(address) == launch_of(page.url)
        assert len(ways(calm)) == before

    def test_back_from_the_worksheet(self, amina: BrowserContext, calm: Demo) -> None:
        page = amina.pages[-1]
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        activity_frame(page)
        page.goto(f"{calm.lms}/courses/2/")
        page.go_back()
        frame = activity_frame(page)
        expect(frame.locator("#worksheet, .summary").first).to_be_visible()
        page.reload()
        frame = activity_frame(page)
        expect(frame.locator("#worksheet, .summary").first).to_be_visible()


REPOST = """([address, body]) => {
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action: address});
    for (const [name, value] of new URLSearchParams(body)) {
        const field = document.createElement("input");
        Object.assign(field, {type: "hidden", name, value});
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}"""


def launch_of(address: str) -> str:
    """The launch to which an activity's address belongs."""
    found = re.search(r"/a/([0-9a-f]{32})\.", address)
    assert found is not None
    return found[1]
