"""The reader of running text: it makes inline nodes of markdown-it's tokens and counts gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from worksheets.words.settings import Settings

from .formulas import FormulaError, to_mathml
from .gaps import GAP, MARKS, STRAY
from .keys import Key, one_space, read_key, unescape
from .markdown import FOOTNOTE, FORMULA, PICTURE, inline_tokens
from .messages import Message
from .messages import Message as _
from .problems import Problems
from .sheet import (
    Code,
    Emphasis,
    FootnoteRef,
    Formula,
    Gap,
    GapRef,
    Inline,
    LineBreak,
    Link,
    Strong,
    Text,
)
from .source import Extent, Span

BLANK = "____"
WORDS_BEFORE, CHARACTERS_BEFORE = 3, 60  # of the text before a gap, to name it in a message
MAX_GLUED = 30  # letters of a word with a gap in it
MAX_DEPTH = 8  # levels of emphasis; limited because functions that walk the tree recurse

_STRAY = {
    "glued-underscores": _(
        "Three underscores at the end of a word are not a gap. Put a space before them, or use four"
        " or more."
    ),
    "unclosed-gap": _(
        "This gap is not closed: write ___answer___ on one line, without a space just inside (in a"
        " table, '\\|' between its answers)."
    ),
    "missing-footnote": _("There is no footnote with this name. Write it as '[^1]: text'."),
}
# Not of scripts that write words without spaces between them.
_LETTER = r"[^\W\d_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_LETTERS = re.compile(rf"{_LETTER}+")
_LETTERS_AT_END = re.compile(rf"(?<!{_LETTER}){_LETTER}+\Z")
# Markdown's stars, where they may be meant for 'times'.
_STARS = re.compile(r"(?<=\d)\*{1,2}(?=\d)[^*\n]{1,80}\*")
_WARNINGS = {"glued-underscores", "repeated-answer"}


class Reader:
    """A reader of running text, which knows the gaps and footnotes of the sheet so far."""

    def __init__(self, problems: Problems, labels: Iterable[str], settings: Settings) -> None:
        self.problems = problems
        self.settings = settings
        self.gaps: list[Gap] = []
        self.part = 0
        self.mentioned: dict[str, int] = {}
        self._labels = frozenset(labels)

    def read(
        self, text: Span, no_gaps: Message | None = None, footnotes: bool = True
    ) -> tuple[Inline, ...]:
        """Return the nodes of a text; ``no_gaps`` says why gaps cannot stand in it, if so."""
        tokens = inline_tokens(text.text, self._labels if footnotes else frozenset())
        stars = _STARS.search(text.text)
        if stars and any(token.type in ("em_open", "strong_open") for token in tokens):
            message = _(
                "Pupils do not see these stars: they make the text between them stand out. To"
                " multiply, write '\\*' or '×'."
            )
            self.problems.warning("stars-at-figures", text.extent_of(*stars.span()), message)
        return _Tree(self, text, no_gaps).build(tokens)

    def gap(self, extent: Extent, key: Key, before: str, glued: tuple[str, str]) -> GapRef:
        """Add a gap and return its reference; its bank is found when the sheet is complete.

        ``before`` are the words before it, which name it for the teacher, ``glued`` the letters of
        its own word that stand on either side.
        """
        number = len(self.gaps) + 1
        line, column = self.problems.place(extent.start)
        gap = Gap(
            key=f"g{number}",
            number=number,
            part=self.part,
            accepted=tuple(key.accepted),
            anticipated=tuple(key.anticipated),
            mode=key.mode,
            tolerance=key.tolerance,
            group=key.group,
            offers_choices=key.offers_choices,
            hint=key.hint,
            feedback_right=key.feedback_right,
            feedback_wrong=key.feedback_wrong,
            marks=key.marks,
            before=glued[0],
            after=glued[1],
            line=line,
            column=column,
            extent=extent,
        )
        self.gaps.append(gap)
        if not gap.accepted:
            message = (
                _("Gap %(n)s (… %(before)s ▁▁) has no answer yet.", n=number, before=before)
                if before
                else _("Gap %(n)s has no answer yet.", n=number)
            )
            self.problems.error("gap-without-key", extent, message)
        return GapRef(gap.key)

    def extent(self, gap: GapRef) -> Extent:
        """Return where a gap stands in the source."""
        return self.gaps[int(gap.key[1:]) - 1].extent

    def footnote(self, label: str) -> FootnoteRef:
        """Return a mention of a footnote; footnotes are numbered in the order of first mention."""
        return FootnoteRef(self.mentioned.setdefault(label, len(self.mentioned) + 1))


@dataclass(slots=True)
class _Tree:
    """The builder of one text's nested nodes from its flat tokens."""

    reader: Reader
    text: Span
    no_gaps: Message | None

    def build(self, tokens: Sequence[Token]) -> tuple[Inline, ...]:
        stack: list[tuple[Token | None, list[Inline]]] = [(None, [])]
        deeper = 0
        for token in tokens:
            if token.nesting == 0:
                stack[-1][1].extend(self._leaf(token))
            elif token.nesting > 0 and len(stack) > MAX_DEPTH:
                deeper += 1
            elif token.nesting > 0:
                stack.append((token, []))
            elif deeper:
                deeper -= 1
            else:
                opening, children = stack.pop()
                stack[-1][1].extend(self._wrap(opening, merge(children)))
        return _trim(merge(stack[0][1]))

    def _wrap(self, opening: Token | None, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        if opening is None or not children:
            return children
        if opening.type != "link_open":
            return (Strong(children) if opening.type == "strong_open" else Emphasis(children),)
        if gap := next(_gaps(children), None):
            message = _("A gap cannot be part of a link.")
            self.reader.problems.error("gap-in-link", self.reader.extent(gap), message)
            return children
        return (Link(str(opening.attrs["href"]), children),)

    def _leaf(self, token: Token) -> Iterator[Inline]:
        if token.type == GAP:
            yield self._gap(token)
        elif token.type == FOOTNOTE:
            yield self.reader.footnote(token.meta["label"])
        elif token.type == "hardbreak":
            yield LineBreak()
        elif token.type == "code_inline":
            yield Code(token.content)
        elif token.type == PICTURE:
            yield self._picture(token)
        elif token.type == FORMULA:
            yield self._formula(token)
        else:
            if token.type == STRAY:
                code = token.meta["code"]
                self._report(code, token.meta["start"], token.meta["end"], _STRAY[code])
            yield Text(" " if token.type == "softbreak" else token.content)

    def _gap(self, token: Token) -> Inline:
        start, end = token.meta["start"], token.meta["end"]
        if self.no_gaps:
            self._report("gap-not-here", start, end, self.no_gaps)
            return Text(BLANK)
        content = token.meta["key"]
        extent = self.text.extent_of(start, end)
        if content is None:
            return self.reader.gap(
                extent, Key(), self._words_before(start), self._glued(start, end)
            )
        inside = start + len(MARKS)

        def report(code: str, start: int, end: int, message: Message) -> None:
            self._report(code, inside + start, inside + end, message)

        key = read_key(content, self.reader.settings, report)
        return self.reader.gap(extent, key, self._words_before(start), self._glued(start, end))

    def _glued(self, start: int, end: int) -> tuple[str, str]:
        """Return the letters directly before and after a gap, which belong to the same word."""
        text = self.text.text
        before = _LETTERS_AT_END.search(text, max(0, start - MAX_GLUED), start)
        after = _LETTERS.match(text, end, end + MAX_GLUED)
        return before[0] if before else "", after[0] if after else ""

    def _words_before(self, start: int) -> str:
        """Return the last words between the gap before, or the text's beginning, and a gap."""
        text = self.text.text[max(0, start - CHARACTERS_BEFORE) : start]
        return " ".join(text.rpartition("___")[2].split()[-WORDS_BEFORE:])

    def _picture(self, token: Token) -> Inline:
        message = _("Put a picture on a line of its own: ![what it shows](name.png).")
        self._report("picture-in-text", token.meta["start"], token.meta["end"], message)
        # A gap written inside the picture's text must not show its answer.
        return Text(BLANK if "___" in token.content else unescape(token.content))

    def _formula(self, token: Token) -> Inline:
        start, end = token.meta["start"], token.meta["end"]
        if "___" in token.content:
            self._report("gap-in-formula", start, end, _("A gap cannot be part of a formula."))
            return Text(BLANK)
        formula = Formula(one_space(token.content))
        try:
            to_mathml(formula.source)
        except FormulaError:
            message = _(
                "This formula cannot be shown. Between '\\(' and '\\)' stands LaTeX, such as"
                " '\\(x^2\\)'. If it is no formula, write '(' without a backslash."
            )
            self._report("bad-formula", start, end, message)
            return Text(token.content)
        return formula

    def _report(self, code: str, start: int, end: int, message: Message) -> None:
        problems, extent = self.reader.problems, self.text.extent_of(start, end)
        (problems.warning if code in _WARNINGS else problems.error)(code, extent, message)


def plain(nodes: Iterable[Inline]) -> str:
    """Return the text of nodes, for labels: a gap is a blank, a footnote's mark is left out."""
    return " ".join("".join(_plain(nodes)).split())


def _plain(nodes: Iterable[Inline]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(text) | Code(text) | Formula(text):
                yield text
            case LineBreak():
                yield " "
            case GapRef():
                yield BLANK
            case Emphasis(children) | Strong(children) | Link(children=children):
                yield from _plain(children)
            case FootnoteRef():
                pass


def has_gap(nodes: Iterable[Inline]) -> bool:
    """Return whether a gap stands among the nodes."""
    return next(_gaps(nodes), None) is not None


def _gaps(nodes: Iterable[Inline]) -> Iterator[GapRef]:
    for node in nodes:
        if isinstance(node, GapRef):
            yield node
        elif isinstance(node, Emphasis | Strong):
            yield from _gaps(node.children)


def merge(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return the nodes with neighbouring texts joined and without empty ones."""
    merged: list[Inline] = []
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            texts.append(node.text)
            continue
        if joined := "".join(texts):
            merged.append(Text(joined))
        texts.clear()
        merged.append(node)
    if joined := "".join(texts):
        merged.append(Text(joined))
    return tuple(merged)


def _trim(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return the nodes without white space at either end."""
    trimmed = list(nodes)
    if trimmed and isinstance(trimmed[0], Text):
        trimmed[0] = Text(trimmed[0].text.lstrip())
    if trimmed and isinstance(trimmed[-1], Text):
        trimmed[-1] = Text(trimmed[-1].text.rstrip())
    return merge(trimmed)
