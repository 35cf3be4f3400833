"""Steps that people take: sign in to the LMS, open the worksheet, fill it in."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

PATIENCE = 60_000  # milliseconds for anything to come
TEACHER = "Ruth Adeyemi"
CAUSES, OWN = 1, 2
CANVAS_COURSE, IN_CANVAS = 4, 5
# The sample's gaps, in reading order.
RIGHT = [
    "collectivisation",
    "Right Opposition",
    "Fourth International",
    "Comintern",
    "Manchuria",
    "Abyssinia",
    "Rhineland",
    "Anti-Comintern Pact",
]


@dataclass(frozen=True)
class Demo:
    """Where the two servers are, and what the LMS's gradebook holds."""

    lms: str
    tool: str
    folder: Path
    log: Path

    def state(self) -> Any:
        """Everything the LMS knows."""
        with urllib.request.urlopen(f"{self.lms}/state.json") as answer:
            return json.load(answer)

    def grade(self, link: int, user: int) -> Any:
        """One person's cell in a link's column, or None."""
        cells = self.state()["grades"]
        rows = [g for g in cells if (g["link"], g["user"]) == (str(link), str(user))]
        return rows[0] if rows else None

    def wait_for_grade(self, link: int, user: int, comment: str, seconds: float = 90) -> Any:
        """The cell, once its comment holds these words."""
        end = time.monotonic() + seconds
        grade = None
        while time.monotonic() < end:
            grade = self.grade(link, user)
            if grade and comment in (grade["comment"] or ""):
                return grade
            time.sleep(0.1)
        raise AssertionError(f"no such grade: {grade}")

    def faults(self, faults: dict[str, str]) -> None:
        """Let the LMS's services fail."""
        request = urllib.request.Request(
            f"{self.lms}/faults",
            data=json.dumps(faults).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request):
            pass


def new_person(browser: Browser, **options: Any) -> BrowserContext:
    """A fresh browser profile; a page of ours that breaks the CSP fails the test."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(PATIENCE)
    return context


def watch(page: Page, allowed: tuple[str, ...]) -> list[str]:
    """Collects what must not happen: script errors, broken policies, other hosts."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}")
            if message.type == "error" and "Content Security" in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(allowed) else complaints.append(f"host: {request.url}")
        ),
    )
    return complaints


def sign_in(page: Page, demo: Demo, name: str) -> None:
    """One click on the LMS's front page."""
    page.goto(f"{demo.lms}/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(re.compile("/courses/"))


def open_activity(page: Page, demo: Demo, number: int) -> Frame:
    """The activity in its frame, as far as the tool's own page."""
    page.goto(f"{demo.lms}/activities/{number}/")
    return activity_frame(page)


def activity_frame(page: Page, path: str = "/a/") -> Frame:
    """The frame, once it shows a page of the tool below this path."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for frame in page.frames:
            if frame.parent_frame and path in frame.url:
                frame.wait_for_load_state("load")
                return frame
        page.wait_for_timeout(50)
    raise AssertionError([frame.url for frame in page.frames])


def enter(page: Page, demo: Demo, name: str, number: int) -> Frame:
    """Sign in and open."""
    sign_in(page, demo, name)
    return open_activity(page, demo, number)


def saved(frame: Frame | Page) -> None:
    """Wait until the page says that typing is saved."""
    expect(frame.locator("[data-save-state]")).to_have_text("Saved")


def gap_list(frame: Frame | Page, number: int) -> Locator:
    """The list of a gap: it holds the answer, with a button above it or without a script."""
    return frame.locator(f"select[name='g{number}']")


def submit(frame: Frame | Page) -> None:
    """Through the look at what is empty, to the result."""
    # By the keyboard: an LMS that lets the frame grow moves the button under the pointer.
    frame.get_by_role("button", name="Check and submit").press("Enter")
    frame.get_by_role("button", name=re.compile("^Submit")).press("Enter")
    expect(frame.get_by_role("heading", name="Submitted")).to_be_visible()


def begin_with_sample(page: Page | Frame, title: str = "Why did Stalin turn to terror?") -> None:
    """On the library, or the page to choose: its samples are folded away for who has worksheets."""
    fold = page.get_by_text("Start with a sample worksheet")
    fold.wait_for()
    # Browsers put a space where hidden text begins.
    button = page.get_by_role("button", name=re.compile(rf"^Use a copy ?: {re.escape(title)}"))
    if not button.is_visible():
        fold.click()
    button.click()
