"""How the time that parsers take grows with the text, searches inside C included."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence

from tests.benchmarks.launching import Row
from tests.worksheets.markup.texts import PAPER_SHAPES, SHAPES
from worksheets.questions import parse_sheet

SMALL, TIMES = 4_000, 4
LEAST = 0.002  # seconds: less cannot be compared


def measure() -> list[Row]:
    """For each parser the shape that suffers most; the tests count lines of Python only."""
    from worksheets.formats.paper import to_markup

    return [
        _worst("parsing four times the text", parse_sheet, SHAPES),
        _worst("importing four times the paper", to_markup, PAPER_SHAPES),
    ]


def _worst(name: str, read: Callable[[str], object], shapes: Sequence[str]) -> Row:
    ratio, shape = max((_ratio(read, shape), shape) for shape in shapes)
    return name, f"{ratio:.1f} times as long at most, for {shape!r}"


def _ratio(read: Callable[[str], object], shape: str) -> float:
    text = shape * (SMALL // len(shape))
    return _least(read, text * TIMES) / max(_least(read, text), LEAST)


def _least(read: Callable[[str], object], text: str) -> float:
    """Of a few runs: whatever else the machine does only adds to it."""
    seconds = []
    gc.disable()
    try:
        for _ in range(3):
            begin = time.process_time()
            read(text)
            seconds.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(seconds)
