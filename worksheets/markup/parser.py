"""The parser of the worksheet language."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from .build import build
from .kinds import Grammar, KindGrammar
from .messages import Message as _
from .preamble import read_settings
from .problems import Problems
from .scan import scan
from .sheet import Part, Sheet
from .source import Extent, read_lines

MAX_BYTES = 200_000


def parse(source: str, kinds: Iterable[KindGrammar]) -> Sheet:
    """Return the sheet of any text; never raise: what is wrong is in its ``problems``.

    An answer box becomes a question of the first of the kinds that takes it.
    """
    data = source.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        message = _(
            "This text is too long: it has %(size)s kB, and a worksheet has at most %(most)s kB."
            " Divide it into several worksheets.",
            size=len(data) // 1000,
            most=MAX_BYTES // 1000,
        )
        decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        room = decoder.decode(data[:MAX_BYTES])
        problems = Problems(read_lines(room))
        problems.error("too-long", Extent(len(room), len(source)), message)
        return Sheet(title="", parts=(Part(0, ""),), problems=problems.sorted())
    lines = read_lines(source)
    problems = Problems(lines)
    settings, taken = read_settings(lines, problems)
    grammar = Grammar(kinds)
    return build(scan(lines[taken:], problems, grammar), settings, problems, grammar)
