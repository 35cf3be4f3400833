"""The answers to items: as they are posted, checked, kept. Pure.

A gap is posted as the field ``g3``, a question as ``q2`` and other fields whose names begin with
``q2-``. Only its kind knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from worksheets.markup import Message
from worksheets.markup.messages import Message as _

VERSION = 1
"""The version of the values that are written today; each has it as its ``v``."""

Value = Mapping[str, object]
"""An answer as JSON: ``v`` and what its kind puts beside it."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """An answer to one item: its value, and the value in plain words for search and grouping."""

    value: Value = field(default_factory=dict)
    text: str = ""

    @classmethod
    def stored(cls, value: object, text: str) -> Self:
        """Return an answer as a row has it; a value that is no JSON object is a blank."""
        return cls(value if isinstance(value, dict) else {}, text)

    def get(self, name: str) -> str:
        """Return the text that the value has under this name, or ''."""
        found = self.value.get(name)
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as posted; ``error`` says, to whoever posted it, why it cannot be kept."""

    value: Value
    error: Message | None = None


@dataclass(frozen=True, slots=True)
class ItemMark:
    """The points that the machine gives for an item."""

    key: str
    points: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Keyed:
    """A question's content with another key, and the lines below its box that say so.

    The lines are by their words, without the colon; '' for one that goes.
    """

    content: object
    lines: Mapping[str, str]


def make_value(**parts: object) -> Value:
    """Return a value of today's version; parts that are None are left out."""
    return {"v": VERSION, **{name: part for name, part in parts.items() if part is not None}}


def clean(text: str) -> str:
    """Return the text as every database takes it, with one kind of line end.

    NUL is removed; a lone surrogate becomes a question mark.
    """
    encodable = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return encodable.replace("\r\n", "\n").replace("\r", "\n")


def too_long(text: str, maximum: int) -> Message | None:
    """Return the error for a text of more than so many characters, or None."""
    if len(text) <= maximum:
        return None
    return _(
        "This answer has %(length)s characters. At most %(maximum)s can be saved. Shorten it and"
        " save again.",
        length=len(text),
        maximum=maximum,
    )
