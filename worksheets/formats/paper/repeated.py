"""The repetitions in a paper's answers: questions above their answers, sentences filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .blanks import find_blanks
from .chunks import LISTED, TEXTS, Chunk, Kind

MIN_LETTERS = 12  # of the beginning of a question by which it is known again
MAX_FILLING = 12  # words of an answer within its sentence

_MARKS = re.compile(r"[(\[（/]?\s*[0-9]{1,3}\s*(?:[^\W\d_]{1,10}\.?)?\s*[)\]）]")
_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W_]")
_QUESTION_MARKS = "?？؟"
_KINDS = {*TEXTS, Kind.HEADING, Kind.TITLE}


@dataclass(slots=True)
class Asked:
    """The questions, sentences with blanks and headings of a paper that have been read so far."""

    _all: set[str] = field(default_factory=set)
    _by_start: dict[str, list[str]] = field(default_factory=dict)

    def add(self, chunk: Chunk) -> None:
        """Take note of what a chunk of the tasks says."""
        letters = letters_of(chunk.text)
        if chunk.kind not in _KINDS or len(letters) < MIN_LETTERS or letters in self._all:
            return
        self._all.add(letters)
        self._by_start.setdefault(letters[:MIN_LETTERS], []).append(letters)

    def find(self, chunk: Chunk) -> str:
        """Return the letters of what a chunk says again, with or without more behind it; or ''."""
        letters = letters_of(chunk.text)
        if chunk.kind not in _KINDS or len(letters) < MIN_LETTERS:
            return ""
        if letters in self._all:
            return letters
        same = self._by_start.get(letters[:MIN_LETTERS], ())
        return max((one for one in same if letters.startswith(one)), key=len, default="")


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, without blanks and printed marks."""
    return "".join(_LETTER.findall(_MARKS.sub(" ", text))).casefold()


@dataclass(frozen=True, slots=True)
class Model:
    """An answer that stands below, or behind, its question: the letters of that, and the answer."""

    question: str
    answer: str


def take_models(part: Sequence[Chunk], asked: Asked) -> tuple[list[Chunk], list[Model]]:
    """Return the answers of a key whose questions are not repeated there, and those of the others.

    A question that is repeated has the lines up to the next one for its answer. What is repeated
    with nothing below it, and asks nothing, is an answer: a bank in the order of the gaps.
    """
    rest: list[Chunk] = []
    models: list[Model] = []
    open_question, rows = "", list[str]()
    repeated: Chunk | None = None

    def close() -> None:
        if open_question and any(rows):
            models.append(Model(open_question, " ".join(filter(None, rows))))
        elif repeated is not None:
            rest.append(repeated)

    for chunk in part:
        found = asked.find(chunk)
        is_question = found and chunk.text.rstrip("*_ )]").endswith(tuple(_QUESTION_MARKS))
        behind = _behind_question(chunk.text, found) if found else ""
        if found and (is_question or behind or _is_same(chunk.text, found)):
            close()
            open_question, rows = found, [behind]
            repeated = chunk if chunk.kind in TEXTS and not is_question else None
        # A sentence with blanks that is found again has its answers in it.
        elif open_question and not found and chunk.kind is not Kind.HEADING:
            rows.append(chunk.text if chunk.kind is not Kind.OPTION else chunk.label)
        else:
            close()
            open_question, rows, repeated = "", [], None
            rest.append(chunk)
    close()
    return rest, models


def _is_same(text: str, letters: str) -> bool:
    return letters_of(text) == letters


def _behind_question(text: str, letters: str) -> str:
    """Return what stands behind a question in a text that begins with its letters; or ''."""
    for at, char in enumerate(text):
        if char in _QUESTION_MARKS and letters_of(text[: at + 1]) == letters:
            return _MARKS.sub(" ", text[at + 1 :], count=1).strip(" :–—-*_")
    return ""


def give_models(chunks: Iterable[Chunk], models: Sequence[Model]) -> None:
    """Make answers the model answers of the boxes below their questions."""
    answers = {model.question: model.answer for model in models}
    question = ""
    for chunk in chunks:
        if chunk.kind is Kind.ROOM:
            if question in answers and not chunk.model:
                chunk.model = answers[question]
            question = ""
        elif chunk.kind in TEXTS or chunk.kind is Kind.HEADING:
            letters = letters_of(chunk.text)
            # The options of a question stand between it and its box.
            if chunk.kind not in LISTED or letters in answers:
                question = letters


def fillings(chunk: Chunk, answer: str) -> list[str]:
    """Return what stands in an answer where the text has its blanks; [] for another text."""
    blanks = [blank for blank in find_blanks(chunk.text) if not blank.weak]
    if not blanks or len(blanks) != chunk.gaps:
        return []
    ends = [0, *(blank.end for blank in blanks)]
    starts = [*(blank.start for blank in blanks), len(chunk.text)]
    pieces = [
        [word[0].casefold() for word in _WORD.finditer(chunk.text, end, start)]
        for end, start in zip(ends, starts, strict=True)
    ]
    words = list(_WORD.finditer(answer))
    said = [word[0].casefold() for word in words]
    if not any(pieces) or said[: len(pieces[0])] != pieces[0]:
        return []
    found: list[str] = []
    at = len(pieces[0])
    for piece in pieces[1:]:
        is_last = len(found) == len(blanks) - 1
        end = len(said) - len(piece) if is_last else _find(said, piece, at + 1)
        if end <= at or end - at > MAX_FILLING or said[end : end + len(piece)] != piece:
            return []
        found.append(answer[words[at].start() : words[end - 1].end()])
        at = end + len(piece)
    return found


def _find(said: Sequence[str], piece: Sequence[str], start: int) -> int:
    """Return where a piece's words stand first; -1 if they do nowhere, or are none."""
    size = len(piece)
    places = range(start, len(said) - size + 1) if size else ()
    return next((at for at in places if said[at : at + size] == piece), -1)
