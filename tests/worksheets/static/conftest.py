"""A page in a real Chromium, at a tool that each test arranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.worksheets.static.tool import Tool


@pytest.fixture
def context(real_browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own: what one test keeps on the device is not there for another."""
    context = real_browser.new_context(has_touch=True)
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext) -> Iterator[Callable[[str], Tool]]:
    """Opens a worksheet, given as text, on the page that pupils fill in; its clock stands still."""
    tools: list[Tool] = []

    def open_page(source: str, **values: str) -> Tool:
        tool = Tool(context.new_page(), source, **values)
        tools.append(tool)
        tool.open()
        return tool

    yield open_page
    for tool in tools:
        assert tool.complaints == []
