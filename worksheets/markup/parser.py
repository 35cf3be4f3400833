"""The parser of the worksheet language."""

from __future__ import annotations

import codecs
import threading
from collections.abc import Iterable, Sequence

from cachetools import LRUCache, cached

from .build import build
from .kinds import Grammar, KindGrammar
from .messages import Message as _
from .preamble import read_settings
from .problems import Problems
from .scan import scan
from .sheet import Part, Sheet
from .source import Extent, Line, read_lines

MAX_BYTES = 200_000
MAX_LINES = 5_000  # that have something on them

# Characters of the texts whose sheets are kept. A press on a page changes a text and checks what
# has become of it, in several steps that read the same two texts. It is no more than two of the
# longest, of which a sheet takes up to a hundred times as much.
_MAX_KEPT = 2 * MAX_BYTES
_MIN_SIZE = 500  # that a text counts as: the sheet of a short one takes more than its share


def parse(source: str, kinds: Iterable[KindGrammar]) -> Sheet:
    """Return the sheet of any text; never raise: what is wrong is in its ``problems``.

    An answer box becomes a question of the first of the kinds that takes it. The sheets of the
    texts that were read last are kept.
    """
    return _kept(source, tuple(kinds))[1]


@cached(LRUCache(_MAX_KEPT, getsizeof=lambda row: row[0]), condition=threading.Condition())
def _kept(source: str, kinds: Sequence[KindGrammar]) -> tuple[int, Sheet]:
    return max(len(source), _MIN_SIZE), read(source, kinds)


def read(source: str, kinds: Iterable[KindGrammar]) -> Sheet:
    """Return what ``parse`` does, read anew."""
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
    _check(lines, problems)
    return build(scan(lines[taken:], problems, grammar), settings, problems, grammar)


def _check(lines: Sequence[Line], problems: Problems) -> None:
    written = [line for line in lines if not line.blank]
    if len(written) > MAX_LINES:
        message = _(
            "A worksheet has at most %(most)s lines with something on them, this one has %(n)s."
            " Divide it into several worksheets.",
            most=MAX_LINES,
            n=len(written),
        )
        problems.error("too-many-lines", written[MAX_LINES].extent, message)
