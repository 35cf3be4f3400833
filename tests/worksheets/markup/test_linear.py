"""Time grows with the length of the text, for shapes that parsers have stumbled over."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from worksheets.markup import parse

pytestmark = pytest.mark.slow

SMALL = 4_000
SHAPES = [
    "______",
    "___a ",
    "___a___ ",
    "_ ",
    "*a ",
    "**a",
    "*a* ",
    "[",
    "[a](",
    "[a](https://b.c)",
    "![",
    "[^1] ",
    "`a",
    "<a",
    "\\_",
    ". . ",
    "a ??? b\n",
    "???\n",
    "???\nmodel: a\n",
    "- a\n",
    "- ",
    "> ",
    "1. a\n",
    "(a) x\n",
    "(a) x\n(b) y\n",
    "A. x > y\n",
    "A. x > y\n???\n",
    "A. x > y\n??? which\n",
    "[[ a\n",
    "[[ a ]]\n____\n",
    "## a\n[[ * | b ]]\n___a___\n",
    "| a | b |\n|---|---|\n",
    "|",
    "| ___a \\| b___ ",
    "[^1]\n\n[^1]: a\n",
    "# a\n",
    "\n",
    " ",
    "___a | !b: c___ ",
    "___~a*b*c___ ",
    "___&g:#1 ±1___ ",
    "![]( ",
]


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """What else lies in memory must not be part of the time."""
    gc.disable()
    yield
    gc.enable()


def cost(source: str) -> float:
    """The least time of a few runs: whatever else the machine does only adds to it."""
    times = []
    for _ in range(3):
        start = time.process_time()
        parse(source)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("before", ["", "- ___x "])
def test_four_times_the_text_takes_about_four_times_as_long(shape: str, before: str) -> None:
    times = SMALL // len(shape)
    small, large = (cost(before + shape * (times * n)) for n in (1, 4))
    # Quadratic would be 16 times; what takes no time at all cannot be compared.
    assert large < max(small, 0.002) * 9


def test_a_picture_that_does_not_end_costs_no_more_than_a_link_that_does_not() -> None:
    """Each looks ahead, and none over what the next one looks over again."""
    assert cost("![" * SMALL) < cost("[" * SMALL * 2) * 2
