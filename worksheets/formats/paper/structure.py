"""The exercises of a paper: what is asked for, and the pieces that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .blanks import Blank, field_blanks, find_blanks
from .chunks import TEXTS, Chunk, Kind
from .tables import cells_of
from .tasks import EACH, EXERCISE, Task, asks_to_write, bare, is_about_bank, task_of
from .verdicts import read_head


@dataclass(slots=True)
class Exercise:
    """Chunks that belong together. ``intro`` are its headings and what it asks for."""

    intro: list[Chunk] = field(default_factory=list)
    body: list[Chunk] = field(default_factory=list)
    task: Task | None = None
    bank: Chunk | None = None

    @property
    def chunks(self) -> list[Chunk]:
        return self.intro + self.body

    @property
    def asks_own_words(self) -> bool:
        """Return whether its instruction wants sentences of the pupil's own."""
        return any(EACH.search(bare(chunk.label)[:300]) for chunk in self.intro)

    @property
    def speaks_of_bank(self) -> bool:
        return any(is_about_bank(chunk.label) for chunk in self.intro)

    @property
    def wants_gaps(self) -> bool:
        return self.task is Task.FILL or self.bank is not None

    def gap_count(self) -> int:
        """Return how many blanks look like gaps, and not like lines for name or answers."""
        return sum(
            len(strong_blanks(chunk)) - len([b for b in field_blanks(chunk.text) if not b.weak])
            for chunk in self.chunks
            if chunk.kind is not Kind.LINE
        )


def strong_blanks(chunk: Chunk) -> list[Blank]:
    """Return the blanks of a text or table that are blanks without doubt."""
    if chunk.kind not in TEXTS and chunk.kind not in (Kind.TABLE, Kind.LINE):
        return []
    return [blank for blank in find_blanks(chunk.text) if not blank.weak]


def divide(chunks: Sequence[Chunk]) -> list[Exercise]:
    """Return the exercises of a paper, in their order; all chunks are in one of them."""
    exercises = [Exercise()]
    for at, chunk in enumerate(chunks):
        current = exercises[-1]
        heading = chunk.kind in (Kind.TITLE, Kind.HEADING)
        task = None if _is_item(chunks, at) else _task(chunk)
        another = task is None and bool(current.body) and _begins_another(current, chunk)
        if another or (
            heading and (current.body or (current.intro and _is_deeper(current, chunk)))
        ):
            current = Exercise()
            exercises.append(current)
        elif task is not None and (current.body or current.task is not None):
            if not current.body and _may_refine(current, task):
                pass
            else:
                current = Exercise()
                exercises.append(current)
        if heading or (task is not None and not current.body):
            current.intro.append(chunk)
            current.task = task or current.task
        else:
            current.body.append(chunk)
    for exercise in exercises:
        exercise.task = _settled(exercise)
    return exercises


def _settled(exercise: Exercise) -> Task | None:
    """Return an exercise's task, which what stands below its instruction can say better."""
    task, body = exercise.task, exercise.body
    if task in (None, Task.CHOOSE) and _end_with_verdicts(body):
        return Task.TRUE_FALSE
    if task is Task.MATCH and _is_form([c.text for c in body if c.kind is Kind.TABLE]):
        return Task.FILL
    return task


def _end_with_verdicts(chunks: Sequence[Chunk]) -> bool:
    """Return whether two lines or more end with a verdict to choose: 'Bees sleep.   T   F'."""
    found = [read_head(chunk.text) for chunk in chunks if chunk.kind in TEXTS]
    return sum(bool(row and row[0]) for row in found) > 1


def _is_form(rows: Sequence[str]) -> bool:
    """Return whether a table has a head, and below it one thing in each row and empty cells."""
    cells = [cells_of(row) for row in rows]
    cells = [row for row in cells if not all(cell and not cell.strip(":-") for cell in row)]
    if len(cells) < 2 or not all(cells[0]):
        return False
    return all(row[0] and len(row) > 1 and not any(row[1:]) for row in cells[1:])


def _begins_another(current: Exercise, chunk: Chunk) -> bool:
    """Return whether a question that has no task for others stands behind an exercise.

    'Task 3: Explain …' names itself; a number may be the next one after that of the instruction,
    with items that have letters or nothing between them.
    """
    if chunk.kind is Kind.PARAGRAPH:
        return bool(EXERCISE.match(chunk.text)) and asks_to_write(chunk.text)
    if chunk.kind is not Kind.NUMBER or current.task in (None, Task.FILL):
        return False
    before = [c.number for c in current.intro if c.kind is Kind.NUMBER]
    numbered = any(c.kind is Kind.NUMBER for c in current.body)
    return bool(before) and chunk.number == before[-1] + 1 and not numbered


def _is_item(chunks: Sequence[Chunk], at: int) -> bool:
    """Return whether a numbered line is one of a list, with the next number right below it."""
    chunk = chunks[at]
    if chunk.kind is not Kind.NUMBER:
        return False
    number = chunk.number
    below = chunks[at + 1] if at + 1 < len(chunks) else None
    above = chunks[at - 1] if at else None
    if below is not None and below.kind is Kind.NUMBER and below.number == number + 1:
        return True
    ends = below is None or below.kind in (Kind.HEADING, Kind.PARAGRAPH, Kind.ROOM)
    return ends and above is not None and above.kind is Kind.NUMBER and above.number == number - 1


def _task(chunk: Chunk) -> Task | None:
    if chunk.kind not in TEXTS and chunk.kind not in (Kind.TITLE, Kind.HEADING):
        return None
    if chunk.box or chunk.kind is Kind.BULLET or strong_blanks(chunk):
        return None
    # 'Bees sleep.   TRUE   FALSE' is a statement, and no task.
    if (found := read_head(chunk.text)) and task_of(found[0]) is None:
        return None
    return task_of(chunk.label)


def _is_deeper(current: Exercise, chunk: Chunk) -> bool:
    """Return whether the heading above has an exercise's task of its own."""
    del chunk
    return current.task is not None


def _may_refine(current: Exercise, task: Task) -> bool:
    """Return whether an instruction says more about the same exercise."""
    only_heading = all(chunk.kind in (Kind.TITLE, Kind.HEADING) for chunk in current.intro)
    return only_heading or task is current.task or task is Task.FILL or current.task is Task.FILL
