"""The tasks of a paper that ask to put things in order.

Such a task has a sentence that asks for an order, the things, and either blanks to write them in
('1. ____  2. ____') or a blank for a number beside each ('___ Economic'). A ranking takes the place
of the blanks; the sentence stays, without the things where they can be taken out of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from . import ranking_words as words
from .headings import SENTENCE_END
from .ranking_blanks import (
    BLANK,
    MAX_THINGS,
    MIN_THINGS,
    has_blank,
    in_sequence,
    is_field,
    read_boxes,
    read_slots,
    split_mark,
)
from .ranking_things import is_list, may_be_thing, split_list

MAX_LINES = 60  # of a task, up to its blanks
MAX_LINES_OF_PROMPT = 8
MAX_NOTES = 3  # lines of text between the prompt and the blanks
MAX_LINES_OF_BOX = 4
MAX_LENGTH = 3000  # of a task, up to its blanks
MAX_ENDS = 25  # of lines and sentences behind which the things may begin

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{3,400})[)\]]")
_DASHES = re.compile(r"\s+[–—-]\s+([^–—]{3,400}?)(?:\s+[–—-](?=\s)|(?=[.:]?\s*\Z))")
_BAR = re.compile(r"(?<!\\)\|")
_END = re.compile(r"\n|[.!?] +(?=\S)")  # of a line or sentence
_COLON = re.compile(r":(?=\s|\Z)")
_NEXT_SENTENCE = re.compile(r"[.!]\s+(?=[^\W\d_a-zäöüéàß])")
_OWN_SENTENCE = re.compile(r"(?:\A|[.!?]\s)([^.!?]*):\s*\Z")  # the last one, ending with ':'
_BOX = re.compile(r"\b(?:box|bank|words?|list|wörter|wortliste|kasten|mots|liste|encadré)\b", re.I)


_Found = tuple[str, tuple[str, ...]]  # the text above a ranking, and its things


@dataclass(slots=True)
class Taken:
    """The lines of a paper without its rankings.

    ``rankings`` has the things by the number of the empty line that stands for them; ``prompts``
    has the numbers of the lines that belong to these tasks, so that they are not headings.
    """

    rows: list[str] = field(default_factory=list)
    rankings: dict[int, tuple[str, ...]] = field(default_factory=dict)
    prompts: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Task:
    """A ranking: the lines above and below it, its things, and the line behind all of that."""

    above: Sequence[str]
    things: tuple[str, ...]
    end: int
    below: Sequence[str] = ()


def take_rankings(rows: Sequence[str]) -> Taken:
    """Return the lines with the tasks that ask for a ranking taken out."""
    plain = [_without_table(row.replace("\xa0", " ")) for row in rows]
    blanks = [at for at, row in enumerate(plain) if has_blank(row) and not is_field(row)]
    taken = Taken()
    at = 0
    while at < len(rows):
        next_blank = bisect_left(blanks, at)
        task = _read_task(plain, at, blanks[next_blank]) if next_blank < len(blanks) else None
        if task is None:
            taken.rows.append(rows[at])
            at += 1
            continue
        if not task.above[0].strip()[:1].islower():
            taken.rows.append("")  # so that the prompt does not go on with the text above it
        first = len(taken.rows)
        taken.rows += [*task.above, ""]
        taken.rankings[len(taken.rows) - 1] = task.things
        taken.rows += task.below
        taken.prompts |= set(range(first, len(taken.rows)))
        at = task.end
    return taken


def _without_table(row: str) -> str:
    """Return a line, that of a table as text with a blank for each empty cell."""
    text = row.strip()
    if len(text) < 2 or text[0] != "|" or text[-1] != "|":
        return row
    cells = [cell.strip() for cell in _BAR.split(text[1:-1])]
    if all(cell and not cell.strip(":-") for cell in cells):
        return ""
    if re.fullmatch("[0-9]{1,2}", cells[0]) and not all(cell.isdecimal() for cell in cells):
        cells[0] += "."  # the number of its line
    return "  ".join(cell or "____" for cell in cells)


def _read_task(rows: Sequence[str], at: int, blank: int) -> Task | None:
    """Return the task whose sentence begins on a line, or None; ``blank`` is the next blank."""
    if blank - at >= MAX_LINES or not words.may_ask(rows[at]):
        return None
    above = rows[max(at - MAX_LINES, 0) : at]
    for lines, extra in _layouts(rows[at : at + MAX_LINES + 3 * MAX_THINGS], blank - at):
        if task := _TaskReader(above, lines, blank - at + extra).read():
            return Task(task.above, task.things, at + task.end - extra, task.below)
    return None


def _layouts(rows: Sequence[str], blank: int) -> Iterator[tuple[Sequence[str], int]]:
    """Yield the lines, then those with the blanks in the prompt moved to a line of their own.

    The number is that of the lines which there are more then.
    """
    yield rows, 0
    if blank < MAX_LINES_OF_PROMPT and (first := BLANK.search(rows[blank])):
        row = rows[blank]
        for cut in _cuts(row[: first.start()]):
            yield [*rows[:blank], row[:cut], row[cut:], *rows[blank + 1 :]], 1


def _cuts(text: str) -> list[int]:
    """Return where the blanks of a line may begin, in the text before the first of them."""
    if number := re.search(r"\s(?:\(?(?:1|[aA])[.):]{0,2}|1(?:st|er|re)\b[.:]?)\s*\Z", text):
        return [number.start()]
    return [match.end() for match in re.finditer(r"[.:!?)\]]\s+", text)][::-1]


@dataclass(frozen=True, slots=True)
class _Items:
    names: tuple[str, ...]
    lines: list[int]
    bulleted: bool


class _TaskReader:
    """The reader of a task whose sentence begins on the first of the lines.

    ``above`` are the lines before it, ``blank`` is the first line with a blank.
    """

    def __init__(self, above: Sequence[str], rows: Sequence[str], blank: int) -> None:
        self.above = above
        self.rows = rows
        self.blank = blank
        ends = (at for at in range(blank) if _ends_paragraph(rows, at))
        self.prompt_end = next(ends, blank)
        self.between = range(self.prompt_end, blank)
        self.prompt = "\n".join(rows[: self.prompt_end])
        self.requests = words.requests("\n".join(rows[: self.prompt_end][:MAX_LINES_OF_PROMPT]))
        self.is_sure = any(request["sure"] for request in self.requests)

    def read(self) -> Task | None:
        if not self.requests or self.requests[0].start() >= len(self.rows[0]):
            return None
        if sum(map(len, self.rows[: self.blank])) > MAX_LENGTH:
            return None
        after = self.prompt[self.requests[-1].end() if self.is_sure else 0 :]
        if words.asks_for_more(after) or words.asks_for_sentences(self.prompt):
            return None
        return self._with_slots() or self._with_boxes()

    def _with_boxes(self) -> Task | None:
        """Return the task with a blank for a number beside each thing."""
        boxes = read_boxes(self.rows, self.blank)
        if not boxes or not self._are_notes(self.between):
            return None
        if words.is_about_words(self.prompt) and not boxes.before:
            return None  # '1. tac ____': the letters of a word are to be put in order
        first, *others = boxes.things
        all_lower = all(thing[0].islower() for thing in boxes.things)
        ended = self.between or self.prompt.rstrip()[-1:] in ".:!?)" or self.prompt[-1:].isdigit()
        if all_lower and not (self.is_sure or ended):
            return None  # sentences with gaps that came to the beginnings of lines
        above = self.rows[: self.blank]
        if not boxes.before and not all_lower and first[0].islower() and self._is_half_a_thing():
            first = f"{split_mark(above[-1])[1]} {first}"
            above = above[:-1]
        things = (first, *others)
        below = next((at for at in range(boxes.end, len(self.rows)) if self.rows[at].strip()), 0)
        slots = read_slots(self.rows, below) if below else None
        if slots and slots.count == len(things):  # the numbers were to be written here, too
            return Task([*above, *_apart(slots.above)], things, slots.end, slots.below)
        return Task(above, things, boxes.end)

    def _is_half_a_thing(self) -> bool:
        """Return whether the line above the first blank begins a thing that goes on there."""
        line = split_mark(self.rows[self.blank - 1])[1]
        lines_of_request = self.prompt.count("\n", 0, self.requests[-1].end()) + 1
        unfinished = not line.endswith((*SENTENCE_END, ")"))
        return self.blank > lines_of_request and line[:1].isupper() and unfinished

    def _with_slots(self) -> Task | None:
        """Return the task with blanks to write in; without things if they are not found."""
        slots = read_slots(self.rows, self.blank)
        if not slots:
            return None
        self.count, self.end = slots.count, slots.end
        self.sure = slots.numbered and self.is_sure
        marked = [at for at in self.between if split_mark(self.rows[at])[0]]
        if len(marked) > 1:
            task = self._things_in_list(marked[0])
        else:
            task = self._things_in_text() or (None if marked else self._things_elsewhere())
        if not task or not (task.things or self.sure):
            return None
        above = [*task.above, *_apart(slots.above)]
        return Task(above, task.things, task.end, slots.below)

    # --- where the things are -------------------------------------------------

    def _things_in_list(self, first: int) -> Task | None:
        """Return the task whose things stand in a list between its sentence and the blanks."""
        items = _read_items(self.rows[: self.blank], first)
        if not items:
            return None
        announced = any(row.rstrip().endswith(":") for row in self.rows[:first])
        more = len(items.names) > self.count
        if len(items.names) != self.count and not (self.sure and (announced or more)):
            return None
        rest = [at for at in self.between if at not in items.lines]
        if not self._are_notes(rest, announcing=first):
            return None
        kept = [self.rows[at] for at in range(self.blank) if at not in items.lines]
        return Task(kept, items.names, self.end)

    def _things_in_text(self) -> Task | None:
        """Return the task whose things stand in its sentence, or in a text or box below that."""
        notes = [at for at in range(1, self.blank) if _is_note(self.rows[at])]
        text = "\n".join(self.rows[at] for at in range(self.blank) if at not in notes)
        for above, things in self._lists(text):
            return Task([*above.split("\n"), *(self.rows[at] for at in notes)], things, self.end)
        return None

    def _lists(self, text: str) -> Iterator[_Found]:
        """Yield what may be the list of things in a text, the likeliest first."""
        start = self.requests[0].end()
        colons = [match.end() for match in _COLON.finditer(text, start)][-MAX_NOTES:]
        ends = [match.end() for match in _END.finditer(text, start)][-MAX_ENDS:]
        for colon in reversed(colons):
            yield from _list_after(text, colon, self.count)
        for end in reversed(ends):
            yield from _box_after(text, end, self.count)
        yield from _lists_inside(text, self.count)
        for colon in colons if self.sure else ():
            yield from _list_after(text, colon, self.count, announced=True)

    def _things_elsewhere(self) -> Task | None:
        """Return the task whose things stand right below or above it, or are not found."""
        own = _OWN_SENTENCE.search(self.prompt)
        asks = own and (words.requests(own[1]) or words.speaks_of_answer(own[1]))
        if (own and not asks) or not self._are_notes(self.between):
            return None  # 'Rank the causes. The leaders were: 1. ____  2. ____'
        above = self.rows[: self.blank]
        if below := _things_below(self.rows, self.end, self.count):
            return Task([*above, *below.above], below.things, below.end)
        return Task(above, _things_above(self.above, self.count), self.end)

    def _are_notes(self, lines: Iterable[int], announcing: int = 0) -> bool:
        """Return whether lines only say more about the task, and none asks something else.

        What ends with a colon may announce the things, if it stands above line ``announcing``.
        """
        number = 0
        for at in lines:
            row = self.rows[at].strip()
            if not row or _is_note(row):
                continue
            number += 1
            opens = row.endswith(":") and at >= announcing and not words.speaks_of_answer(row)
            if opens or "?" in row or words.asks_for_more(row) or words.requests(row):
                return False
        return number <= MAX_NOTES


def _apart(lines: Sequence[str]) -> list[str]:
    """Return lines as a paragraph of their own."""
    return ["", *lines] if lines else []


def _is_note(row: str) -> bool:
    """Return whether a line explains the numbers, such as '(1 = most important)'."""
    text = row.strip()
    in_brackets = text.startswith("(") and text.endswith((")", ")."))
    numbers = in_brackets and not is_list(text[1:-1])
    return numbers or "=" in text or bool(words.SCALE.fullmatch(text)) or is_field(text)


def _ends_paragraph(rows: Sequence[str], at: int) -> bool:
    return not rows[at].strip() or (at > 0 and bool(split_mark(rows[at])[0]))


def _read_items(rows: Sequence[str], first: int) -> _Items | None:
    """Return the list that begins on a line, None if its lines are no things.

    All lines with a mark that come below have to belong to it.
    """
    names: list[str] = []
    labels: list[str] = []
    lines: list[int] = []
    for at in range(first, len(rows)):
        label, text = split_mark(rows[at])
        if label:
            labels.append(label)
            names.append(text)
        elif names and lines[-1] == at - 1 and text[:1].islower():
            names[-1] += f" {text}"
        else:
            continue
        lines.append(at)
    bulleted = set(labels) == {"-"}
    if not MIN_THINGS <= len(names) <= MAX_THINGS or not all(map(may_be_thing, names)):
        return None
    if not bulleted and ("-" in labels or not in_sequence(labels)):
        return None
    return _Items(tuple(names), lines, bulleted)


# --- where the things are ---------------------------------------------------------


def _list_after(text: str, colon: int, count: int, *, announced: bool = False) -> Iterator[_Found]:
    """Yield the things after a colon: 'Rank the causes: a, b, c'."""
    tail = text[colon:].strip()
    note = re.search(rf"\s({words.MARKS.pattern})\Z", tail, re.IGNORECASE)
    listed = tail[: note.start()] if note else tail
    rows = [row for row in listed.split("\n") if row.strip()]
    more = _NEXT_SENTENCE.search(listed) if len(rows) != count else None
    if more:
        rows = listed[: more.start()].split("\n")
    if things := split_list(rows, count, announced=announced, loose=True):
        without = text[:colon] + (f" {note[1]}" if note else "")
        # A list with 'and', or with a sentence behind it, cannot go without harm.
        yield (text if more or not things.whole else without), things.names


def _box_after(text: str, end: int, count: int) -> Iterator[_Found]:
    """Yield the things that stand after the end of a line or sentence, as in a box."""
    rows = [row for row in text[end:].split("\n") if row.strip()]
    above = text[:end].rstrip()
    one_each = len(rows) == count
    apart = text[:end].endswith("\n\n") or above.endswith(SENTENCE_END)
    if not rows or (not one_each and rows[-1].rstrip().endswith((".", "!"))):
        return
    if not apart and (count < 3 or not (one_each or is_list("\n".join(rows)))):
        return  # the last line of the sentence above
    if things := split_list(rows, count, loose=apart and text[:end].endswith("\n")):
        yield (above if things.whole else text), things.names


def _lists_inside(text: str, count: int) -> Iterator[_Found]:
    """Yield the things in brackets or between dashes in a sentence."""
    for match in (*_BRACKETS.finditer(text), *_DASHES.finditer(text)):
        things = split_list(match[1].split("\n"), count) if is_list(match[1]) else None
        if things:
            rest = text[: match.start()] + text[match.end() :]
            yield (rest if things.whole else text), things.names


def _things_below(rows: Sequence[str], end: int, count: int) -> Task | None:
    """Return the things in a list or box below the blanks, with what is said of them."""
    first = next((at for at in range(end, len(rows)) if rows[at].strip()), len(rows))
    last = next((at for at in range(first, len(rows)) if not rows[at].strip()), len(rows))
    lines = rows[first:last]
    text = "\n".join(lines)
    asks = "?" in text or words.requests(text) or words.asks_for_reason(text)
    if not lines or asks or any(map(has_blank, lines)):
        return None
    if split_mark(lines[0])[0]:
        items = _read_items(lines, 0)
        if not items or not items.bulleted or len(items.lines) < len(lines):
            return None
        return Task((), items.names, last) if len(items.names) == count else None
    label, colon, tail = text.rpartition(":")
    if not (_BOX.search(label) if colon else is_list(text)):
        return None
    things = split_list(tail.split("\n"), count)
    if not things:
        return None
    kept = label + colon if things.whole else text
    return Task(["", *kept.split("\n")] if kept else (), things.names, last)


def _things_above(rows: Sequence[str], count: int) -> tuple[str, ...]:
    """Return the things in a list, sentence or box right above the task, where they also stay."""
    last = next((at for at in range(len(rows), 0, -1) if rows[at - 1].strip()), 0)
    first = last
    while first and (not rows[first - 1].strip() or _may_be_in_list(rows[first - 1])):
        first -= 1
    marked = next((at for at in range(first, last) if split_mark(rows[at])[0]), last)
    if marked < last:
        items = _read_items(rows[:last], marked)
        return items.names if items and len(items.names) == count else ()
    first = last
    while first and rows[first - 1].strip() and last - first < MAX_LINES_OF_BOX:
        first -= 1
    text = "\n".join(rows[first:last])
    if has_blank(text):
        return ()
    _label, colon, tail = text.rpartition(":")
    if not colon and not is_list(text):
        return ()
    things = split_list(tail.split("\n"), count)
    return things.names if things else ()


def _may_be_in_list(row: str) -> bool:
    return bool(split_mark(row)[0]) or row.strip()[:1].islower()
