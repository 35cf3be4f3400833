"""The pieces that a paper's text is made of, as the importer sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _


class Kind(Enum):
    TITLE = auto()
    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()
    NUMBER = auto()
    OPTION = auto()
    INTERPRETATION = auto()
    LINE = auto()  # nothing but a blank: a line to write on, or a gap
    ROOM = auto()
    RANKING = auto()
    BANK = auto()
    FOOTNOTE = auto()
    TABLE = auto()
    RULE = auto()


@dataclass(slots=True)
class Chunk:
    """A piece of a paper; ``mark`` is what stands before its text: '1.', '(a)', '-' ...

    ``rows`` are its lines on paper, ``cautions`` (code, message) what to look at. ``box``,
    ``fold``, ``table``, ``layout``, ``bold`` and ``whole`` are those of its lines (``Look``).
    ``apart`` says that there is space above it, ``guessed`` that it only looks like a heading,
    ``field`` that name, class or marks are written there. ``details`` and ``model`` belong to
    '???', and ``lines`` stand below it, which is about so many ``items`` above; ``gaps`` is how
    many gaps the text has, once that is decided. ``pictures`` are the names of those that stand
    below it. The last option of a sentence with a gap ``ends`` that sentence.
    """

    kind: Kind
    rows: list[str]
    mark: str = ""
    cautions: list[tuple[str, Message]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    longest: int = 0
    box: int = 0
    fold: int = 0
    bold: bool = False
    whole: bool = False
    details: str = ""
    table: int = 0
    layout: bool = False
    apart: bool = False
    guessed: bool = False
    field: bool = False
    gaps: int = 0
    model: str = ""
    lines: tuple[str, ...] = ()
    items: int = 0
    ends: Chunk | None = None

    @property
    def open_ended(self) -> bool:
        """Return whether a line below can go on with this text."""
        return self.kind in _WRAPPED and not self.whole

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.rows))

    @text.setter
    def text(self, text: str) -> None:
        self.rows = [text]

    @property
    def number(self) -> int:
        """Return its number in a list, -1 for none."""
        digits = self.mark.strip("().°") if self.kind is Kind.NUMBER else ""
        return int(digits) if digits.isdecimal() else -1

    @property
    def label(self) -> str:
        """Return its number and its text, as they stand on the paper."""
        return f"{self.mark} {self.text}".strip() if self.kind in LISTED else self.text


def ticked_caution(answer: str) -> tuple[str, Message]:
    """Return what is said of an option that the paper ticks."""
    message = _(
        "The paper ticks this answer: %(answer)s. We took the tick out, so that pupils do not see"
        " it.",
        answer=answer.strip()[:200],
    )
    return "printed-key", message


_WRAPPED = {Kind.PARAGRAPH, Kind.BULLET, Kind.NUMBER, Kind.OPTION, Kind.FOOTNOTE}
LISTED = {Kind.BULLET, Kind.NUMBER, Kind.OPTION}
TEXTS = {Kind.PARAGRAPH, *LISTED}
