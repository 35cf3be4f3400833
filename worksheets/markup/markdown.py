"""markdown-it, configured for worksheets: for running text only, ``flow`` reads blocks.

Markdown's own blocks lose gaps in a paper's text: a line of underscores becomes a rule,
four spaces make code, '1936. was' a list. Within a line its rules fit.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cache

from cachetools import LRUCache, cached
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from . import gaps

FOOTNOTE = "footnote_ref"
FORMULA = "formula"
PICTURE = "picture"

_REFERENCE = re.compile(r"\[\^([^\s\]]{1,40})\]")
# Bounded, and without another opening in it: a text full of openings is read in one pass.
_PICTURE = re.compile(r"!\[((?:\\.|!(?!\[)|[^\]\\\n!]){0,500})\]\([^()\n]{0,500}\)")
_FORMULA = re.compile(r"\\\(([^\n]{1,600}?)\\\)")
# Only links nest here, and they are refused; to look ahead deeper only costs time.
_MAX_NESTING = 4
_RULES = ["text", "newline", "escape", "backticks", "emphasis", "link", "autolink"]
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)


@cache
def markdown() -> MarkdownIt:
    """Return the configured parser. It keeps nothing between two texts, so all share one."""
    md = MarkdownIt("zero", {"maxNesting": _MAX_NESTING}).enable(_RULES, ignoreInvalid=True)
    md.inline.ruler2.enable(["balance_pairs", "emphasis", "fragments_join"])
    gaps.install(md)
    md.inline.ruler.before("escape", FORMULA, _formula_rule)
    md.inline.ruler.before("link", FOOTNOTE, _footnote_rule)
    md.inline.ruler.before("link", PICTURE, _picture_rule)
    # An attribute for instances to set, in markdown-it; mypy sees a method.
    md.validateLink = lambda url: bool(_SAFE_LINK.match(url))  # type: ignore[method-assign]
    return md


# The tokens of texts of this length at most are kept, and so many bytes of them, about: an editor
# has a whole sheet read again where one paragraph has changed.
_MAX_LENGTH = 2_000
_MAX_KEPT = 8_000_000
_SIZE_OF_TOKEN = 500


def inline_tokens(text: str, footnotes: frozenset[str]) -> Sequence[Token]:
    """Return the tokens of one running text; ``footnotes`` are the labels that have a note.

    They are others' too, and never changed.
    """
    if len(text) > _MAX_LENGTH:
        return _tokens(text, footnotes)
    return _kept_tokens(text, footnotes & set(_REFERENCE.findall(text)))[1]


@cached(LRUCache(_MAX_KEPT, getsizeof=lambda row: row[0]), condition=threading.Condition())
def _kept_tokens(text: str, footnotes: frozenset[str]) -> tuple[int, Sequence[Token]]:
    tokens = _tokens(text, footnotes)
    return len(text) + _SIZE_OF_TOKEN * (len(tokens) + 1), tokens


def _tokens(text: str, footnotes: frozenset[str]) -> Sequence[Token]:
    tokens: list[Token] = []
    md = markdown()
    md.inline.parse(text, md, {"footnotes": footnotes}, tokens)
    return tuple(tokens)


def _footnote_rule(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        known = match[1] in state.env["footnotes"]
        token = state.push(FOOTNOTE if known else gaps.STRAY, "", 0)
        token.content = match[0]
        token.meta = {
            "start": state.pos,
            "end": match.end(),
            "label": match[1],
            "code": "missing-footnote",
        }
    state.pos = match.end()
    return True


def _formula_rule(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push(FORMULA, "", 0)
        token.content = match[1]
        token.meta = {"start": state.pos, "end": match.end()}
    state.pos = match.end()
    return True


def _picture_rule(state: StateInline, silent: bool) -> bool:
    match = _PICTURE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push(PICTURE, "", 0)
        token.content = match[1]
        token.meta = {"start": state.pos, "end": match.end()}
    state.pos = match.end()
    return True
