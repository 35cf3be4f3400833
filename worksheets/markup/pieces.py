"""The top-level pieces that a worksheet falls into, before their text is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import Line


@dataclass(slots=True)
class HeadingPiece:
    level: int
    line: Line


@dataclass(slots=True)
class FlowPiece:
    """Ordinary text: paragraphs, lists, quotations, tables, rules."""

    lines: list[Line]


@dataclass(slots=True)
class AnswerPiece:
    """An answer box. ``details`` is what follows '???', ``lines`` are the kinds' lines below it."""

    details: Line
    lines: dict[str, Line] = field(default_factory=dict)
    model: str = ""
    rubric: str = ""


@dataclass(slots=True)
class BankPiece:
    """The lines between '[[' and ']]'."""

    opening: Line
    lines: list[Line]


@dataclass(slots=True)
class OptionsPiece:
    """The lettered options of a list, each with its lines."""

    options: list[tuple[str, list[Line]]]


@dataclass(slots=True)
class InterpretationPiece:
    """The head of an interpretation: its letter, and its order on one line or more."""

    label: str
    order: list[Line]


@dataclass(slots=True)
class PicturePiece:
    line: Line
    name: Line
    alternative: str
    caption: Line | None


@dataclass(slots=True)
class FootnotePiece:
    label: str
    line: Line
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
