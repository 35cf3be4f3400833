"""Browsers that block cookies, and what was really done in them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.chromium import ARGUMENTS
from tests.journeys.people import PATIENCE, Demo

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
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def blocked_in_frames(demo: Demo) -> dict[str, Any]:
    """All cookies of the tool are blocked inside the LMS's pages, and only there."""
    rule = f"{demo.tool},{demo.lms}"
    return {"content_settings": {"exceptions": {"cookies": {rule: {"setting": 2}}}}}


def launch_requests(context: BrowserContext, demo: Demo) -> list[str]:
    """Collects the addresses of the tool's login and of both LMSs' authorisation."""
    watched = (
        f"{demo.tool}/lti/",
        f"{demo.lms}/lti/auth",
        f"{demo.lms}/canvas/api/lti/authorize",
    )
    seen: list[str] = []
    context.on(
        "request",
        lambda request: seen.append(request.url) if request.url.startswith(watched) else None,
    )
    return seen


def authorisations(requests: list[str]) -> int:
    """How often the LMS's authorisation address was opened by the tool's redirect."""
    return sum("scope=openid" in url for url in requests)


def tool_cookies(context: BrowserContext, demo: Demo) -> list[Any]:
    """The browser keys that the browser keeps."""
    return [c for c in context.cookies(demo.tool) if c["name"].startswith(COOKIE)]


def ways(demo: Demo) -> list[str]:
    """The way of each accepted launch as the tool has it on record, oldest first."""
    with closing(sqlite3.connect(f"file:{demo.folder / 'tool.sqlite3'}?mode=ro", uri=True)) as rows:
        found = rows.execute("SELECT way FROM lti_tool_storedlaunch ORDER BY created_at")
        return [row[0] for row in found]


def manage_tool(demo: Demo, *arguments: str) -> str:
    """What one of the tool's management commands prints, on the demo's database."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
        "SECRET_KEY": (demo.folder / "secret-key").read_text(),
        "PUBLIC_URL": demo.tool,
        "DATABASE_URL": f"sqlite:///{demo.folder / 'tool.sqlite3'}",
        "LTI_ALLOW_PRIVATE_HOSTS": "1",
    }
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


MAKE_OPERATOR = """
from django.contrib.auth.models import User
if not User.objects.filter(username="operator").exists():
    User.objects.create_superuser("operator", password="of-the-demo")
"""


def operator(page: Page, demo: Demo) -> None:
    """Sign in at the tool's own administration."""
    manage_tool(demo, "shell", "-c", MAKE_OPERATOR)
    page.goto(f"{demo.tool}/admin/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("of-the-demo")
    page.get_by_role("button", name="Log in").click()
