"""Decisions which blanks of a paper are gaps, and which are lines to write on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worksheets.markup.lines import is_label
from worksheets.markup.messages import Message as _

from .blanks import GAP, Blank, field_blanks, find_blanks, width_of
from .choices import has_ticked_row, with_choices
from .chunks import TEXTS, Chunk, Kind
from .joining import LONG_BLANK
from .rooms import QUESTION, add_rooms, is_question
from .structure import Exercise
from .tables import cells_of
from .tasks import Task, asks_to_write

SHORT_ANSWER = 15  # a blank of this width behind a question is for a sentence

_LABEL = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)?\s?[:：]")  # 'Working:'
_PUNCTUATED = re.compile(r"[_…]\s?[,;!]\s*\Z")
_OPEN = (".", "!", "?", ":", ";", "…", "。", "？", "：", "؟")


def place_answers(exercises: Sequence[Exercise]) -> None:
    """Decide what each blank of a paper is, and give a box to what asks for a written answer."""
    interpretations = 0
    for exercise in exercises:
        reader = _Reader(exercise)
        exercise.intro = list(reader.read(exercise.intro))
        exercise.body = with_choices(exercise, list(reader.read(exercise.body)))
        exercise.body = list(_joined(exercise.body))
        interpretations = add_rooms(exercise, interpretations)


class _Reader:
    """The reader of one exercise's blanks."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.wants_gaps = exercise.wants_gaps
        self.own_words = exercise.asks_own_words and exercise.bank is None
        texts = [chunk.text for chunk in exercise.body if chunk.kind in TEXTS]
        fields = [{b.start for b in field_blanks(text)} for text in texts]
        strong = [
            b
            for text, own in zip(texts, fields, strict=True)
            for b in find_blanks(text)
            if not b.weak and b.start not in own
        ]
        weak = [b for text in texts for b in find_blanks(text) if b.weak]
        self.weak_forms = {b.form for b in strong}
        if self.wants_gaps and not strong:
            self.weak_forms |= {b.form for b in weak}
        self.matching = exercise.task is Task.MATCH and exercise.bank is None

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks with gaps as gaps, and lines to write on as boxes."""
        header: list[str] | None = None
        for at, chunk in enumerate(chunks):
            if chunk.kind is Kind.TABLE:
                header = self._table(chunk, header)
                yield chunk
                continue
            header = None
            if chunk.kind is Kind.LINE:
                yield from self._line(chunk, chunks[at - 1] if at else None)
            elif chunk.kind in TEXTS or chunk.kind in (
                Kind.HEADING,
                Kind.TITLE,
                Kind.INTERPRETATION,
            ):
                yield from self._text(chunk)
            else:
                yield chunk

    def _line(self, chunk: Chunk, above: Chunk | None) -> Iterator[Chunk]:
        blanks = [blank for blank in find_blanks(chunk.text) if not blank.weak]
        wide = width_of(chunk.text) >= LONG_BLANK / 2 or len(chunk.rows) > 1
        if len(chunk.rows) == 1 and _PUNCTUATED.search(chunk.text):
            yield from self._text(Chunk(Kind.PARAGRAPH, chunk.rows, box=chunk.box))
            return
        in_text = above is not None and above.kind in TEXTS and not above.text.endswith(_OPEN)
        if self.wants_gaps and not self.own_words and (in_text or len(blanks) > 1) and not wide:
            yield from self._text(Chunk(Kind.PARAGRAPH, chunk.rows))
            return
        yield Chunk(Kind.ROOM, ["???"], box=chunk.box)

    def _text(self, chunk: Chunk) -> Iterator[Chunk]:
        text = chunk.text
        blanks = find_blanks(text)
        if not blanks:
            yield chunk
            return
        fields = {blank.start for blank in field_blanks(text)}
        if fields and self.wants_gaps and len(fields) < len(blanks):
            fields = set()
        room = self._room_at_end(chunk, blanks, fields)
        pieces: list[str] = []
        end = 0
        for blank in blanks:
            if room is not None and blank.start >= room.start:
                break
            pieces.append(text[end : blank.start])
            end = blank.end
            run = text[blank.start : blank.end]
            if self._is_slot(blank, text):
                continue
            if blank.start in fields or not self._is_gap(blank, text):
                pieces.append(_guarded(run, strong=not blank.weak))
                if blank.start == min(fields, default=-1):
                    message = _("We took this for a line for name, class or date: no gap.")
                    chunk.cautions.append(("name-line", message))
            else:
                chunk.gaps += 1
                spaced = f" {GAP} " if blank.form == "dots" and blank.width < 3 else GAP
                pieces.append(spaced if blank.form != "line" or run[:1] != "（" else GAP)
        pieces.append(text[end : room.start if room is not None else len(text)])
        joined = "".join(pieces)
        # What is to be matched may stand side by side.
        chunk.text = joined if self.matching else " ".join(joined.split())
        chunk.field = chunk.field or bool(fields)
        if room is not None and is_label(chunk.text):
            yield Chunk(Kind.ROOM, [f"{chunk.text} ???"], box=chunk.box)
            return
        if chunk.text or room is None:
            yield chunk
        if room is not None:
            made = Chunk(Kind.ROOM, ["???"], box=chunk.box)
            if not QUESTION.search(chunk.text) and not self.own_words:
                message = _(
                    "The long blank became an answer box. If it is a gap, write ______ instead."
                )
                made.cautions.append(("room-from-blank", message))
            yield made

    def _is_slot(self, blank: Blank, text: str) -> bool:
        """Return whether a letter is to be written there, behind a question with options."""
        chooses = self.exercise.task is Task.CHOOSE and not text[blank.end :].strip(" .。")
        return chooses and blank.form == "bracket" and bool(text[: blank.start].strip())

    def _is_gap(self, blank: Blank, text: str) -> bool:
        if self.matching or self.exercise.task is Task.TRUE_FALSE:
            return False
        if blank.form == "box" and has_ticked_row(text):
            return False
        if not blank.weak:
            return blank.form != "box" or self.exercise.task is not Task.CHOOSE
        if blank.form == "dots":
            return blank.form in self.weak_forms and _is_between_words(blank, text)
        return self.wants_gaps and blank.form in self.weak_forms

    def _room_at_end(self, chunk: Chunk, blanks: Sequence[Blank], fields: set[int]) -> Blank | None:
        """Return the blank at the end of a text that is a line to write on."""
        strong = [blank for blank in blanks if not blank.weak]
        last = strong[-1] if strong else None
        if last is None or last.start in fields or chunk.kind in (Kind.HEADING, Kind.TITLE):
            return None
        if (
            chunk.text[last.end :].strip(" .")
            or self.matching
            or self.exercise.task is Task.TRUE_FALSE
        ):
            return None
        if self._is_slot(last, chunk.text):
            return None
        earlier = [blank for blank in strong[:-1] if blank.start not in fields]
        while earlier and not chunk.text[earlier[-1].end : last.start].strip():
            last = Blank(
                earlier[-1].start, last.end, max(last.width, earlier[-1].width), last.form, False
            )
            earlier.pop()
        before = chunk.text[: last.start].rstrip()
        if earlier and not is_question(before[earlier[-1].end :]):
            return None
        return last if self._is_room(last, before) else None

    def _is_room(self, blank: Blank, before: str) -> bool:
        if is_question(before):
            return not self.wants_gaps or blank.width >= SHORT_ANSWER
        if self.own_words:
            return blank.width >= SHORT_ANSWER or before.endswith((":", "：")) or not before
        if self.wants_gaps:
            return False
        if asks_to_write(before):
            return blank.width >= SHORT_ANSWER / 2
        if _LABEL.fullmatch(before):
            return blank.width >= LONG_BLANK / 2
        if not before:
            return blank.width >= LONG_BLANK / 2
        return blank.width >= LONG_BLANK

    def _table(self, chunk: Chunk, header: list[str] | None) -> list[str]:
        """Make gaps of blanks and empty cells; return the table's head."""
        cells = cells_of(chunk.text)
        if header is None:
            chunk.text = self._row(chunk, cells, None)
            return cells
        if all(cell and not cell.strip(":-") for cell in cells):
            return header
        chunk.text = self._row(chunk, cells, header)
        return header

    def _row(self, chunk: Chunk, cells: list[str], header: list[str] | None) -> str:
        made = []
        for at, cell in enumerate(cells):
            above = header[at] if header and at < len(header) else ""
            left = cells[at - 1] if at else ""
            pupil = bool(left) and bool(field_blanks(f"{left}: {GAP}"))
            if not cell:
                wanted = header is not None and (above or left) and not self.matching and not pupil
                wanted = wanted and (not chunk.layout or _is_head(header))
                slot = self.exercise.task in (Task.TRUE_FALSE, Task.CHOOSE)
                made.append(GAP if wanted and not slot else "")
                chunk.gaps += bool(made[-1])
                continue
            pieces: list[str] = []
            end = 0
            for blank in find_blanks(cell):
                pieces.append(cell[end : blank.start])
                gap = self._is_gap(blank, cell) and not pupil
                pieces.append(
                    GAP if gap else _guarded(cell[blank.start : blank.end], strong=not blank.weak)
                )
                chunk.gaps += gap
                end = blank.end
            made.append("".join(pieces) + cell[end:])
        return "| " + " | ".join(made) + " |"


def _is_head(cells: Sequence[str] | None) -> bool:
    """Return whether a table's first row names its columns."""
    return bool(cells) and all(cell and len(cell.split()) <= 5 for cell in cells or ())


def _is_between_words(blank: Blank, text: str) -> bool:
    """Return whether three dots stand where a word is missing, and do not end a sentence."""
    before, after = text[: blank.start], text[blank.end :]
    spaced = not before or before[-1:].isspace()
    follows = (
        after[:1].isspace() and after.strip()[:1].isalnum() and not after.strip()[:1].isupper()
    )
    ends = not after.strip() or after.strip()[0] in ".,;:?!"
    if spaced:
        return follows or ends or (after[:1].isspace() and bool(after.strip()))
    return follows and blank.end - blank.start > 2


def _guarded(run: str, *, strong: bool) -> str:
    """Return a run of signs as text that is no gap in the markup."""
    if not strong or run[:1] not in "_.…":
        return run
    return f"\\{run}"


def _joined(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks, several boxes in a row as one."""
    before: Chunk | None = None
    for chunk in chunks:
        twice = (
            before is not None
            and before.kind is chunk.kind is Kind.ROOM
            and before.rows == chunk.rows == ["???"]
            and not chunk.bold
            and not before.bold
        )
        if not twice:
            yield chunk
            before = chunk
