"""From a teacher's text to a sheet."""

from __future__ import annotations

from .build import build
from .preamble import read_settings
from .problems import Problems
from .scan import scan
from .sentences import Sentence as _
from .sheet import Part, Sheet
from .source import read_lines

MOST_BYTES = 200_000


def parse(source: str) -> Sheet:
    """Read a worksheet. Takes any text and never raises: what is wrong is in ``problems``."""
    problems = Problems()
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        message = _(
            "This text is too long: %(size)s kB, and a worksheet has at most %(most)s kB."
            " Divide it into several worksheets.",
            size=size // 1000,
            most=MOST_BYTES // 1000,
        )
        problems.error("too-long", (1, 1), message)
        return Sheet(title="", parts=(Part(0, ""),), problems=problems.sorted())
    lines = read_lines(source)
    settings, taken = read_settings(lines, problems)
    return build(scan(lines[taken:], problems), settings, problems)
