"""The small picture of a sheet."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worksheets.questions import parse_sheet
from worksheets.rendering.miniature import HEIGHT, WIDTH, miniature

BLOCKS = st.sampled_from(
    [
        "# The causes\n\n",
        "## Part\n\n",
        "Japan took ___Manchuria___ in ___#1931___, and nobody stopped it.\n\n",
        "word " * 200 + "\n\n",
        "- one\n- two ___a___\n\n",
        "> quoted\n\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
        "[[ Abyssinia | Manchuria ]]\n\n",
        "Why?\n\n??? 2 marks\n\n",
        "(a) one\n\n(b) two\n\n",
        "![map](map.png)\n\n",
    ]
)


def kinds(source: str) -> list[str]:
    """What is drawn."""
    return re.findall('<path class="([a-z]+)"', miniature(parse_sheet(source)))


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("# Title\n", ["title"]),
        ("## Part\n", ["heading"]),
        ("Japan took ___Manchuria___.\n", ["text", "gap"]),
        ("| Year | Place |\n|---|---|\n| 1931 | ___Japan___ |\n", ["text", "gap"]),
        ("Took ___Ruhr___.\n\n[[ Ruhr | Saar ]]\n", ["text", "gap", "bank"]),
        ("Why?\n\n??? 2 marks\n", ["text", "box"]),
        ("", []),
    ],
)
def test_each_thing_is_drawn_as_what_it_is(source: str, drawn: list[str]) -> None:
    assert kinds(source) == drawn


@given(st.lists(BLOCKS, max_size=30).map("".join))
@example("word " * 2000)
def test_nothing_is_drawn_beside_the_paper(source: str) -> None:
    picture = miniature(parse_sheet(source))
    for x, y in re.findall(r"M(\d+) (\d+)", picture):
        assert (0 <= int(x) < WIDTH, 0 <= int(y) < HEIGHT) == (True, True)
    for x, length in re.findall(r"M(\d+) \d+h(\d+)", picture):
        assert int(x) + int(length) <= WIDTH


def test_what_is_typed_never_reaches_the_picture() -> None:
    assert "script" not in miniature(parse_sheet("# <script>\n\n`<script>` ___script___\n"))
