"""A real Chromium, for tests that are marked ``browser``.

Playwright is imported where it is needed: most runs do without.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# A browser that talks to nobody but our servers.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's event loop would keep the database from the tests that come after."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as started:
        yield started


def find_chromium() -> str:
    """Return the path of the browser; '' for playwright's own."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return ""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; '' for playwright's own."""
    return find_chromium()


@pytest.fixture(scope="session")
def real_browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    from playwright.sync_api import Error

    try:
        launched = playwright.chromium.launch(executable_path=chromium or None, args=ARGUMENTS)
    except Error as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Chromium here: {str(error).splitlines()[0]}")
    yield launched
    launched.close()
