"""Sheets from right to left in a browser: where the gaps and the signs stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reported import reported
from tests.worksheets.static.tool import Tool

pytestmark = pytest.mark.browser

Opened = Callable[..., Tool]

HEBREW = "הילד הלך ל___בית___ ואז ל___חנות___.\n\n[[ בית | חנות ]]"
ARABIC = "عنوان الصفحة هو ___example.org___."
# The place of each character of a paragraph's text, from the right edge of the paragraph.
PLACES = """p => {
    const right = p.getBoundingClientRect().right;
    const found = {};
    const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (walk.currentNode.parentElement !== p) continue;
        const range = document.createRange();
        range.selectNodeContents(walk.currentNode);
        found[walk.currentNode.textContent.trim()] = right - range.getBoundingClientRect().right;
    }
    for (const gap of p.querySelectorAll("select, input"))
        found[gap.name] = right - gap.getBoundingClientRect().right;
    return found;
}"""


def places(tool: Tool) -> list[str]:
    """Return the texts and the gaps of the first paragraph, from right to left."""
    found = tool.page.locator("#worksheet .part p").first.evaluate(PLACES)
    return sorted(found, key=found.__getitem__)


@reported("D1")
def test_a_hebrew_line_is_read_from_the_right_with_its_gaps_in_order(opened: Opened) -> None:
    tool = opened(HEBREW)
    assert places(tool) == ["הילד הלך ל", "g1", "ואז ל", "g2", "."]
    first = tool.page.locator("#worksheet .part p").first
    assert first.evaluate("p => getComputedStyle(p).direction") == "rtl"


@reported("D2")
def test_an_arabic_line_ends_with_its_gap_and_its_stop(opened: Opened) -> None:
    assert places(opened(ARABIC)) == ["عنوان الصفحة هو", "g1", "."]


def test_a_hebrew_bank_and_list_begin_at_the_right(opened: Opened) -> None:
    tool = opened(f"{HEBREW}\n\n- ילד\n- הלך")
    words = tool.page.locator(".bank li")
    boxes = [words.nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] > boxes[1]["x"]
    listed = tool.page.locator("#worksheet .part > ul")
    assert listed.evaluate("ul => getComputedStyle(ul).direction") == "rtl"


OPTIONS = """1. لماذا؟
(a) اقتصادي
(b) سياسي
??? 2 marks"""


def test_the_options_of_an_arabic_question_begin_at_the_right(opened: Opened) -> None:
    """Their labels are Latin letters."""
    first = opened(OPTIONS).page.locator(".choices label").first
    edges = "(label, tag) => label.querySelector(tag).getBoundingClientRect().left"
    sign, words = (first.evaluate(edges, tag) for tag in ("input", "span"))
    assert sign > words
