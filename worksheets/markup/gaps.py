"""The inline rule for markdown-it that finds gaps in running text.

A run of underscores is read as a whole, once, so that no other rule ever sees a part
of it: underscores make gaps or stay as they are, and never emphasis.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from .lines import DOTTED, dots

GAP = "gap"
STRAY = "stray"
MARKS = "___"  # before a gap's key and after it

_RUN = re.compile(r"_+|[.…]+")
# What stands between the marks: anything on the line but another run of three or more.
# No possessive '++' here: Python 3.11.2, which Debian ships, gets it wrong around a choice.
_KEY = re.compile(r"((?:\\[^\n]|__?(?!_)|[^\\_\n]|\\(?=\n|\Z))+)___(?!_)")
# What may follow '___' that is a gap by itself: the end, a space, or punctuation and then one.
FREE_AFTER = re.compile(r"[.,;:?!)\]»”’\"'…*%]*+(?:\s|\Z)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"]*", re.IGNORECASE)


def gap_rule(state: StateInline, silent: bool) -> bool:
    """Turn ``___answer___``, ``______`` and ``........`` into gap tokens."""
    run = _RUN.match(state.src, state.pos, state.posMax)
    if run is None:
        return False
    end = run.end()
    if _is_literal(state):
        return _text(state, end, silent)
    if run[0][0] != "_":
        if dots(run[0]) >= DOTTED:
            return _gap(state, end, None, silent)
        return _text(state, end, silent)
    if len(run[0]) < 3:
        return _text(state, end, silent)
    if len(run[0]) > 3 or _stands_free(state, end):
        return _gap(state, end, None, silent)
    key = _KEY.match(state.src, end, state.posMax)
    if key and not key[1][0].isspace() and not key[1][-1].isspace():
        return _gap(state, key.end(), key[1], silent)
    return _stray(state, end, silent)


def install(md: MarkdownIt) -> None:
    """Add the rule to a parser, before its rule for emphasis."""
    for char in ".…":
        md.inline.add_terminator_char(char)
    md.inline.ruler.before("emphasis", GAP, gap_rule)


def _is_literal(state: StateInline) -> bool:
    """Return whether a run is part of an address, or goes on from an escaped character."""
    before = state.src[state.pos - 1] if state.pos else ""
    if before == state.src[state.pos] and state.src[state.pos - 2 : state.pos - 1] == "\\":
        return True
    starts, ends = _addresses(state)
    index = bisect_right(starts, state.pos) - 1
    return index >= 0 and state.pos < ends[index]


def _addresses(state: StateInline) -> tuple[list[int], list[int]]:
    source, starts, ends = state.env.get("addresses", ("", [], []))
    if source is not state.src:
        found = list(_ADDRESS.finditer(state.src))
        starts, ends = [match.start() for match in found], [match.end() for match in found]
        state.env["addresses"] = (state.src, starts, ends)
    return starts, ends


def _stands_free(state: StateInline, end: int) -> bool:
    """Return whether '___' follows no letter or digit, and only punctuation stands after it."""
    before = state.src[state.pos - 1] if state.pos else " "
    return not before.isalnum() and bool(FREE_AFTER.match(state.src, end, state.posMax))


def _gap(state: StateInline, end: int, key: str | None, silent: bool) -> bool:
    if not silent:
        token = state.push(GAP, "", 0)
        token.meta = {"start": state.pos, "end": end, "key": key}
    state.pos = end
    return True


def _stray(state: StateInline, end: int, silent: bool) -> bool:
    """Add three underscores that are no gap: as text, or as a token that becomes a problem."""
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    if before.isalnum() and after.isalnum():  # a name such as snake___case
        return _text(state, end, silent)
    if not silent:
        token = state.push(STRAY, "", 0)
        token.content = state.src[state.pos : end]
        token.meta = {
            "start": state.pos,
            "end": end,
            "code": "glued-underscores" if before.isalnum() else "unclosed-gap",
        }
    state.pos = end
    return True


def _text(state: StateInline, end: int, silent: bool) -> bool:
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True
