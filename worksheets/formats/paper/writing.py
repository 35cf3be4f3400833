"""Chunks of a paper as markup, with the lines on which its cautions stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worksheets.formats.readers.rows import Row
from worksheets.formats.readers.rows import escape as escape_signs
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _

from .chunks import Chunk, Kind
from .pictures import lines_of, stand_above
from .structure import Exercise

_NUMBER = re.compile(r"[0-9]{1,2}[.)]\Z")
_LATEX_BLANK = re.compile(
    r"(?<!,)(?<!, )\\(?:ldots|dots|dotfill|hrulefill|blank|fillin)(?:\{\})?(?!\s*,)(?![^\W\d_])"
    r"|\\(?:underline|underbar)\s*\{\s*\\(?:hspace|hskip)\*?\s*\{?[^{}]{0,20}\}?\s*\}"
    r"|\\rule\s*(?:\[[^\]]{0,20}\])?\s*\{[^{}]{0,20}\}\s*\{[^{}]{0,20}\}|(?:\\_\s?){2,}"
)
_KEYWORD = re.compile(
    r"((?:(?:model|rubrics?)(?:\s+answers?)?|rank|right|because|correct|true|not given|as|pairs)"
    r"\s*):",
    re.IGNORECASE,
)
_FRONT = ("#", ">", "[[")
_DASH_ITEM = re.compile(r"[-+–·*](?=\s)")


def escape(row: Row) -> Row:
    """Return the row with backslashes before signs that mean something in markup only."""
    if row.look.ready:
        return row
    return row.with_text(escape_signs(_LATEX_BLANK.sub("______", row)))


def write(
    exercises: Sequence[Exercise], general: Sequence[tuple[str, Message]]
) -> tuple[str, list[tuple[str, int, Message]]]:
    """Return the markup, and the cautions with their lines."""
    _give_banks_their_parts(exercises)
    chunks = list(_readable(chunk for exercise in exercises for chunk in exercise.chunks))
    lines: list[str] = []
    cautions: list[tuple[str, int, Message]] = []
    before: Chunk | None = None
    waiting: list[str] = []
    for at, chunk in enumerate(chunks):
        following = chunks[at + 1] if at + 1 < len(chunks) else None
        is_split = bool(waiting) and not (before and _is_one_table(before, chunk))
        if before and (is_split or not _belongs(before, chunk)):
            lines.append("")
        if is_split:
            lines += lines_of(waiting)
            waiting = []
        if chunk.pictures and stand_above(chunk, following):
            if lines and lines[-1]:
                lines.append("")
            lines += lines_of(chunk.pictures)
        else:
            waiting += chunk.pictures
        if chunk.kind is not Kind.TABLE:
            chunk.text = " ".join(chunk.text.split())
        lines += _lines(chunk, before)
        below = len(chunk.lines) + bool(chunk.model) if chunk.kind is Kind.ROOM else 0
        line = len(lines) - below
        cautions += [(code, line, text) for code, text in chunk.cautions]
        before = chunk
    if waiting:
        lines += ["", *lines_of(waiting)[:-1]]
    first = [(code, 1, message) for code, message in general]
    if chunks and not any(chunk.kind is Kind.TITLE for chunk in chunks):
        message = _("We found no title. Write '# Title' on the first line.")
        first.insert(0, ("no-title", 1, message))
    return "\n".join(lines) + "\n" if lines else "", first + cautions


def _readable(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks; a second title is a heading."""
    titled = False
    for chunk in chunks:
        if chunk.kind is Kind.TITLE and titled:
            chunk.kind, chunk.mark = Kind.HEADING, "##"
        titled = titled or chunk.kind is Kind.TITLE
        yield chunk


def _give_banks_their_parts(exercises: Sequence[Exercise]) -> None:
    """Make headings of tasks whose gaps would take another task's bank.

    In the markup, the gaps of a part without a bank above them take the last bank of the part.
    """
    bank: Exercise | None = None  # the last bank above in the same part
    owes = False  # gaps above in the same part have no bank yet
    for exercise in exercises:
        if any(chunk.kind is Kind.HEADING and chunk.mark == "##" for chunk in exercise.intro):
            bank, owes = None, False
        gaps_above = _gaps_before_bank(exercise)
        has_gaps = any(chunk.gaps for chunk in exercise.chunks)
        has_bank = any(chunk.kind is Kind.BANK for chunk in exercise.chunks)
        foreign = bank is not None and has_gaps and not has_bank and not _is_of_bank(bank)
        late = bank is not None and has_bank and gaps_above
        swallows = has_bank and owes and not bank
        if (foreign or late or (swallows and has_gaps)) and _promote(exercise):
            bank, owes = None, False
        if has_bank:
            bank = exercise
        owes = owes or (has_gaps and not has_bank)


def _is_of_bank(bank: Exercise) -> bool:
    """Return whether a bank stands apart from the gaps that it is for."""
    return not any(chunk.gaps for chunk in bank.chunks)


def _gaps_before_bank(exercise: Exercise) -> bool:
    for chunk in exercise.chunks:
        if chunk.kind is Kind.BANK:
            return False
        if chunk.gaps:
            return True
    return False


def _promote(exercise: Exercise) -> bool:
    """Make a part of an exercise by its first line."""
    first = exercise.intro[0] if exercise.intro else None
    if first is None or first.kind is Kind.TITLE or first.gaps:
        return False
    first.text = first.label
    first.kind, first.mark = Kind.HEADING, "##"
    return True


def _is_one_table(before: Chunk, chunk: Chunk) -> bool:
    return before.kind is chunk.kind is Kind.TABLE and before.table == chunk.table


def _belongs(before: Chunk, chunk: Chunk) -> bool:
    """Return whether two chunks stand on neighbouring lines, without an empty one between."""
    same = before.kind is chunk.kind and _listed(chunk) and _listed(before)
    if before.kind is Kind.TABLE and before.table != chunk.table:
        return False
    return same or chunk.kind is Kind.RANKING or before.kind is Kind.INTERPRETATION


def _listed(chunk: Chunk) -> bool:
    if chunk.kind is Kind.NUMBER:
        return bool(_NUMBER.match(chunk.mark))
    return chunk.kind in (Kind.BULLET, Kind.OPTION, Kind.TABLE)


def _lines(chunk: Chunk, before: Chunk | None) -> list[str]:
    match chunk.kind:
        case Kind.TITLE:
            return [f"# {chunk.text}"]
        case Kind.BANK:
            return [f"[[ {chunk.text} ]]"]
        case Kind.PARAGRAPH | Kind.LINE:
            return [_guard(chunk.text)]
        case Kind.RULE:
            return ["---"] if set(chunk.text) <= set("-=*~─━═ \\") else [_guard(chunk.text)]
        case Kind.TABLE:
            first = before is None or before.kind is not Kind.TABLE or before.table != chunk.table
            cells = chunk.text.count("|") - chunk.text.count("\\|") - 1
            return [chunk.text, "|" + " --- |" * cells] if first and chunk.table else [chunk.text]
        case Kind.ROOM:
            # '??? choose one, 2 marks'
            comma = "" if chunk.text.endswith("?") or not chunk.details else ","
            room = f"{chunk.text}{comma} {chunk.details}".strip()
            return [room, *chunk.lines, *([f"model: {chunk.model}"] if chunk.model else [])]
        case _:
            return [f"{chunk.mark} {chunk.text}".strip()]


def _guard(text: str) -> str:
    """Return a paragraph, with a backslash if its beginning would be read as a mark."""
    if text.startswith(_FRONT) or _DASH_ITEM.match(text):
        return "\\" + text
    return _KEYWORD.sub(r"\1\\:", text, count=1) if _KEYWORD.match(text) else text
