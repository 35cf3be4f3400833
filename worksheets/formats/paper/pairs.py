"""Two lists of a paper whose items belong together, side by side or one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from worksheets.markup.messages import Message as _

from .blanks import find_blanks
from .chunks import LISTED, TEXTS, Chunk, Kind
from .lists import letters_in_order, numbered, set_apart
from .rooms import detail_of, take_marks
from .structure import Exercise
from .tables import cells_of

_ROOM = "??? match"
MAX_ITEMS, MAX_PARTNERS = 30, 26

_SLOTS = " _.…‥()[]（）【】-–—\u3000☐□:"
_DOTS = " •●◦○·∙*–—-"  # that lines are drawn from
_NUMBER = re.compile(r"\(?([0-9]{1,2})\s?[.):．、）](?:\s+|(?=\D))(?=\S)")
_LETTER = re.compile(r"\(?([A-Za-z])\s?[.):．、）]\s*(?=\S)")
_ONLY_LABEL = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\s?[.):．、）]?\Z")


@dataclass(slots=True)
class _Pairs:
    """Chunks from ``start`` to ``end``: the items, and what they can be matched with."""

    start: int
    end: int
    items: list[Chunk]
    partners: list[Chunk]


def with_pairs(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return what is to be matched as two lists with a box below them.

    Where there are no two lists, what stands side by side becomes a table, and pupils write their
    pairs into a box.
    """
    chunks = list(_unwrapped(chunks))
    found = _side_by_side(chunks) or _one_below_the_other(chunks) or _without_labels(chunks)
    if found is None:
        return _with_box(chunks)
    before = chunks[found.start - 1] if found.start else None
    if before is None and exercise.intro:
        before = exercise.intro[-1]
    if before is not None:
        set_apart(before, found.items[0])
    message = _("This looks like two lists to match: check them.")
    room = Chunk(
        Kind.ROOM,
        [_ROOM],
        bold=True,
        cautions=[("check-choices", message)],
        items=len(found.items),
    )
    marks = take_marks(exercise.intro[-1]) if exercise.intro else None
    room.details = detail_of(marks) if marks else ""
    rest = list(chunks[found.end :])
    if rest and rest[0].kind is Kind.ROOM:
        del rest[0]  # for the pairs
    return [*chunks[: found.start], *found.items, *found.partners, room, *rest]


def give_key(chunks: Sequence[Chunk], room: Chunk, answers: Sequence[str]) -> bool:
    """Write the letters that a paper prints as the key of two lists; False if they are none."""
    letters = [answer.strip(" .;,()").casefold() for answer in answers]
    at = next(at for at, chunk in enumerate(chunks) if chunk is room)
    above = list(chunks[:at])
    known = {chunk.mark.strip("()") for chunk in _last(above, Kind.OPTION)}
    items = _last(above[: len(above) - len(known)], Kind.NUMBER)
    if room.text != _ROOM or len(items) != len(letters) or not set(letters) <= known:
        return False
    pairs = [f"{item.number}{letter}" for item, letter in zip(items, letters, strict=True)]
    room.lines = (f"pairs: {', '.join(pairs)}",)
    return True


def _last(chunks: Sequence[Chunk], kind: Kind) -> list[Chunk]:
    """Return the chunks of a kind with which others end."""
    start = len(chunks)
    while start and chunks[start - 1].kind is kind:
        start -= 1
    return list(chunks[start:])


# --- two lists ------------------------------------------------------------------


def _side_by_side(chunks: Sequence[Chunk]) -> _Pairs | None:
    """Return two lists whose items stand beside each other, with a number and a letter each."""
    rows = [_labelled(chunk) for chunk in chunks]
    starts = [at for at, row in enumerate(rows) if row]
    if len(starts) < 2 or starts != list(range(starts[0], starts[-1] + 1)):
        return None
    start, end = starts[0], starts[-1] + 1
    items, partners = [], []
    for chunk, row in zip(chunks[start:end], rows[start:end], strict=True):
        if row is None:
            continue
        number, item, letter, partner = row
        if item:
            items.append(Chunk(Kind.NUMBER, [item], f"{number}.", cautions=chunk.cautions))
        if partner:
            partners.append(Chunk(Kind.OPTION, [partner], f"({letter})"))
    return _checked(_Pairs(start, end, items, partners))


def _unwrapped(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks; a line below a pair that begins with a letter does not go on with it."""
    for chunk in chunks:
        end = next((at for at, row in enumerate(chunk.rows) if at and _LETTER.match(row)), 0)
        if not end or not _labelled(replace(chunk, rows=chunk.rows[:end])):
            yield chunk
            continue
        rest = [Chunk(Kind.PARAGRAPH, [row]) for row in chunk.rows[end:]]
        chunk.rows = chunk.rows[:end]
        yield chunk
        yield from rest


def _labelled(chunk: Chunk) -> tuple[int, str, str, str] | None:
    """Return number, item, letter and partner of a line with both, None for another one.

    The last lines of the longer list have only one of the two.
    """
    if chunk.kind is Kind.TABLE:
        cells = _joined_labels(cells_of(chunk.text))
    elif chunk.kind in TEXTS and chunk.kind is not Kind.BULLET:
        label = _unguarded(chunk.label)
        parts = [part.strip(_DOTS) for part in re.split(r"\s{3,}|\t+", label)]
        cells = [part for part in parts if part.strip(_SLOTS)]
        if len(cells) == 1:
            cells = _cut_at_blank(cells[0])
    else:
        return None
    cells = [cell for cell in (_bare(cell) for cell in cells) if cell]
    if not 0 < len(cells) <= 2:
        return None
    number, letter = (_NUMBER.match(cells[0]), _LETTER.match(cells[-1]))
    if len(cells) == 2 and number and letter:
        item, partner = cells[0][number.end() :].strip(), cells[1][letter.end() :].strip()
        if item and partner:
            return int(number[1]), item, letter[1].casefold(), partner
    if len(cells) == 1 and letter and chunk.kind in (Kind.TABLE, Kind.PARAGRAPH, Kind.OPTION):
        return 0, "", letter[1].casefold(), cells[0][letter.end() :].strip()
    return None


def _without_labels(chunks: Sequence[Chunk]) -> _Pairs | None:
    """Return two lists that only stand beside each other; they get numbers and letters."""
    rows = [_two_cells(chunk) for chunk in chunks]
    starts = [at for at, row in enumerate(rows) if row]
    if len(starts) < 2 or starts != list(range(starts[0], starts[-1] + 1)):
        return None
    items, partners = [], []
    for number, at in enumerate(starts, 1):
        left, right = rows[at]
        items.append(Chunk(Kind.NUMBER, [left], f"{number}.", cautions=chunks[at].cautions))
        letter = chr(ord("a") + number - 1)
        partners.append(Chunk(Kind.OPTION, [right], f"({letter})"))
    return _checked(_Pairs(starts[0], starts[-1] + 1, items, partners))


def _two_cells(chunk: Chunk) -> list[str]:
    """Return the two things that stand side by side in a chunk without labels, [] for others."""
    if chunk.kind is Kind.TABLE:
        cells = cells_of(chunk.text)
    elif chunk.kind is Kind.PARAGRAPH:
        cells = re.split(r"\s{3,}|\t+", _unguarded(chunk.text))
    else:
        return []
    filled = [cell for cell in (_bare(cell.strip(_DOTS)) for cell in cells) if cell.strip(_SLOTS)]
    return filled if len(filled) == 2 else []


def _joined_labels(cells: Sequence[str]) -> list[str]:
    """Return the cells, labels that have a cell of their own before what they belong to."""
    made: list[str] = []
    label = ""
    for cell in cells:
        if _ONLY_LABEL.match(cell.strip()):
            label = cell.strip().rstrip(".):") + ". "
            continue
        made.append(label + cell if cell.strip(_SLOTS) else "")
        label = ""
    return made


def _cut_at_blank(text: str) -> list[str]:
    """Return the two sides of the slot in '1. cat ____ a. barks'."""
    inner = [b for b in find_blanks(text) if b.start > 0 and text[b.end :].strip()]
    if not inner:
        return [text]
    return [text[: inner[0].start], text[inner[0].end :]]


def _bare(text: str) -> str:
    """Return a text without the slots on either side of it."""
    text = text.strip()
    blanks = find_blanks(text)
    if blanks and not blanks[0].start:
        text = text[blanks[0].end :].lstrip(" )]")
    elif blanks and blanks[-1].end == len(text):
        text = text[: blanks[-1].start].rstrip(" ([（")
    return text.strip()


def _one_below_the_other(chunks: Sequence[Chunk]) -> _Pairs | None:
    """Return a numbered list and one with letters, whichever stands above."""
    for start, chunk in enumerate(chunks):
        if chunk.kind is Kind.NUMBER:
            items = _numbers(chunks[start:])
            partners = letters_in_order(chunks[start + len(items) :])
        elif chunk.kind is Kind.OPTION:
            partners = letters_in_order(chunks[start:])
            items = _numbers(chunks[start + len(partners) :])
        else:
            continue
        if len(items) > 1 and len(partners) > 1:
            end = start + len(items) + len(partners)
            for one in (*items, *partners):
                one.text, one.gaps = _bare(_unguarded(one.text)), 0
            return _checked(_Pairs(start, end, items, partners))
    return None


def _numbers(chunks: Sequence[Chunk]) -> list[Chunk]:
    end = next((at for at, c in enumerate(chunks) if c.kind is not Kind.NUMBER), len(chunks))
    return numbered(chunks[:end], MAX_ITEMS) if end else []


def _checked(pairs: _Pairs) -> _Pairs | None:
    """Return two lists if the markup can have them."""
    numbers = [item.number for item in pairs.items]
    first = numbers[0] if numbers else 0
    in_order = numbers == list(range(first, first + len(numbers)))
    if not (
        1 < len(numbers) <= MAX_ITEMS
        and in_order
        and 1 < len(pairs.partners) <= MAX_PARTNERS
        and letters_in_order(pairs.partners) == pairs.partners
        and all(one.text for one in (*pairs.items, *pairs.partners))
    ):
        return None
    return pairs


# --- a table and a box ----------------------------------------------------------


def _with_box(chunks: Sequence[Chunk]) -> list[Chunk]:
    made = [_row(chunk) for chunk in chunks]
    last = max((at for at, c in enumerate(made) if c.kind in (*LISTED, Kind.TABLE)), default=-1)
    if last < 1 or any(chunk.kind is Kind.ROOM for chunk in made):
        return made
    message = _("This looks like matching: pupils write their pairs into this box.")
    room = Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])
    return [*made[: last + 1], room, *made[last + 1 :]]


def _row(chunk: Chunk) -> Chunk:
    """Return the row of a table for two things that stand side by side, else the chunk."""
    if chunk.kind not in TEXTS or chunk.kind is Kind.BULLET:
        return chunk
    text = _unguarded(chunk.label)
    blanks = [blank for blank in find_blanks(text) if blank.start > 0 and text[blank.end :].strip()]
    parts = re.split(r"\s{3,}|\t+", text.strip(), maxsplit=1)
    if len(parts) == 2:
        cells = [part.strip(_SLOTS).strip() for part in parts]
    elif blanks:
        cells = [text[: blanks[0].start].strip(), text[blanks[0].end :].strip()]
    else:
        if chunk.kind is Kind.OPTION:
            # It is none of several to choose from.
            chunk.kind, chunk.text = Kind.PARAGRAPH, f"{chunk.mark.strip('()')}\\) {chunk.text}"
        return chunk
    if not all(cells):
        return chunk
    row = " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
    return Chunk(Kind.TABLE, [f"| {row} |"], table=-1, cautions=chunk.cautions)


def _unguarded(text: str) -> str:
    return text.replace("\\_", "_").replace("\\.", ".").replace("\\…", "…")
