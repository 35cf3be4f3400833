"""Launches where cookies are blocked; each asserts the path that was really taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.journeys.people import ARGUMENTS, CAUSES, Demo, activity_frame, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COOKIE = "__Host-lti-browser"


@contextmanager
def profile(
    playwright: Playwright, chromium: str, folder: Path, preferences: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A Chromium whose cookie settings are those of the given preferences."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}))
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium or None, args=ARGUMENTS, headless=True
    )
    try:
        yield context
    finally:
        context.close()


def blocked_in_frames(demo: Demo) -> dict[str, Any]:
    """All cookies of the tool are blocked inside the LMS's pages, and only there."""
    rule = f"{demo.tool},{demo.lms}"
    return {"content_settings": {"exceptions": {"cookies": {rule: {"setting": 2}}}}}


def launch_requests(context: BrowserContext, demo: Demo) -> list[str]:
    """Collects the addresses of the tool's login and the LMS's authorisation."""
    seen: list[str] = []
    context.on(
        "request",
        lambda request: (
            seen.append(request.url)
            if request.url.startswith((f"{demo.tool}/lti/", f"{demo.lms}/lti/auth"))
            else None
        ),
    )
    return seen


def test_third_party_cookies_blocked_the_partitioned_cookie_carries_the_launch(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
) -> None:
    with profile(playwright, chromium, tmp_path / "p", {"cookie_controls_mode": 1}) as context:
        page = context.new_page()
        requests = launch_requests(context, calm)
        sign_in(page, calm, "Amina Abdullahi")
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        activity_frame(page)
        cookies = [c for c in context.cookies(calm.tool) if c["name"] == COOKIE]
        assert [c.get("partitionKey") is not None for c in cookies] == [True]
        assert sum("cookie_check=1" in url for url in requests) == 1  # once to ourselves
        assert sum("/lti/auth" in url for url in requests) == 1


def test_all_cookies_of_the_tool_blocked_the_new_tab_works(
    playwright: Playwright, chromium: str, calm: Demo, tmp_path: Path
) -> None:
    with profile(playwright, chromium, tmp_path / "p", blocked_in_frames(calm)) as context:
        page = context.new_page()
        requests = launch_requests(context, calm)
        sign_in(page, calm, "Amina Abdullahi")
        page.goto(f"{calm.lms}/activities/{CAUSES}/")
        frame = activity_frame(page, "/lti/login/")
        button = frame.get_by_role("link", name="Open the worksheet in a new tab")
        expect(button).to_be_visible()
        # The LMS's address works once: it must not have been used up in the frame.
        assert not any("/lti/auth" in url for url in requests)
        with context.expect_page() as opened:
            button.click()
        tab = opened.value
        tab.wait_for_url(f"{calm.tool}/a/**")
        expect(tab.get_by_role("heading", level=1).first).to_be_visible()
        assert sum("/lti/auth" in url for url in requests) == 1
        tab.reload()
        expect(tab.get_by_role("heading", level=1).first).to_be_visible()


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
        has_cookie = any(c["name"] == COOKIE for c in context.cookies(calm.tool))
        assert has_cookie is not is_blocked
        assert ("/a/" in frame.url) is not is_blocked
