"""The lines of a paper with what can be seen of them: what every format is read into.

A plain text is the poorest case, of lines that have nothing but their words.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Look:
    """The properties of a line that can be seen besides its words.

    ``level`` is that of a heading, 0 for none. ``whole`` says that the line is a paragraph, which
    nothing goes on with. Lines of one ``box``, ``table`` or folded part (``fold``) have its number;
    a table that only puts things side by side is a ``layout``. A number that the format counts
    stands in the line's text. ``ready`` says that the text is markup already.
    """

    level: int = 0
    whole: bool = False
    box: int = 0
    table: int = 0
    layout: bool = False
    fold: int = 0
    bold: bool = False
    ready: bool = False


PLAIN = Look()
_DEFAULTS = {row.name: row.default for row in fields(Look)}


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a line on a page, whose width and height are 1; pages count from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Row(str):
    """A line of a paper; ``look`` is what can be seen of it.

    A line without text may be a ``picture``: the bytes of a file. ``place`` is known of pages, and
    ``below`` has the names of pictures that were taken out below the line.
    """

    __slots__ = ("below", "look", "picture", "place")
    look: Look
    picture: bytes
    place: Place | None
    below: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        look: Look = PLAIN,
        *,
        picture: bytes = b"",
        place: Place | None = None,
        **changes: Any,
    ) -> Self:
        row = super().__new__(cls, text)
        row.look = replace(look, **changes) if changes else look
        row.picture, row.place, row.below = picture, place, ()
        return row

    def with_text(self, text: str) -> Row:
        """Return another line that looks like this one and stands in its place."""
        row = Row(text, self.look, picture=self.picture, place=self.place)
        row.below = self.below
        return row

    def with_level(self, level: int) -> Row:
        """Return the same line as a heading of this level, or with 0 as none."""
        row = self.with_text(self)
        row.look = replace(self.look, level=level)
        return row


def look_of(row: str) -> Look:
    """Return the look of a line; a plain one for a string that is no ``Row``."""
    return row.look if isinstance(row, Row) else PLAIN


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a file as a whole: a code, and what stands in its sentence."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


class Paper(str):
    """The text of a paper; ``rows`` are its lines, ``notes`` what its reader has to say."""

    __slots__ = ("notes", "rows")
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    def __new__(cls, rows: Iterable[Row], notes: Iterable[Note] = (), text: str = "") -> Self:
        kept = tuple(rows)
        paper = super().__new__(cls, text or "\n".join(kept))
        paper.rows, paper.notes = kept, tuple(notes)
        return paper


# Around words that are underlined or bold within their paragraph; who reads the rows decides
# whether that is kept.
UNDERLINED = ("\ue000", "\ue001")
BOLD = ("\ue002", "\ue003")


def escape(text: str) -> str:
    """Return a text with backslashes before signs that mean something in markup only."""
    text = re.sub(r"([\\`])", r"\\\1", text)
    return re.sub(r"(?<=\S)\*|\*(?=\S)", r"\\*", text)


def unescape(text: str) -> str:
    """Return a text as it was before ``escape``."""
    return re.sub(r"\\([\\`*])", r"\1", text)


def separated(rows: Iterable[Row]) -> list[Row]:
    """Return paragraphs with an empty line between them, list items and rows of tables without."""
    made: list[Row] = []
    before = Row("")
    for row in rows:
        if not row.picture:
            if before and not _close(before, row):
                made.append(Row(""))
            before = row
        made.append(row)
    return made


_ITEM = re.compile(r"\(?[0-9a-zA-Z]{1,3}[.)]\s|[-•☐]\s")


def _close(before: Row, row: Row) -> bool:
    one, two = before.look, row.look
    if one.table or two.table or one.box or two.box:
        return (one.table, one.box) == (two.table, two.box)
    return bool(_ITEM.match(before) and _ITEM.match(row)) and one.level == two.level == 0


def dump(rows: Iterable[Row], notes: Sequence[Note] = ()) -> bytes:
    """Return lines as bytes that ``load`` reads."""
    listed = [
        [
            str(row),
            {name: value for name, value in asdict(row.look).items() if value != _DEFAULTS[name]},
            base64.b64encode(row.picture).decode(),
            astuple(row.place) if row.place else None,
        ]
        for row in rows
    ]
    made = {"rows": listed, "notes": [[note.code, note.values] for note in notes]}
    return json.dumps(made).encode()


def load(data: bytes) -> Paper:
    """Return the paper that was dumped."""
    made = json.loads(data)
    rows = [
        Row(
            text,
            Look(**look),
            picture=base64.b64decode(picture),
            place=Place(*place) if place else None,
        )
        for text, look, picture, place in made["rows"]
    ]
    return Paper(rows, [Note(code, values) for code, values in made["notes"]])
