"""The pieces that a paper's text is made of, as the importer sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from worksheets.markup.messages import Message


class Kind(Enum):
    TITLE = auto()
    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()
    NUMBER = auto()
    OPTION = auto()
    INTERPRETATION = auto()
    ROOM = auto()
    RANKING = auto()
    BANK = auto()
    FOOTNOTE = auto()
    TABLE = auto()


@dataclass(slots=True)
class Chunk:
    """A piece of a paper; ``mark`` is what stands before its text: '1.', '(a)', '-' ...

    ``rows`` are its lines on paper, ``cautions`` (code, message) what to look at.
    """

    kind: Kind
    rows: list[str]
    mark: str = ""
    cautions: list[tuple[str, Message]] = field(default_factory=list)
    longest: int = 0

    @property
    def open_ended(self) -> bool:
        """Return whether a line below can go on with this text."""
        return self.kind in _WRAPPED

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.rows))

    @text.setter
    def text(self, text: str) -> None:
        self.rows = [text]


_WRAPPED = {Kind.PARAGRAPH, Kind.BULLET, Kind.NUMBER, Kind.OPTION, Kind.FOOTNOTE}
