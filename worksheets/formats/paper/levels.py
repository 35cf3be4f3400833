"""The headings that a format names, or that stand out by their size or bold type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from worksheets.formats.readers.rows import Row

from .blanks import find_blanks
from .headings import SENTENCE_END
from .tasks import task_of

MAX_LEVELS = 6
MAX_LENGTH = 150
MAX_WORDS_IN_BOLD = 12


def settle_levels(rows: Sequence[Row]) -> tuple[list[Row], bool]:
    """Return the rows with the levels of the markup, and whether headings have to be guessed.

    1 is the title, 2 and more are headings. A style that most paragraphs have is no heading.
    """
    filled = [row for row in rows if row.strip()]
    body = _levels_of_text(filled)
    named = [row for row in filled if row.look.level and row.look.level not in body]
    if not named:
        marked = _by_bold(rows)
        styled = any(row.look.level for row in marked)
        return marked, not styled
    levels = sorted({row.look.level for row in named})
    first = next(row for row in filled if row.look.level and row.look.level not in body)
    alone = sum(row.look.level == levels[0] for row in named) == 1
    title = first if first.look.level == levels[0] and alone else None
    if title is not None:
        levels = levels[1:]
    places = {level: min(at + 2, MAX_LEVELS) for at, level in enumerate(levels)}
    settled = []
    for row in rows:
        level = row.look.level
        if row is title:
            settled.append(row.with_level(1))
        elif level and level not in body and row.strip():
            settled.append(row.with_level(places[level]))
        else:
            settled.append(row.with_level(0) if level else row)
    # One heading, such as the title, says little of how the others look.
    return settled, len(named) < 2


def _levels_of_text(rows: Sequence[Row]) -> set[int]:
    """Return the levels whose paragraphs are no headings: most of them, or long, or with gaps."""
    counts = Counter(row.look.level for row in rows if row.look.level)
    found = set()
    for level, count in counts.items():
        own = [row for row in rows if row.look.level == level]
        texts = sum(_is_text(row) for row in own)
        if (count > 5 and count * 2 > len(rows)) or texts * 3 > count:
            found.add(level)
    return found


def _is_text(row: str) -> bool:
    blanks = any(not blank.weak for blank in find_blanks(row))
    return blanks or len(row) > MAX_LENGTH or (row.rstrip().endswith(".") and len(row.split()) > 5)


def _by_bold(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, short ones in bold type as headings where most rows are not bold."""
    filled = [row for row in rows if row.strip()]
    bold = [row for row in filled if row.look.bold]
    if not bold or len(bold) * 2 > len(filled):
        return [row.with_level(0) if row.look.level else row for row in rows]
    made = []
    for row in rows:
        text = row.strip()
        heading = (
            row.look.bold
            and text
            and not row.look.box
            and not row.look.table
            and len(text.split()) <= MAX_WORDS_IN_BOLD
            and not text.endswith((*SENTENCE_END, ","))
            and not find_blanks(text)
            and task_of(text) is None
            and text[:1].isupper()
        )
        made.append(row.with_level(3 if heading else 0))
    first = next((row for row in made if row.strip()), None)
    if first is not None and first.look.level:
        made = [row.with_level(1) if row is first else row for row in made]
    return [row.with_level(2) if row.look.level == 3 else row for row in made]
