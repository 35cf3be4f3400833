"""The rows of a paper's tables, as they are written in Markdown."""

from __future__ import annotations

import re


def cells_of(row: str) -> list[str]:
    """Return the cells of a table's row."""
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]
