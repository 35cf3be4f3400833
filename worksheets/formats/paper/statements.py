"""Statements of a paper that are true or false: a list of them becomes one question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from worksheets.markup.messages import Message as _

from .banks import cells_of
from .blanks import TICKED, find_blanks
from .chunks import LISTED, TEXTS, Chunk, Kind, ticked_caution
from .languages import LANGUAGES
from .lists import letters_in_order, numbered, set_apart
from .rooms import choice_room, detail_of, take_marks
from .structure import Exercise
from .tasks import LABEL, verdicts_of

_ROOM = "??? true or false"
MAX_STATEMENTS = 30  # of one question

_SHORT = sorted(
    {word[:1] for language in LANGUAGES.values() for word in language.verdicts if word}, key=str
)
_WORDS = [word for language in LANGUAGES.values() for word in language.verdicts if word]
_VERDICT = "|".join(map(re.escape, sorted({*_WORDS, *_SHORT, "F", "T"}, key=len, reverse=True)))
_BOX = rf"(?:[☐□]|\[ ?\]|\( ?\)|{TICKED})"
_VERDICTS_AT_END = re.compile(
    rf"[\s(\[–—-]*(?:{_BOX}\s*)?(?<!\w)(?:{_VERDICT})(?!\w)\s*(?:[/|,]|oder|or|ou|o|of|\s)\s*"
    rf"(?:{_BOX}\s*)?(?:{_VERDICT})(?!\w)[\s)\]☐□☒☑]*\Z",
    re.IGNORECASE,
)
_SLOTS = " _.…‥()[]（）【】-–—\u3000☐□:"


def with_statements(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of an exercise, each list of statements with a box below it.

    A statement with a line of its own for the reasons becomes a choice with reasons.
    """
    verdicts = verdicts_of(" ".join(chunk.label for chunk in exercise.intro))
    items = [chunk for chunk in chunks if _is_statement(chunk)]
    if len(items) < 2:
        items = [chunk for chunk in chunks if _has_slot(chunk)]
    rooms = [chunks[at + 1].kind is Kind.ROOM for at in range(len(chunks) - 1)] + [False]
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
    if not any(chunk.kind is Kind.ROOM for chunk in made) and _states(exercise):
        made = [*_options(verdicts), choice_room(None, exercise), *made]
    return made


def _states(exercise: Exercise) -> bool:
    """Return whether the task itself has the only statement: 'True or false: Ice floats.'"""
    text = exercise.intro[-1].text if exercise.intro else ""
    return len(text.partition(":")[2].split()) > 2


def _is_statement(chunk: Chunk) -> bool:
    return chunk.kind in LISTED and not chunk.text.endswith(("?", ":"))


def _has_slot(chunk: Chunk) -> bool:
    return chunk.kind in TEXTS and (
        bool(_VERDICTS_AT_END.search(chunk.text))
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
    behind = _VERDICTS_AT_END.search(text)
    if behind:
        if re.search(TICKED, behind[0]):
            chunk.cautions.append(ticked_caution(" ".join(behind[0].split())))
        text = text[: behind.start()]
    blanks = find_blanks(text)
    if blanks and not text[blanks[-1].end :].strip(_SLOTS):
        text = text[: blanks[-1].start].rstrip(" ([（")
    if blanks and not blanks[0].start:
        text = text[blanks[0].end :].lstrip(" )]")
        if (
            chunk.kind is Kind.PARAGRAPH
            and (label := LABEL.match(text))
            and label[0].strip()[:-1].isdigit()
        ):
            chunk.kind, chunk.mark = Kind.NUMBER, label[0].strip()
            text = text[label.end() :]
    chunk.text, chunk.gaps = text.strip(), 0
    return chunk


def _plain_row(chunk: Chunk) -> Chunk:
    """Return a row of a table as a paragraph, bold if it has a statement."""
    cells = [cell for cell in cells_of(chunk.text) if cell.strip(_SLOTS) and cell.strip(":-")]
    states = any(len(cell.split()) > 2 for cell in cells)
    return Chunk(Kind.PARAGRAPH, [" ".join(cells)], bold=states)


# --- statements as a question ---------------------------------------------------


def _listed(
    exercise: Exercise, above: Sequence[Chunk], row: Sequence[Chunk], verdicts: tuple[str, str]
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


def _box(verdicts: tuple[str, str], statements: int) -> Chunk:
    message = _("This looks like statements that are true or false: check them.")
    lines = () if verdicts == LANGUAGES["en"].verdicts else (f"as: {' | '.join(verdicts)}",)
    return Chunk(
        Kind.ROOM,
        [_ROOM],
        bold=True,
        cautions=[("check-choices", message)],
        lines=lines,
        items=statements,
    )


def _with_reasons(chunk: Chunk, verdicts: tuple[str, str]) -> Iterator[Chunk]:
    if chunk.kind is Kind.OPTION:
        # Its letter would be taken for one of the options below.
        letter = chunk.mark.strip("()")
        chunk.kind, chunk.text = Kind.PARAGRAPH, f"{letter}\\) {chunk.text}"
    yield chunk
    yield from _options(verdicts)
    message = _("This looks like a choice with reasons: check its options.")
    yield Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])


def _options(verdicts: tuple[str, str]) -> list[Chunk]:
    return [
        Chunk(Kind.OPTION, [verdicts[0]], "(a)"),
        Chunk(Kind.OPTION, [verdicts[1]], "(b)"),
    ]


def give_key(chunks: Sequence[Chunk], room: Chunk, answers: Sequence[str]) -> bool:
    """Write verdicts that a paper prints as the key of their statements; False if they are none.

    ``chunks`` are those of the exercise, with the statements directly above their box.
    """
    verdicts = [answer.strip(" .;,()").casefold() for answer in answers]
    if room.text != _ROOM or room.items != len(verdicts):
        return False
    if not all(verdict in _TRUE | _FALSE for verdict in verdicts):
        return False
    at = next(at for at, chunk in enumerate(chunks) if chunk is room)
    statements = chunks[at - len(verdicts) : at]
    true = [
        chunk.mark.strip("().°")
        for chunk, verdict in zip(statements, verdicts, strict=True)
        if verdict in _TRUE
    ]
    room.lines = (f"true: {', '.join(true) or 'none'}", *room.lines)
    return True


_TRUE, _FALSE = (
    {
        form
        for language in LANGUAGES.values()
        if language.verdicts[at]
        for form in (language.verdicts[at].casefold(), language.verdicts[at][:1].casefold())
    }
    for at in (0, 1)
)


def _unguarded(text: str) -> str:
    return text.replace("\\_", "_").replace("\\.", ".").replace("\\…", "…")
