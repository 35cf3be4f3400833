"""text-area.js: a place in a text that somebody goes on writing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.worksheets.static.tool import Tool

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a ____ b", "a ____ b", "____"),
        ("____", "____", "____"),
        ("a ____ b", "xyz a ____ b", "____"),
        ("a ____ b", "____ b", None),  # the change goes as far as the gap
        ("xa ____ b", "a ____ b", "____"),
        ("a ____ b c", "a ____ b", "____"),
        ("a ____ b", "a ____ b c", "____"),
        ("a ____ b", "a ___x___ b", None),
        ("a ____ b", "a _____ b", None),
        ("a ____ b", "a b", None),
        ("a ____ b", "", None),
        ("a ____ b", "x ____ y", None),  # two changes are one that goes from one to the other
        ("a ____ b", "😀 a ____ b", "____"),
    ],
)
def test_a_place_is_found_again_unless_it_was_changed(
    opened: Callable[..., Tool], before: str, after: str, found: str | None
) -> None:
    tool = opened("____")
    start = before.index("____")
    text = tool.page.evaluate(
        """async ([address, before, after, extent]) => {
            const { follow } = await import(address);
            const found = follow(before, after, extent);
            return found && after.slice(...found);
        }""",
        [tool.address("worksheets/text-area.js"), before, after, [start, start + 4]],
    )
    assert text == found
