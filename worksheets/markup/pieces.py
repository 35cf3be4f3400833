"""The top-level pieces that a worksheet falls into, before their text is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import Extent, Line, Span


@dataclass(slots=True)
class HeadingPiece:
    level: int
    line: Line


@dataclass(slots=True)
class FlowPiece:
    """Ordinary text: paragraphs, lists, quotations, tables, rules."""

    lines: list[Line]


@dataclass(slots=True)
class KeywordLine:
    """A line that belongs to a kind of question, and what follows its colon."""

    extent: Extent
    text: Span


@dataclass(slots=True)
class AnswerPiece:
    """An answer box. ``details`` is what follows '???', ``lines`` are the kinds' lines below it.

    ``notes`` are where its lines 'model:' and 'rubric:' stand, each with the lines that go on.
    """

    extent: Extent
    details: Line
    lines: dict[str, KeywordLine] = field(default_factory=dict)
    model: str = ""
    rubric: str = ""
    notes: list[tuple[str, Extent]] = field(default_factory=list)


@dataclass(slots=True)
class BankPiece:
    """The lines between '[[' and ']]'."""

    extent: Extent
    lines: list[Line]


@dataclass(slots=True)
class OptionsPiece:
    """The lettered options of a list, each with its lines."""

    options: list[tuple[str, list[Line]]]


@dataclass(slots=True)
class InterpretationPiece:
    """The head of an interpretation: its letter, and its order on one line or more."""

    extent: Extent
    label: str
    order: list[Line]


@dataclass(slots=True)
class PicturePiece:
    name: Line
    alternative: Line
    caption: Line | None


@dataclass(slots=True)
class FootnotePiece:
    label: str
    extent: Extent  # of its mark, '[^1]'
    lines: list[Line] = field(default_factory=list)


Piece = (
    HeadingPiece
    | FlowPiece
    | AnswerPiece
    | BankPiece
    | OptionsPiece
    | InterpretationPiece
    | PicturePiece
    | FootnotePiece
)
