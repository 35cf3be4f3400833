"""The parser's view of a kind of question: the words that belong to it, and its reader.

The kinds themselves are in ``worksheets.questions``. They reach ``parse`` as an argument.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from worksheets.words.settings import Settings

from .details import Details, keywords_of, read_details
from .messages import Message
from .problems import Problems
from .sheet import Option
from .source import Extent, Line, Span


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word of the grammar that belongs to one kind of question.

    It is a detail ('which' in ``??? which, 6 marks``) or begins a line below '???'
    ('rank' in ``rank: A | B``). Where it belongs to no question of its kind, the author is
    told ``misplaced``, a problem with the code ``code``.

    A detail that ``takes_list`` makes the numbered list above its box a part of the question.

    ``form`` is for lines: what follows the colon of a line that cannot be meant as text, and
    is therefore an error wherever it stands. Other text after the word remains text. ``joins``
    are the signs at a line's end, or at the beginning of the next, by which it goes on there.
    """

    name: str
    code: str
    misplaced: Message
    form: re.Pattern[str] | None = None
    joins: tuple[str, ...] = ()
    takes_list: bool = False


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The head of an interpretation: its letter and the order that it stands for."""

    label: str
    order: tuple[str, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """An answer box as the kinds of question see it, with what stands around it."""

    details: Details  # what follows '???'
    lines: Mapping[str, Span]  # what follows the colon of the kinds' lines below it, by name
    options: tuple[Option, ...]  # the list of options directly above it
    items: tuple[Option, ...]  # the numbered list above it or above its options, for kinds with one
    interpretation: Interpretation | None  # the head directly above it
    choices: tuple[Option, ...]  # the interpretations above it in its part
    extent: Extent
    settings: Settings
    problems: Problems

    def read_details(self, line: Span) -> Details:
        """Return the details in a line of the box, which are written as those after '???'."""
        return read_details(line, line.extent, self.problems, ())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that an answer box asks.

    ``content`` is what only its kind reads. ``details`` are its marks and number of words.
    ``prompt`` is None for the text above the box. ``automatic`` questions are marked by the
    machine.
    """

    kind: str
    content: object
    details: Details
    prompt: str | None = None
    automatic: bool = False


class KindGrammar(Protocol):
    """The part of a kind of question that the parser uses."""

    name: str
    details: Sequence[Keyword]
    # Without their form they are read below '???' with one of the details, where there are some;
    # of a kind without, the first is read there, and the others below it.
    lines: Sequence[Keyword]

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        """Return the questions that the box asks, in order; none if it is not of this kind."""


class Grammar:
    """The keywords of some kinds."""

    def __init__(self, kinds: Iterable[KindGrammar]) -> None:
        self.kinds = tuple(kinds)
        self.details = {word.name: word for kind in self.kinds for word in kind.details}
        self.lines = {word.name: word for kind in self.kinds for word in kind.lines}
        self._kind_of_line = {word.name: kind for kind in self.kinds for word in kind.lines}
        names = "|".join(map(re.escape, self.lines)) or r"(?!)"
        self._line = re.compile(rf"\s*({names})\s*:\s*", re.IGNORECASE)
        self._dressed = re.compile(rf"[\s*_#>-]*(?:{names})\b[^:]{{0,20}}:", re.IGNORECASE)

    def takes_list(self, details: Line) -> bool:
        """Return whether the numbered list above a box with these details belongs to it."""
        found = keywords_of(details.text, self.details)
        return any(self.details[name].takes_list for name in found)

    def read_line(
        self, line: Line, above: Collection[str], box: Line | None = None
    ) -> tuple[str, Line] | None:
        """Return the keyword of a line below '???' and what follows its colon, or None.

        ``above`` are the keywords of the lines between '???' and this one, ``box`` are the details
        of the '???' on the line above, if it stands there. A text that was published before there
        was this keyword stays text, where its form allows that.
        """
        match = self._line.match(line.text)
        if match is None:
            return None
        name = match[1].lower()
        kind = self._kind_of_line[name]
        is_read = (
            any(word.name in above for word in kind.lines)
            or (box is not None and self._begins(kind, name, box))
            or self._has_form(name, line, match)
        )
        return (name, line.cut(match.end())) if is_read else None

    def _begins(self, kind: KindGrammar, name: str, box: Line) -> bool:
        """Return whether a kind's line can be the first one below a box."""
        if kind.details:
            return bool(keywords_of(box.text, {word.name for word in kind.details}))
        return name == kind.lines[0].name

    def resembles(self, line: Line) -> bool:
        """Return whether a line seems meant as one of the kinds' but is not written as one.

        Examples are '- right: A > B', '**Right:** A > B', 'right order: A > B'.
        """
        return self._dressed.match(line.text) is not None

    def read_stray(self, line: Line) -> Keyword | None:
        """Return the keyword of a line that cannot be meant as text, wherever it stands."""
        match = self._line.match(line.text)
        if match is None or not self._has_form(match[1].lower(), line, match):
            return None
        return self.lines[match[1].lower()]

    def _has_form(self, name: str, line: Line, match: re.Match[str]) -> bool:
        form = self.lines[name].form
        return form is not None and form.match(line.text, match.end()) is not None
