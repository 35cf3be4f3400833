"""A page in a real Chromium, at a tool that each test arranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.worksheets.static.tool import ORIGIN, Tool, fill_page, sheet_document


@pytest.fixture
def context(real_browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own: what one test keeps on the device is not there for another."""
    context = real_browser.new_context(has_touch=True)
    yield context
    context.close()


@pytest.fixture
def opened_page(context: BrowserContext) -> Iterator[Callable[[str, str], Tool]]:
    """Opens the HTML of a page; its clock stands still."""
    tools: list[Tool] = []

    def open_page(html: str, origin: str = ORIGIN) -> Tool:
        tool = Tool(context.new_page(), html, origin)
        tools.append(tool)
        tool.open()
        return tool

    yield open_page
    for tool in tools:
        assert tool.complaints == []


@pytest.fixture
def opened(opened_page: Callable[[str, str], Tool]) -> Callable[..., Tool]:
    """Opens a worksheet, given as text, on the page that pupils fill in."""

    def open_sheet(source: str, origin: str = ORIGIN, **values: str) -> Tool:
        return opened_page(fill_page(sheet_document(source, values)), origin)

    return open_sheet
