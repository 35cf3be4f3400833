"""Statements of a paper that are true or false: a list of them becomes one question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from worksheets.markup.messages import Message as _

from .blanks import TICKED, find_blanks
from .chunks import LISTED, TEXTS, Chunk, Kind, ticked_caution
from .lists import letters_in_order, numbered, set_apart
from .rooms import choice_room, detail_of, take_marks
from .structure import Exercise
from .tables import cells_of
from .tasks import LABEL, asks_to_write
from .verdicts import (
    ENGLISH,
    PAIRS,
    STARTS_WITH_VERDICTS,
    THIRD,
    Verdicts,
    place_of,
    read_head,
    read_legend,
    settle,
    verdicts_of,
)

_ROOM = "??? true or false"
MAX_STATEMENTS = 30  # of one question
MAX_HEAD_WORDS = 4  # before the names of columns

_WORDS = [word for pair in PAIRS for word in pair]
_SHORT = {word[:1] for word in _WORDS}
_VERDICT = "|".join(map(re.escape, sorted({*_WORDS, *_SHORT}, key=len, reverse=True)))
_BOX = rf"(?:[☐□]|\[ ?\]|\( ?\)|{TICKED})"
_OR = r"(?:\s*(?:[/|,]|oder|or|ou|o|of)\s*|\s+)"
_VERDICTS_AT_END = re.compile(
    rf"[\s(\[–—-]*(?:{_BOX}\s*)?(?<!\w)(?:{_VERDICT})(?!\w){_OR}"
    rf"(?:{_BOX}\s*)*(?:{_VERDICT})(?!\w)(?:{_OR}(?:{_BOX}\s*)?{THIRD})?(?:[\s)\]]|{_BOX})*\Z",
    re.IGNORECASE,
)
_SLOTS = " _.…‥()[]（）【】-–—\u3000☐□:"


def with_statements(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of an exercise, each list of statements with a box below it.

    A statement with a line of its own for the reasons becomes a choice with reasons.
    """
    whole = chunks
    chunks, head = _without_head(chunks)
    named = read_legend([row for chunk in exercise.chunks for row in chunk.rows])
    ends = [found for chunk in chunks if chunk.kind in TEXTS and (found := read_head(chunk.text))]
    task = " ".join(chunk.label for chunk in exercise.intro)
    named = named or verdicts_of(task, ends[0][1] if ends else None)
    verdicts = settle(named, head)
    items = [chunk for chunk in chunks if _is_statement(chunk)]
    if len(items) < 2:
        items = [chunk for chunk in chunks if _has_slot(chunk)]
    rooms = [chunk.kind is Kind.ROOM for chunk in chunks[1:]] + [False] * bool(chunks)
    followed = sum(
        any(c is i for i in items) and room for c, room in zip(chunks, rooms, strict=True)
    )
    gives_reasons = followed > 1 or followed == len(items)
    made: list[Chunk] = []
    row: list[Chunk] = []  # the statements since the last box
    for chunk, has_room in zip(chunks, rooms, strict=True):
        statement = _statement(chunk, is_item=any(chunk is item for item in items))
        if statement is not None:
            if has_room and gives_reasons:
                made += _listed(exercise, tuple(made), row, verdicts)
                row = []
                made += _with_reasons(statement, verdicts)
                continue
            row.append(statement)
        elif not (chunk.kind is Kind.ROOM and made and made[-1].kind is Kind.ROOM and not row):
            made += _listed(exercise, tuple(made), row, verdicts)
            row = []
            made.append(_plain_row(chunk) if chunk.kind is Kind.TABLE else chunk)
    made += _listed(exercise, tuple(made), row, verdicts)
    if head and not any(chunk.kind is Kind.ROOM for chunk in made):
        return list(whole)  # what would be named stands nowhere
    if not any(chunk.kind is Kind.ROOM for chunk in made) and _states(exercise):
        made = [*_options(verdicts), choice_room(None, exercise), *made]
    return made


def _without_head(chunks: Sequence[Chunk]) -> tuple[list[Chunk], Verdicts | None]:
    """Return the chunks without the line that names the columns to tick in, and those names."""
    made: list[Chunk] = []
    head: Verdicts | None = None
    ended = sum(read_head(chunk.text) is not None for chunk in chunks)
    for chunk in chunks:
        found = read_head(chunk.text) if chunk.kind in (Kind.TABLE, Kind.PARAGRAPH) else None
        # Of several lines that end with the names each is a statement.
        is_head = found and (not found[0] or (ended == 1 and _is_name(found[0])))
        if not found or head is not None or not is_head:
            made.append(chunk)
            continue
        head = found[1]
        if found[0]:
            made.append(Chunk(Kind.PARAGRAPH, [found[0]]))
    return made, head


def _is_name(text: str) -> bool:
    """Return whether a text can name a column, and is no statement."""
    return len(text.split()) <= MAX_HEAD_WORDS and not text.endswith(".")


def _states(exercise: Exercise) -> bool:
    """Return whether the task itself has the only statement: 'True or false: Ice floats.'"""
    text = exercise.intro[-1].text if exercise.intro else ""
    return len(text.partition(":")[2].split()) > 2


def _is_statement(chunk: Chunk) -> bool:
    return (
        chunk.kind in LISTED
        and not chunk.text.endswith(("?", ":"))
        and (not asks_to_write(chunk.text) or _has_slot(chunk))
    )


def _has_slot(chunk: Chunk) -> bool:
    return chunk.kind in TEXTS and (
        bool(_VERDICTS_AT_END.search(chunk.text) or STARTS_WITH_VERDICTS.match(chunk.text))
        or any(
            not b.start or b.end == len(chunk.text.rstrip())
            for b in find_blanks(chunk.text.strip("\\"))
        )
    )


def _statement(chunk: Chunk, *, is_item: bool) -> Chunk | None:
    """Return a statement without its slot or its verdicts, None for another chunk."""
    if chunk.kind is Kind.TABLE:
        chunk = _plain_row(chunk)
        if not chunk.bold:
            return None
    elif not is_item:
        return None
    text = _unguarded(chunk.text)
    text = text[before.end() :] if (before := STARTS_WITH_VERDICTS.match(text)) else text
    behind = _VERDICTS_AT_END.search(text)
    if behind:
        if re.search(TICKED, behind[0]):
            chunk.cautions.append(ticked_caution(" ".join(behind[0].split())))
        text = text[: behind.start()]
    blanks = find_blanks(text)
    while blanks and not text[blanks[-1].end :].strip(_SLOTS):
        text = text[: blanks[-1].start].rstrip(" ([（")
        blanks = find_blanks(text)
    if blanks and not blanks[0].start:
        text = text[blanks[0].end :].lstrip(" )]")
    label = LABEL.match(text)
    if chunk.kind is Kind.PARAGRAPH and label and label[0].strip()[:-1].isdigit():
        chunk.kind, chunk.mark = Kind.NUMBER, label[0].strip()
        text = text[label.end() :]
    chunk.text, chunk.gaps = _guarded(text.strip()), 0
    return chunk


def _plain_row(chunk: Chunk) -> Chunk:
    """Return a row of a table as a paragraph, bold if it has a statement."""
    cells = [cell for cell in cells_of(chunk.text) if cell.strip(_SLOTS) and cell.strip(":-")]
    states = any(len(cell.split()) > 2 for cell in cells)
    return Chunk(Kind.PARAGRAPH, [" ".join(cells)], bold=states)


# --- statements as a question ---------------------------------------------------


def _listed(
    exercise: Exercise, above: Sequence[Chunk], row: Sequence[Chunk], verdicts: Verdicts
) -> Iterator[Chunk]:
    """Yield statements that stand below each other, in lists with a box below each."""
    marks = [take_marks(chunk) for chunk in row]
    each = [mark for mark in marks if mark is not None]
    total: Decimal | None = sum(each, Decimal(0)) if len(each) == len(row) else None
    before = above[-1] if above else None
    for number, group in enumerate(_groups(row)):
        if not number and before is None and exercise.intro:
            before = exercise.intro[-1]
        if before is not None:
            set_apart(before, group[0])
        yield from group
        before = _box(verdicts, len(group))
        if total is not None:
            own = marks[: len(group)]
            del marks[: len(group)]
            before.details = detail_of(sum((mark for mark in own if mark), Decimal(0)))
        elif len(group) == len(row) and exercise.intro and not above:
            found = take_marks(exercise.intro[-1])
            before.details = detail_of(found) if found else ""
        yield before


def _groups(row: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    """Yield statements in lists that the markup reads as one: with numbers, or letters from (a)."""
    start = 0
    while start < len(row):
        lettered = letters_in_order(row[start:])
        is_lettered = len(lettered) > 1
        group = lettered if is_lettered else numbered(row[start:], MAX_STATEMENTS)
        yield group
        start += len(group)


def _box(verdicts: Verdicts, statements: int) -> Chunk:
    message = _("This looks like statements that are true or false: check them.")
    return Chunk(
        Kind.ROOM,
        [_ROOM],
        bold=True,
        cautions=[("check-choices", message)],
        lines=() if verdicts == ENGLISH else (f"as: {' | '.join(verdicts)}",),
        items=statements,
    )


def _with_reasons(chunk: Chunk, verdicts: Verdicts) -> Iterator[Chunk]:
    if chunk.kind is Kind.OPTION:
        # Its letter would be taken for one of the options below.
        letter = chunk.mark.strip("()")
        chunk.kind, chunk.text = Kind.PARAGRAPH, f"{letter}\\) {chunk.text}"
    yield chunk
    yield from _options(verdicts)
    message = _("This looks like a choice with reasons: check its options.")
    yield Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])


def _options(verdicts: Verdicts) -> list[Chunk]:
    return [
        Chunk(Kind.OPTION, [verdict], f"({letter})")
        for letter, verdict in zip("abc", verdicts, strict=False)
    ]


def give_key(chunks: Sequence[Chunk], room: Chunk, answers: Sequence[str]) -> bool:
    """Write verdicts that a paper prints as the key of their statements; False if they are none.

    ``chunks`` are those of the exercise, with the statements directly above their box.
    """
    if room.text != _ROOM or room.items != len(answers):
        return False
    named = next((line for line in room.lines if line.startswith("as: ")), "")
    names = tuple(named.removeprefix("as: ").split(" | ")) if named else ENGLISH
    places = [place_of(answer, names) for answer in answers]
    if None in places:
        return False
    at = next(at for at, chunk in enumerate(chunks) if chunk is room)
    labels = [chunk.mark.strip("().°") for chunk in chunks[at - len(answers) : at]]
    third = _those(labels, places, 2)
    key = [f"true: {_those(labels, places, 0) or 'none'}"]
    room.lines = (*key, *([f"not given: {third}"] if third else ()), *room.lines)
    return True


def _those(labels: Sequence[str], places: Sequence[int | None], wanted: int) -> str:
    return ", ".join(label for label, place in zip(labels, places, strict=True) if place == wanted)


def _unguarded(text: str) -> str:
    return text.replace("\\_", "_").replace("\\.", ".").replace("\\…", "…")


def _guarded(text: str) -> str:
    """Return a text whose blanks are no gaps in the markup."""
    for blank in reversed(find_blanks(text)):
        if not blank.weak and text[blank.start] in "_.…":
            text = f"{text[: blank.start]}\\{text[blank.start :]}"
    return text
