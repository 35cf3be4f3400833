"""The parser of the worksheet language."""

from __future__ import annotations

from collections.abc import Iterable

from .build import build
from .kinds import Grammar, KindGrammar
from .messages import Message as _
from .preamble import read_settings
from .problems import Problems
from .scan import scan
from .sheet import Part, Sheet
from .source import read_lines

MAX_BYTES = 200_000


def parse(source: str, kinds: Iterable[KindGrammar]) -> Sheet:
    """Return the sheet of any text; never raise: what is wrong is in its ``problems``.

    An answer box becomes a question of the first of the kinds that takes it.
    """
    problems = Problems()
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = _(
            "This text is too long: it has %(size)s kB, and a worksheet has at most %(most)s kB."
            " Divide it into several worksheets.",
            size=size // 1000,
            most=MAX_BYTES // 1000,
        )
        problems.error("too-long", (1, 1), message)
        return Sheet(title="", parts=(Part(0, ""),), problems=problems.sorted())
    lines = read_lines(source)
    settings, taken = read_settings(lines, problems)
    grammar = Grammar(kinds)
    return build(scan(lines[taken:], problems, grammar), settings, problems, grammar)
