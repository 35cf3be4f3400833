"""A table: a head and rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Cell = str | int | Decimal | datetime | None  # None for an empty cell; times are local


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name; each row has as many cells as the head."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def __post_init__(self) -> None:
        """Raise ValueError for a row of another length."""
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("a row has other cells than the head")
