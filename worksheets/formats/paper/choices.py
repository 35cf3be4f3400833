"""Tasks in which pupils choose from options that stand in a list, on a line, or behind boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .alternatives import with_alternatives
from .blanks import GAP, TICKED
from .chunks import Chunk, Kind, ticked_caution
from .lists import letters_in_order
from .pairs import with_pairs
from .rooms import choice_room
from .statements import with_statements
from .structure import Exercise
from .tasks import Task

_LETTERED = re.compile(r"(?:^|(?<=\s))\(?([a-hA-H])[).]\)?\s+(?=\S)")
_BOXED = re.compile(r"(?:^|(?<=\s))(?:[☐□❏❑○◯]|\[ ?\]|\( ?\))\s*(?=\w)")
_ANY_BOX = re.compile(rf"{_BOXED.pattern}|(?:^|(?<=\s)){TICKED}\s*(?=\w)")
_BOX_BEHIND = re.compile(r"(?<=\w)\s+(?:[☐□❏❑]|\[ ?\])\Z")
MAX_BOXED = 8  # bullets with a box, of one choice
MAX_WORDS = 10  # of an option that fills a gap
_PARTS = (r"\s*·\s*", r"\s*[•|]\s*", r"\s+[/–—]\s+", r"\s*/\s*", r"\t+|\s{3,}", r"\s*[,;]\s*")


def with_choices(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of an exercise with its items as choices, where they are some."""
    if exercise.task is Task.TRUE_FALSE and not exercise.bank:
        return with_statements(exercise, chunks)
    if exercise.task is Task.MATCH and not exercise.bank:
        return with_pairs(exercise, chunks)
    if exercise.task is Task.CHOOSE:
        chunks = _bullets_as_options(chunks)
    chunks = _boxed_bullets(exercise, _with_stems(exercise, chunks))
    chunks = _boxes_behind_as_options(exercise, chunks)
    chunks = [with_alternatives(exercise, chunk) for chunk in chunks]
    made: list[Chunk] = []
    for chunk in chunks:
        made += (
            _split(exercise, chunk)
            if chunk.kind in (Kind.NUMBER, Kind.PARAGRAPH, Kind.OPTION)
            else [chunk]
        )
    return made


def _with_stems(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, sentences with a gap and options for it as choices.

    'If it rains, we ____ at home. (a) stay (b) will stay': pupils choose, and write nothing.
    """
    made: list[Chunk] = []
    for at, chunk in enumerate(chunks):
        options = [] if chunk.kind is Kind.OPTION else letters_in_order(chunks[at + 1 :])
        follows = chunks[at + 1 + len(options) : at + 2 + len(options)]
        is_stem = chunk.kind in (Kind.NUMBER, Kind.PARAGRAPH) and chunk.gaps == 1
        if is_stem and _are_short(options) and not any(c.kind is Kind.ROOM for c in follows):
            _without_gap(chunk)
            options[-1].ends = chunk
        elif is_stem and (found := _lettered(chunk.text)) and GAP in found[0]:
            _without_gap(chunk)
        made.append(chunk)
        if chunk.kind is Kind.OPTION and chunk.ends is not None:
            made.append(choice_room(chunk.ends, exercise))
    return made


def _are_short(options: Sequence[Chunk]) -> bool:
    return len(options) > 1 and all(
        not option.gaps and len(option.text.split()) <= MAX_WORDS and not option.text.endswith("?")
        for option in options
    )


def _without_gap(chunk: Chunk) -> None:
    chunk.text, chunk.gaps = chunk.text.replace(GAP, f"\\{GAP}"), 0


def _boxed_bullets(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, a list of bullets with a box in front of each as options."""
    made: list[Chunk] = []
    row: list[Chunk] = []
    for chunk in [*chunks, None]:
        if chunk is not None and chunk.kind is Kind.BULLET and _BOXED.match(chunk.text):
            row.append(chunk)
            continue
        if 1 < len(row) <= MAX_BOXED:
            prompt = made[-1] if made else None
            for letter, bullet in zip("abcdefgh", row, strict=False):
                text = _BOXED.sub("", bullet.text, count=1)
                made.append(Chunk(Kind.OPTION, [text], f"({letter})", bullet.cautions))
            made.append(choice_room(prompt, exercise))
        else:
            made += row
        row = []
        if chunk is not None:
            made.append(chunk)
    return made


def _bullets_as_options(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, bullets below a numbered question as its options."""
    made: list[Chunk] = []
    for chunk in chunks:
        above = made[-1] if made else None
        letter = ""
        if chunk.kind is Kind.BULLET and not chunk.gaps and above is not None:
            if above.kind is Kind.NUMBER and not above.gaps:
                letter = "a"
            elif above.kind is Kind.OPTION and above.mark[1] < "z":
                letter = chr(ord(above.mark[1]) + 1)
        text = _BOXED.sub("", chunk.text, count=1) if letter else ""
        made.append(Chunk(Kind.OPTION, [text], f"({letter})") if letter else chunk)
    return made


def _boxes_behind_as_options(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, a list of words with an empty box behind each as options."""
    made: list[Chunk] = []
    start = 0
    for at, chunk in enumerate([*chunks, None]):
        if chunk is not None and _has_box_behind(chunk):
            continue
        row = list(chunks[start:at])
        if 2 <= len(row) <= 8:
            for letter, option in zip("abcdefgh", row, strict=False):
                text = _BOX_BEHIND.sub("", option.text)
                made.append(Chunk(Kind.OPTION, [text], f"({letter})", option.cautions))
            made.append(
                choice_room(made[-len(row) - 1] if len(made) > len(row) else None, exercise)
            )
        else:
            made += row
        if chunk is not None:
            made.append(chunk)
        start = at + 1
    return made


def _has_box_behind(chunk: Chunk) -> bool:
    return (
        chunk.kind is Kind.PARAGRAPH
        and not chunk.gaps
        and len(chunk.text.split()) <= 8
        and bool(_BOX_BEHIND.search(chunk.text))
    )


def _split(exercise: Exercise, chunk: Chunk) -> list[Chunk]:
    """Return an item and the options that stand behind it on its line."""
    text = chunk.text
    if chunk.gaps:
        return [chunk]
    if chunk.kind is Kind.OPTION:
        return _split_row(chunk)
    found = _lettered(text) or _boxed(text)
    if not found and exercise.task is Task.CHOOSE and chunk.kind is Kind.NUMBER:
        found = _odd_one_out(text)
    if not found:
        return [chunk]
    stem, options = found
    chunk.text = stem
    rows = [
        Chunk(Kind.OPTION, [option], f"({letter})")
        for letter, option in zip("abcdefgh", options, strict=False)
    ]
    for row, box in zip(rows, _ANY_BOX.finditer(text), strict=False):
        if re.match(TICKED, box[0]):
            row.cautions.append(ticked_caution(row.text))
    room = choice_room(chunk, exercise)
    return [chunk, *rows, room] if stem or chunk.kind is Kind.NUMBER else [*rows, room]


def _split_row(chunk: Chunk) -> list[Chunk]:
    """Return the options of '(a) one  (b) two' that stand on one line."""
    text, letter = chunk.text, chunk.mark.strip("()")
    # Who stands behind a box of its own may stand beside ticked ones.
    boxes = list((_ANY_BOX if chunk.bold else _BOXED).finditer(text))
    if boxes and text[: boxes[0].start()].strip():
        ends = [box.start() for box in boxes[1:]] + [len(text)]
        row = [Chunk(Kind.OPTION, [text[: boxes[0].start()].strip()], chunk.mark)]
        row[0].cautions = chunk.cautions
        for box, end in zip(boxes, ends, strict=True):
            mark = f"({chr(ord(letter) + len(row))})"
            option = Chunk(Kind.OPTION, [text[box.end() : end].strip()], mark)
            if re.match(TICKED, box[0]):
                option.cautions.append(ticked_caution(option.text))
            row.append(option)
        return row
    made, start = [], 0
    for match in _LETTERED.finditer(text):
        if match[1].casefold() == chr(ord(letter) + 1) and text[start : match.start()].strip():
            made.append(Chunk(Kind.OPTION, [text[start : match.start()].strip()], f"({letter})"))
            letter, start = match[1].casefold(), match.end()
    if not made:
        return [chunk]
    return [*made, Chunk(Kind.OPTION, [text[start:].strip()], f"({letter})")]


def _lettered(text: str) -> tuple[str, list[str]] | None:
    """Return the stem and the options of 'Which? (a) one (b) two'."""
    found: list[re.Match[str]] = []
    for match in _LETTERED.finditer(text):
        letter = match[1]
        start = "a" if letter.islower() else "A"
        wanted = chr(ord(found[-1][1]) + 1) if found else start
        if letter == wanted:
            found.append(match)
    if len(found) < 2 or (not text[: found[0].start()].strip() and len(found) < 3):
        return None
    return _cut(text, found)


def _boxed(text: str) -> tuple[str, list[str]] | None:
    found = list(_ANY_BOX.finditer(text))
    if all(re.match(TICKED, box[0]) for box in found):
        return None
    return _cut(text, found) if 2 <= len(found) <= 8 else None


def has_ticked_row(text: str) -> bool:
    """Return whether a line has boxes with words behind them, and some are ticked."""
    boxes = [box[0] for box in _ANY_BOX.finditer(text)]
    return any(re.match(TICKED, box) for box in boxes) and _boxed(text) is not None


def _cut(text: str, found: Sequence[re.Match[str]]) -> tuple[str, list[str]] | None:
    ends = [match.start() for match in found[1:]] + [len(text)]
    options = [text[match.end() : end].strip() for match, end in zip(found, ends, strict=True)]
    short = all(option and len(option.split()) <= 14 for option in options)
    return (text[: found[0].start()].strip(), options) if short else None


def _odd_one_out(text: str) -> tuple[str, list[str]] | None:
    for separator in _PARTS:
        parts = [part for part in re.split(separator, text.rstrip(" .")) if part.strip()]
        if 3 <= len(parts) <= 8 and all(len(part.split()) <= 4 for part in parts):
            return "", [part.strip() for part in parts]
    return None


def give_key(chunks: Sequence[Chunk], room: Chunk, answer: str) -> bool:
    """Write the letters that a paper prints as the key of options; False if they are none."""
    if not room.text.startswith("??? choose"):
        return False
    letters = re.split(r"\s*[,;/&]\s*|\s+", answer.strip(" .;,()").casefold())
    at = next(at for at, chunk in enumerate(chunks) if chunk is room)
    known = set()
    while at and chunks[at - 1].kind is Kind.OPTION:
        at -= 1
        known.add(chunks[at].mark.strip("()"))
    if not set(letters) <= known or (len(letters) > 1 and "several" not in room.text):
        return False
    room.lines = (f"correct: {', '.join(sorted(set(letters)))}",)
    return True
