"""The blanks of a ranking on paper: '1. ____  2. ____' to write in, '___ Economic' to number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from worksheets.markup import lines as marks

from . import ranking_words as words

MIN_THINGS, MAX_THINGS = 2, 20
MAX_WORDS = 30  # in one thing on a line of its own
MAX_WORDS_BESIDE_OTHERS = 8
LONG_BLANK = 40  # a blank of this length is a line to write on, unless it has a number

_BLANK = (
    r"_{2,}|\.{4,}|…{2,}|(?:\. ){3,}\.|[\[(](?:[\s_]+|\.{4,}|…{2,})[\])]|\[\]|[□☐▢◻⬜]"
    r"|(?<!\S)(?:…|\.{3}|_)(?!\S)"
)
BLANK = re.compile(_BLANK)
_SLOT = re.compile(
    r"(?<!\w)(?:\(?#?(?:(?P<number>[0-9]{1,2})(?:st|nd|rd|th|er|re|ère|ème|e)?"
    rf"|(?P<letter>[A-Za-z])(?=[.)]))[.):]{{0,2}}\s*[=–-]?\s*)?(?P<blank>{_BLANK})"
    r"|(?<!\S)(?P<bare>[0-9]{1,2})[.)](?!\S)"
)
_MARKS_AT_END = re.compile(rf"(?:{words.MARKS.pattern})\Z", re.IGNORECASE)
_SEPARATORS = " \t\u00a0,;>→⇒<|–—=-"
_MARK = re.compile(r"\(?(?:([0-9]{1,2})|([A-Za-z]))[.)]\s+(?=\S)")
_NUMBER_AT_END = re.compile(r"(?<=\S)\s+\(?[0-9]{1,2}[.)]\Z")  # of the blank behind it
# 'was the leader of': the rest of a sentence whose beginning is to be filled in.
_PREDICATE = re.compile(
    r"(?:was|were|is|are|had|has|have|did|does|war|waren|ist|sind|hat|hatte|wurde|est|sont"
    r"|était|étaient|ont|fut)\b"
)


def split_mark(row: str) -> tuple[str, str]:
    """Return a line's bullet ('-'), number ('3') or letter ('a'), '' for none, and its text."""
    text = row.strip()
    if bullet := marks.BULLET.match(text):
        return "-", text[bullet.end() :]
    if mark := _MARK.match(text):
        return (mark[1] or mark[2]).lower(), text[mark.end() :]
    return "", text


def in_sequence(labels: Sequence[str]) -> bool:
    """Return whether numbers or letters are 1 to n or a to n, in whatever order."""
    if all(label.isdecimal() for label in labels):
        return sorted(map(int, labels)) == list(range(1, len(labels) + 1))
    return sorted(labels) == list(ascii_lowercase[: len(labels)])


@dataclass(frozen=True, slots=True)
class Slots:
    """Blanks to write the things in; ``above`` and ``below`` are words that stand beside them."""

    count: int
    numbered: bool
    end: int
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boxes:
    """Blanks to write numbers in, one for each of the ``things``."""

    things: tuple[str, ...]
    end: int
    before: bool  # the blank stands before its thing


def has_blank(row: str) -> bool:
    """Return whether a line has something to fill in, if only a number without its blank."""
    return bool(BLANK.search(row) or _read_slots(row))


def is_field(row: str) -> bool:
    """Return whether a line is 'Name: ______  Class: ______'."""
    pieces = [piece.strip() for piece in BLANK.split(row)]
    return any(pieces) and all(words.FIELD.fullmatch(piece) for piece in pieces if piece)


# --- blanks to write the things in --------------------------------------------


def read_slots(rows: Sequence[str], at: int) -> Slots | None:
    """Return the blanks that begin on a line, None if they are something else."""
    labels: list[str] = []
    notes: list[tuple[int, str]] = []  # words and the number of the blank that they stand beside
    end = at
    for index in range(at, len(rows)):
        if not rows[index].strip():
            continue
        found = _read_slots(rows[index])
        if not found or _begins_anew(labels, found[0]):
            break
        notes += [(number + len(labels), note) for number, note in found[1]]
        labels += found[0]
        end = index + 1
    numbered, count = any(labels), len(labels)
    if not MIN_THINGS <= count <= MAX_THINGS or (numbered and not in_sequence(labels)):
        return None
    above = tuple(note for number, note in notes if number < count - 1)
    return Slots(count, numbered, end, above, tuple(note for _number, note in notes[len(above) :]))


def _begins_anew(labels: Sequence[str], more: Sequence[str]) -> bool:
    """Return whether a line's numbers do not go on with those of the lines above."""
    unlike = bool(labels) and bool(labels[0]) != bool(more[0])
    return unlike or bool(set(labels) & set(more) - {""})


def _read_slots(row: str) -> tuple[list[str], list[tuple[int, str]]] | None:
    """Return the labels of a line's blanks, '' for none, and the words beside each of them."""
    text = row.strip()
    marks_at_end = _MARKS_AT_END.search(text)
    note = marks_at_end[0] if marks_at_end and marks_at_end.start() else ""
    text = text.removesuffix(note)
    slots = list(_SLOT.finditer(text))
    labels = [(slot["number"] or slot["letter"] or slot["bare"] or "").lower() for slot in slots]
    if not slots or (len(text) >= LONG_BLANK and labels == [""]):
        return None
    ends = [0, *(slot.end() for slot in slots)]
    starts = [*(slot.start() for slot in slots), len(text)]
    pieces = [text[end:start].strip(_SEPARATORS) for end, start in zip(ends, starts, strict=True)]
    is_label = words.ANSWER.fullmatch(pieces[0])
    if any(piece and not words.SCALE.fullmatch(piece) for piece in pieces[bool(is_label) :]):
        return None
    last = len(slots) - 1
    notes = [(min(at, last), piece) for at, piece in enumerate([*pieces, note]) if piece]
    return labels, notes


# --- blanks to write numbers in -----------------------------------------------


def read_boxes(rows: Sequence[str], at: int) -> Boxes | None:
    """Return the things with a blank before or after each that begin on a line, or None."""
    first = _read_boxes(rows[at])
    if not first:
        return None
    things: list[str] = []
    end = at
    adjacent = True
    for line, stop in _unwrapped(rows, at):
        found = _read_boxes(line)
        if found and found.before is first.before and (first.colon or not found.colon):
            things += found.texts
            end = stop
        elif adjacent and _is_of_text(line, rows[at]):
            return None
        elif line:
            break
        adjacent = bool(line)
    in_one_line = len(first.texts) > 1
    if not (3 if in_one_line else MIN_THINGS) <= len(things) <= MAX_THINGS:
        return None
    return Boxes(tuple(things), end, first.before)


def _is_of_text(line: str, first: str) -> bool:
    """Return whether a line's blank shows that all blanks from the first line on are of a text."""
    alike = split_mark(line)[0].isalnum() == split_mark(first)[0].isalnum()
    asks = words.asks_for_reason(line) or is_field(line) or _MARKS_AT_END.fullmatch(line)
    return bool(BLANK.search(line)) and alike and not asks


def _unwrapped(rows: Sequence[str], at: int) -> Iterator[tuple[str, int]]:
    """Yield the lines from one on and the line behind each, those joined that were wrapped."""
    line = ""
    for index in range(at, len(rows)):
        row = rows[index].strip()
        blank_above = BLANK.search(split_mark(line)[1])
        begins_above = not blank_above or (not blank_above.start() and not BLANK.search(row))
        if line and row[:1].islower() and not split_mark(row)[0] and begins_above:
            line += f" {row}"
            continue
        if index > at:
            yield line, index
        line = row
    yield line, len(rows)


@dataclass(frozen=True, slots=True)
class _Row:
    before: bool
    texts: list[str]
    colon: bool  # 'Economic: ____'


def _read_boxes(row: str) -> _Row | None:
    """Return the things of a line in which blanks and things take turns, None for another line."""
    pieces = [piece.strip() for piece in BLANK.split(split_mark(row)[1])]
    before = not pieces[0]
    texts = pieces[1:] if before else pieces[:-1]
    if len(pieces) < 2 or (not before and pieces[-1]):
        return None
    colon = not before and texts[0].endswith(":")
    if before:
        bare = [text.lstrip(".):–—-= ").rstrip(",; ") for text in texts]
    else:
        bare = [text.lstrip(",; ").rstrip(":=–—- ") for text in texts]
    bare = [_NUMBER_AT_END.sub("", text) for text in bare]
    most = MAX_WORDS if len(bare) == 1 else MAX_WORDS_BESIDE_OTHERS
    if not all(_may_be_thing(text, most) for text in bare):
        return None
    is_cloze = before and any(map(_is_predicate, bare))
    return None if is_cloze or any(map(words.asks_for_reason, bare)) else _Row(before, bare, colon)


def _may_be_thing(text: str, most: int) -> bool:
    """Return whether a text beside a blank can be a thing to be numbered."""
    return (
        any(char.isalnum() for char in text)
        and "?" not in text
        and " / " not in text
        and not text.startswith("(")  # '____ (go)' says what to fill in
        and len(text.split()) <= most
        and not any(form.fullmatch(text) for form in (words.FIELD, words.STEP, words.SCALE))
        and not words.AND.match(text)
    )


def _is_predicate(text: str) -> bool:
    """Return whether a text goes on after a gap that belongs to its sentence."""
    return bool(_PREDICATE.match(text)) or (text[:1].islower() and text.endswith("."))
