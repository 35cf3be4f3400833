"""The word banks of a paper: found by what introduces them, by their box, or by their look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worksheets.markup.messages import Message as _

from .blanks import find_blanks
from .chunks import TEXTS, Chunk, Kind
from .structure import Exercise, strong_blanks
from .tables import cells_of
from .tasks import BANK, Task, bare, is_about_bank, is_page_number, task_of
from .terms import WordCounts, are_terms, clean, is_prose, separated, split_terms

MAX_BANK_WORDS = 100
MIN_FITTING = 0.7  # terms for each gap of a bank that is only guessed
MAX_WORDS_IN_CELL = 3  # of a table that may be a bank
MAX_WORDS_OF_LABEL = 4
MAX_LABEL = 60  # characters in which a line says that it is a bank
MAX_LINES = 8  # of a bank that nothing introduces
MAX_CHUNKS = 60  # of a bank with a term a line

_ENDS_SENTENCE = re.compile(r"[.!?。！？؟]\s*\Z")
_SENTENCE_INSIDE = re.compile(r"[.!?。！？؟]\s+\S")
_PUNCTUATION = re.compile(r"[.?!:;。？！：؟]")
_COLON = re.compile(r"\s*[:：=]\s*|\s+[–—-]\s+")
_BRACKETS = re.compile(r"\s*[(\[（]([^()\[\]（）]{3,300})[)\]）]\s*[.:]?\s*\Z")
_LABEL_END = re.compile(r"\s*[:：]\s*")
_AND = re.compile(r"\s+(?:and|or|und|oder|et|ou|y|o|e|en|of|i|lub|и|или)\s+")
_CLOSING = re.compile(r"\)\s*[.:!]?\s*\Z")
_REST = re.compile(r"(?<=[^\W\d_]{3})[.。]\s+(?=[^\W\d_])")


@dataclass(slots=True)
class Found:
    """A bank's place, some chunks of an exercise, and its terms."""

    start: int
    end: int
    terms: list[str]
    introduction: str = ""  # what is left of the first chunk's text
    rest: str = ""
    sure: bool = True


def find_banks(exercises: Sequence[Exercise]) -> None:
    """Replace the word banks of the exercises by chunks of kind BANK, each in its exercise."""
    for exercise in exercises:
        exercise.body = list(_with_labels_apart(exercise.body))
    texts = [chunk.text for exercise in exercises for chunk in exercise.chunks]
    counts = WordCounts("\n".join(texts))
    if not any(exercise.gap_count() for exercise in exercises) and not _asks_for_words(exercises):
        return
    for at in range(len(exercises)):
        _find_named(exercises, at, counts)
    for first, last in _sections(exercises):
        section = exercises[first:last]
        if not any(exercise.bank for exercise in section):
            _find_plain(section, counts)


def _with_labels_apart(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks, 'Word bank' on the first line of a paragraph as one of its own."""
    for chunk in chunks:
        label = chunk.rows[0] if len(chunk.rows) > 1 and chunk.kind is Kind.PARAGRAPH else ""
        if label and len(label.split()) < MAX_WORDS_OF_LABEL and is_about_bank(label):
            yield Chunk(Kind.PARAGRAPH, [label], apart=chunk.apart)
            chunk.rows, chunk.apart = chunk.rows[1:], False
        yield chunk


def _asks_for_words(exercises: Sequence[Exercise]) -> bool:
    """Return whether some task fills gaps that only weak signs stand for."""
    return any(
        exercise.task is Task.FILL
        and any(find_blanks(chunk.text) for chunk in exercise.body if chunk.kind in TEXTS)
        for exercise in exercises
    )


def _sections(exercises: Sequence[Exercise]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of exercises between two headings of the second level."""
    start = 0
    for at, exercise in enumerate(exercises):
        heads = [c for c in exercise.intro if c.kind is Kind.HEADING and len(c.mark) == 2]
        if heads and at > start:
            yield start, at
            start = at
    yield start, len(exercises)


def _served(exercises: Sequence[Exercise], at: int) -> int:
    """Return how many gaps a bank in an exercise is for."""
    gaps = _gaps(exercises[at])
    if gaps:
        return gaps
    for other in (*range(at + 1, min(at + 3, len(exercises))), at - 1):
        if 0 <= other < len(exercises) and (gaps := _gaps(exercises[other])):
            return gaps
    return 0


def _gaps(exercise: Exercise) -> int:
    count = exercise.gap_count()
    if not count and exercise.task is Task.FILL:
        count = sum(len(find_blanks(chunk.text)) for chunk in exercise.body if chunk.kind in TEXTS)
    return count


def _find_named(exercises: Sequence[Exercise], at: int, counts: WordCounts) -> None:
    """Replace the banks of an exercise that are introduced by words or stand in a box."""
    exercise = exercises[at]
    gaps = _served(exercises, at)
    if not gaps or (exercise.task is Task.MATCH and not exercise.speaks_of_bank):
        return
    chunks = exercise.chunks
    index, introduced = 0, False
    offset = len(exercise.intro)
    made: list[Chunk] = []
    intro = 0
    while index < len(chunks):
        found = _named_at(chunks, index, introduced, gaps, counts)
        if found is None and exercise.speaks_of_bank and exercise.bank is None:
            found = _in_table_apart(chunks, index, gaps)
        if found is None:
            chunk = chunks[index]
            if chunk.kind in TEXTS or chunk.kind in (Kind.HEADING, Kind.TITLE):
                introduced = _introduces(chunk)
            made.append(chunk)
            index += 1
        else:
            bank = make_bank(found.terms)
            if found.introduction:
                chunks[found.start].text = found.introduction
                made.append(chunks[found.start])
            made.append(bank)
            if found.rest:
                made.append(Chunk(Kind.PARAGRAPH, [found.rest]))
            exercise.bank = exercise.bank or bank
            index, introduced = found.end, False
        if index <= offset:
            intro = len(made)
    exercise.intro, exercise.body = made[:intro], made[intro:]


def _introduces(chunk: Chunk) -> bool:
    """Return whether what stands below a line may be a bank."""
    text = chunk.label
    if strong_blanks(chunk):
        return False
    task = task_of(text)
    if task is Task.FILL:
        return not chunk.box
    words = len(text.split())
    ends = text.rstrip("*").endswith((".", ":", "!", "。", "：")) and words <= 20
    return is_about_bank(text) and (task is not None or ends or words <= 4)


def _named_at(
    chunks: Sequence[Chunk], at: int, introduced: bool, gaps: int, counts: WordCounts
) -> Found | None:
    chunk = chunks[at]
    if chunk.box and (found := _boxed(chunks, at, gaps, counts)):
        return found
    if chunk.kind in (*TEXTS, Kind.HEADING) and (
        found := _inline(chunk, at) or _behind_label(chunk, at, gaps, counts)
    ):
        return found
    if not introduced:
        return None
    if chunk.kind is Kind.TABLE:
        return _in_table(chunks, at)
    if chunk.kind is Kind.PARAGRAPH and (found := _paragraph(chunks, at, gaps, counts)):
        return found
    return _one_a_line(chunks, at)


def _boxed(chunks: Sequence[Chunk], at: int, gaps: int, counts: WordCounts) -> Found | None:
    """Return the bank of a box, if nothing but terms stands in it, or a label before them."""
    end = at
    while end < len(chunks) and chunks[end].box == chunks[at].box:
        end += 1
    inside = chunks[at:end]
    if any(find_blanks(chunk.text) for chunk in inside) or any(c.kind not in TEXTS for c in inside):
        return None
    label = ""
    if len(inside) > 1 and is_about_bank(inside[0].text) and len(inside[0].text.split()) < 8:
        label, inside = inside[0].text, inside[1:]
    elif found := _inline(inside[0], at):
        if len(inside) == 1:
            return found
        return None
    rows = [row for chunk in inside for row in chunk.rows]
    terms = _terms(rows, gaps, counts)
    return Found(at, end, terms, introduction=label) if terms else None


def _terms(rows: Sequence[str], gaps: int, counts: WordCounts) -> list[str]:
    """Return the terms of a box or a paragraph that is a bank, [] if it is a sentence."""
    text = " ".join(row.strip() for row in rows)
    terms = separated(rows, 2)
    if not terms:
        if len(text.split()) > MAX_BANK_WORDS or _PUNCTUATION.search(text):
            return []
        if len(text.split()) > max(gaps * 4, 8):
            return []
        terms = split_terms(rows, gaps, counts)
    elif _ENDS_SENTENCE.search(text) or _SENTENCE_INSIDE.search(text):
        words = sum(len(term.split()) for term in terms)
        if _SENTENCE_INSIDE.search(text) or words > 2.5 * len(terms) or len(terms) < 3:
            return []
    return terms if are_terms(terms) else []


def _inline(chunk: Chunk, at: int) -> Found | None:
    """Return the bank in 'Use these words: one, two, three.'"""
    text = "\n".join(chunk.rows)
    cue = BANK.search(text[:1000])
    if cue is None:
        return _after_colon(chunk, at)
    colon = _COLON.search(text, cue.end())
    ends = _REST.search(text, cue.end())
    near = colon and colon.start() - cue.end() < 120 and not (ends and ends.start() < colon.start())
    if colon and near and (":" in colon[0] or "：" in colon[0] or colon.start() == cue.end()):
        tail, rest = text[colon.end() :], ""
        if end := _REST.search(tail):
            tail, rest = tail[: end.start() + 1], tail[end.end() :]
        head = text[: colon.end()].rstrip()
        if head.count("(") > head.count(")") and (closed := _CLOSING.search(tail)):
            tail, head = tail[: closed.start()], head.rstrip(":： ") + ")"
        if head.count("**") % 2:
            head, tail = head.removeprefix("**"), tail.replace("**", "", 1)
        if terms := _listed(tail):
            return Found(at, at + 1, terms, head, rest)
    if (brackets := _BRACKETS.search(text)) and brackets.start() >= cue.start():
        inside = brackets[1].split(":", 1)[-1]
        if terms := _listed(inside):
            return Found(at, at + 1, terms, text[: brackets.start()].rstrip())
    return _after_colon(chunk, at)


def _behind_label(chunk: Chunk, at: int, gaps: int, counts: WordCounts) -> Found | None:
    """Return the bank in 'Word bank: one two three', which has no signs between its terms."""
    text = "\n".join(chunk.rows)
    cue = BANK.search(text[:MAX_LABEL])
    colon = _LABEL_END.match(text, cue.end()) if cue else None
    if not cue or not colon or bare(text[: cue.start()]).strip():
        return None
    tail = text[colon.end() :]
    if find_blanks(tail) or not tail.strip():
        return None
    terms = _terms(tail.split("\n"), gaps, counts)
    fits = gaps * MIN_FITTING <= len(terms) <= gaps * 2 + 2
    return Found(at, at + 1, terms, text[: colon.end()].rstrip()) if fits else None


def _after_colon(chunk: Chunk, at: int) -> Found | None:
    """Return the bank in 'Fill in the right preposition: in, on, under'."""
    head, colon, tail = chunk.text.rpartition(":")
    if not colon or task_of(head) is not Task.FILL or len(tail) > 400:
        return None
    if (cue := BANK.match(tail.lstrip())) and len(cue[0].split()) < 4:
        head, tail = f"{head}: {cue[0]}", tail.lstrip()[cue.end() :]  # 'Fill in: choose from a, b'
    terms = _listed(tail)
    short = sum(len(term.split()) for term in terms) <= 2 * len(terms)
    return Found(at, at + 1, terms, f"{head}:") if terms and short else None


def _listed(tail: str) -> list[str]:
    """Return the terms of a list in a sentence."""
    text = tail.strip().strip("*").strip()
    if find_blanks(re.sub(r"(?:\.{3}|…)\s*\Z", "", text)) or not text:
        return []
    terms = separated(text.split("\n"), 2)
    last = _AND.split(terms[-1]) if terms else []
    if len(last) == 2 and all(part and len(part.split()) < 4 for part in last):
        terms = [*terms[:-1], *last]
    words = sum(len(term.split()) for term in terms)
    return terms if are_terms(terms, 3) and words <= 4 * len(terms) else []


def _in_table(chunks: Sequence[Chunk], at: int) -> Found | None:
    """Return the bank whose terms are the cells of a table."""
    end = at
    terms: list[str] = []
    while end < len(chunks) and chunks[end].kind is Kind.TABLE:
        cells = cells_of(chunks[end].text)
        if find_blanks(chunks[end].text):
            return None
        if not all(cell and not cell.strip(":-") for cell in cells):
            terms += [clean(cell) for cell in cells if clean(cell)]
        end += 1
    sentences = sum(bool(_ENDS_SENTENCE.search(term)) for term in terms)
    return Found(at, end, terms) if are_terms(terms, 3) and not sentences else None


def _in_table_apart(chunks: Sequence[Chunk], at: int, gaps: int) -> Found | None:
    """Return the bank in a table that stands anywhere in an exercise which speaks of one."""
    found = _in_table(chunks, at) if chunks[at].kind is Kind.TABLE else None
    if found is None or any(len(term.split()) > MAX_WORDS_IN_CELL for term in found.terms):
        return None
    return found if gaps * MIN_FITTING <= len(found.terms) <= gaps * 2 + 2 else None


def _paragraph(chunks: Sequence[Chunk], at: int, gaps: int, counts: WordCounts) -> Found | None:
    chunk = chunks[at]
    if find_blanks(chunk.text) or task_of(chunk.text) is not None or is_page_number(chunk.text):
        return None
    text = chunk.text.strip()
    if text.startswith("**") and text.endswith("**"):
        chunk.text = text.strip("*")
    rows = list(chunk.rows)
    if len(rows) == 1 and len(bare(rows[0]).split()) < 2:
        return None
    end = at + 1
    while end < len(chunks) and _goes_on(chunks[end]):
        rows += chunks[end].rows
        end += 1
    terms = _terms(rows, gaps, counts)
    return Found(at, end, terms) if len(terms) >= min(3, max(gaps, 2)) else None


def _goes_on(chunk: Chunk) -> bool:
    """Return whether a paragraph right below the lines of a bank has more of them."""
    text = chunk.text
    return (
        chunk.kind is Kind.PARAGRAPH
        and (chunk.whole or not chunk.apart)
        and not find_blanks(text)
        and not _PUNCTUATION.search(text)
        and task_of(text) is None
    )


def _one_a_line(chunks: Sequence[Chunk], at: int) -> Found | None:
    """Return the bank that has a term a line, with bullets perhaps, and gaps below it."""
    end = at
    terms: list[str] = []
    kind = chunks[at].kind
    while end < len(chunks) and end - at < MAX_CHUNKS:
        chunk = chunks[end]
        text = chunk.text.strip()
        if chunk.kind is not kind or kind not in (Kind.PARAGRAPH, Kind.BULLET):
            break
        if (
            find_blanks(text)
            or _ENDS_SENTENCE.search(text)
            or text.endswith(":")
            or len(text.split()) > 5
        ):
            break
        terms += separated(chunk.rows, 2) or [clean(text)]
        end += 1
    if len(terms) < 3 or not are_terms(terms):
        return None
    followed = any(find_blanks(chunk.text) for chunk in chunks[end : end + 3])
    return Found(at, end, terms) if followed or end == len(chunks) else None


def _find_plain(section: Sequence[Exercise], counts: WordCounts) -> None:
    """Replace the paragraph of a section that looks most like a bank, if there is one.

    One whose number of terms does not suit the gaps stays text, and is offered.
    """
    gaps = sum(exercise.gap_count() for exercise in section)
    best: tuple[float, Exercise, int, int, list[str]] | None = None
    for exercise in section:
        if exercise.task not in (None, Task.FILL):
            continue
        for at, chunk in enumerate(exercise.body):
            if chunk.kind is not Kind.PARAGRAPH or find_blanks(chunk.text) or gaps < 2:
                continue
            rows = list(chunk.rows)
            end = at + 1
            while (
                end < len(exercise.body) and end - at < MAX_LINES and _goes_on(exercise.body[end])
            ):
                rows += exercise.body[end].rows
                end += 1
            terms = _plain_terms(rows, gaps, counts)
            if not terms:
                end = at + 1
                terms = _plain_terms(chunk.rows, gaps, counts)
            if terms:
                distance = abs(len(terms) - gaps) - 0.01 * len(chunk.text)
                if best is None or distance < best[0]:
                    best = (distance, exercise, at, end, terms)
    if best is None:
        return
    _distance, exercise, at, end, terms = best
    own = exercise.gap_count()
    if any(count * MIN_FITTING <= len(terms) <= count * 2 + 2 for count in (gaps, own) if count):
        bank = make_bank(terms)
        exercise.body[at:end] = [bank]
        exercise.bank = bank
    else:
        exercise.body[at].cautions.append(
            (
                "perhaps-bank",
                _(
                    "This could be a word bank. If it is one, write it as [[ %(words)s ]].",
                    words=" | ".join(terms[:12]),
                ),
            )
        )


def _plain_terms(rows: Sequence[str], gaps: int, counts: WordCounts) -> list[str]:
    """Return the terms of a paragraph that nothing introduces, if it may be a bank."""
    text = " ".join(rows)
    words = len(text.split())
    if text.startswith("(") or words > MAX_BANK_WORDS or task_of(text) is not None:
        return []
    if _PUNCTUATION.search(text.rstrip(" .").replace(";", "")):
        return []
    if terms := separated(rows):
        suits = words <= 3 * len(terms) and are_terms(terms, 3)
        return terms if suits and not _ENDS_SENTENCE.search(text) else []
    if not max(gaps, 3) <= words <= gaps * 4 or _ENDS_SENTENCE.search(text):
        return []
    if is_prose(text):
        return []
    terms = split_terms(rows, gaps, counts)
    return terms if are_terms(terms, 3) else []


def make_bank(terms: Sequence[str]) -> Chunk:
    """Return the chunk of a bank, with the terms as they are written in the markup."""
    escaped = [re.sub(r"([|\]])", r"\\\1", term) for term in terms]
    message = _(
        "Word bank with %(n)s terms. Please check that they are split correctly.", n=len(terms)
    )
    return Chunk(Kind.BANK, [" | ".join(escaped)], cautions=[("check-bank", message)])
