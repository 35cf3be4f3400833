"""The answers that a paper prints: taken out of what pupils see, and read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .chunks import LISTED, TEXTS, Chunk, Kind
from .languages import pattern
from .repeated import Asked, Model, take_models
from .structure import strong_blanks
from .tasks import KEY_LINE, LABEL, Task, is_key_heading, is_scheme_heading, task_of

MAX_INLINE = 1500  # characters of answers behind 'Answers:' on one line

_EXERCISE = pattern("exercise", "", r"\s*(?:([0-9]{1,3})|([A-Z])\b)")
_PART = re.compile(r"\(?([IVX]{1,5}|[A-Z]|[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?[.):、]\s*")
_NUMBERED = re.compile(
    r"(?:(?<=\s)|(?<=[;,|])|\A)\(?([0-9]{1,3})\s?(?:[.):、．=–-]+\s*|\s+)(?=[^\s.):])"
)
_NUMERALS = re.compile(r"\s*[一二三四五六七八九十]{1,2}、\s*")  # of the parts on one line
_LETTERED = re.compile(r"(?:(?<=\s)|(?<=[;,|])|\A)\(?([a-hA-H])\)\s*(?=\S)")
_PAIR = re.compile(r"\(?([0-9]{1,2})\s?[-–→=:.)]*\s?([A-Za-z])\)?")  # '1b' of '1b, 2c'
_LEGEND = re.compile(r"\W*[^\W\d_]{1,3}\s*=\s*\S")  # 'R = river', of a map
SEPARATORS = (
    r"\s*[|;•·▪]\s*",
    r"\s+[/—–]\s+",
    r"\s*[,،、，]\s*",
    r"\s*/\s*",
    r"\s+-\s+",
    r"\t+|\s{2,}",
)


@dataclass(slots=True)
class Group:
    """Answers that belong to one exercise: what it is called, and its answers by number."""

    labels: frozenset[str] = frozenset()
    entries: list[tuple[int, str]] = field(default_factory=list)

    @property
    def answers(self) -> list[str]:
        return [answer for _number, answer in self.entries]


@dataclass(slots=True)
class PrintedKey:
    """Answers that stand together; ``before`` is the last chunk above them.

    ``models`` are those whose questions are repeated with them.
    """

    before: Chunk | None
    groups: list[Group]
    text: str
    models: list[Model] = field(default_factory=list)


def take_keys(chunks: Sequence[Chunk]) -> tuple[list[Chunk], list[PrintedKey]]:
    """Return the chunks without the printed answers, and those."""
    kept: list[Chunk] = []
    keys: list[PrintedKey] = []
    at = 0
    asked = False
    tasks = Asked()
    while at < len(chunks):
        chunk = chunks[at]
        end = _end_of_key(chunks, at, kept, tasks) if asked else at
        if end > at:
            part = chunks[at:end]
            text = "\n".join(piece.label for piece in part)
            rest, models = take_models(part[1:], tasks)
            groups = _groups([chunk, *rest])
            keys.append(PrintedKey(kept[-1] if kept else None, groups, text, models))
            at = end
            continue
        asked = asked or bool(strong_blanks(chunk)) or "?" in chunk.text or _asks(chunk)
        tasks.add(chunk)
        kept.append(chunk)
        at += 1
    return kept, keys


def _asks(chunk: Chunk) -> bool:
    return chunk.kind in (Kind.ROOM, Kind.LINE, Kind.RANKING) or (
        chunk.kind in (*TEXTS, Kind.HEADING) and task_of(chunk.text) is not None
    )


def _end_of_key(chunks: Sequence[Chunk], at: int, above: Sequence[Chunk], tasks: Asked) -> int:
    """Return the chunk behind the answers that begin at one, that chunk itself if none do."""
    chunk = chunks[at]
    if chunk.kind not in TEXTS and chunk.kind not in (Kind.HEADING, Kind.TITLE):
        return at
    text = chunk.text
    inline = KEY_LINE.match(text)
    if inline and text[inline.end() :].strip("*_ "):
        tail = text[inline.end() :]
        if (
            strong_blanks(chunk)
            or len(tail) > MAX_INLINE
            or "?" in tail
            or chunk.kind is Kind.TITLE
        ):
            return at
        return _end_of_inline(chunks, at, tail, sum(map(_places, above)))
    if not is_key_heading(text):
        return at
    labels = {label for piece in above for label in _names_of(piece)}
    end = _end_of_section(chunks, at, labels, tasks)
    said = any(piece.kind in (*TEXTS, Kind.TABLE) for piece in chunks[at + 1 : end])
    return end if said else at


def _places(chunk: Chunk) -> int:
    """Return how many answers a chunk can ask for."""
    return max(len(strong_blanks(chunk)), int("?" in chunk.text or _asks(chunk)))


def _end_of_inline(chunks: Sequence[Chunk], at: int, tail: str, most: int) -> int:
    """Return where the answers of 'Answers: 1. cat' end, whose next lines may have more."""
    entries = _numbered(tail)
    first = _NUMBERED.match(tail)
    last = entries[-1][0] if entries else int(first[1]) if first else 0
    count = max(len(entries), 1)
    end = at + 1
    while last and end < len(chunks) and count < most:
        chunk = chunks[end]
        more = _NUMBERED.match(chunk.label)
        if not more or int(more[1]) != last + 1 or chunk.kind not in (Kind.NUMBER, Kind.PARAGRAPH):
            break
        found = _numbered(chunk.label)
        short = bool(found) or len(chunk.text.split()) <= 6
        if not short or strong_blanks(chunk) or _is_asked(chunk):
            break
        last, count = found[-1][0] if found else last + 1, count + max(len(found), 1)
        end += 1
    return end


def _is_asked(chunk: Chunk) -> bool:
    """Return whether a text asks something of pupils, and is no answer."""
    text = chunk.text.rstrip('*_ )]”"»')
    if chunk.kind not in TEXTS and chunk.kind is not Kind.HEADING:
        return False
    if text.endswith(("?", "？", "؟")):
        return True
    # 'II. 1. False: it is … 2. True' has the words of a task, and is answers.
    task = task_of(chunk.text) if len(text.split()) >= 3 and not _numbered(text) else None
    return task not in (None, Task.TRUE_FALSE)


def _end_of_section(chunks: Sequence[Chunk], at: int, labels: set[str], tasks: Asked) -> int:
    """Return where answers end: before the next part of the paper that is not about answers.

    A question or a heading of the tasks that is said again there is about answers.
    """
    first = chunks[at]
    depth = len(first.mark) if first.kind is Kind.HEADING else 9
    is_scheme = is_scheme_heading(first.text)
    is_below_question = False  # one that is said again, and has its answer below it
    end = at + 1
    while end < len(chunks):
        chunk = chunks[end]
        if first.fold and chunk.fold != first.fold:
            break
        if chunk.kind is not Kind.TITLE and tasks.find(chunk):
            is_below_question = chunk.kind is not Kind.HEADING
            end += 1
            continue
        asked = (
            not is_scheme
            and _is_asked(chunk)
            and not (_names_of(chunk) & labels or is_key_heading(chunk.text))
        )
        if (
            asked
            or strong_blanks(chunk)
            or chunk.kind in (Kind.ROOM, Kind.LINE, Kind.RANKING, Kind.TITLE)
        ):
            # The headings and tasks right above a blank or a question belong to it.
            while end > at + 1 and _introduces(chunks[end - 1], labels):
                end -= 1
            # A question right below the heading: what stands there are no answers.
            if asked and all(_LEGEND.match(piece.text) for piece in chunks[at + 1 : end]):
                return at
            break
        is_answer = is_scheme or is_below_question
        if not is_answer and _is_closing(chunks[at + 1 : end], chunk):
            break
        entry = chunk.guessed and LABEL.match(chunk.text)
        if chunk.kind is Kind.HEADING and not entry and not _is_of_key(chunk, depth, labels):
            break
        end += 1
    return end


def _is_closing(entries: Sequence[Chunk], chunk: Chunk) -> bool:
    """Return whether a text below numbered answers is none of them."""
    if chunk.kind is not Kind.PARAGRAPH or not entries or entries[-1].kind is not Kind.NUMBER:
        return False
    text = chunk.text
    if _NUMBERED.match(text) or _EXERCISE.match(text.lstrip("#* ")) or is_key_heading(text):
        return False
    part = _PART.match(text)
    if part and _is_part(text, part):
        return False
    return chunk.apart or not text[:1].islower()


def _introduces(chunk: Chunk, labels: set[str]) -> bool:
    return (chunk.kind is Kind.HEADING and not _names_of(chunk) & labels) or (
        chunk.kind in TEXTS and task_of(chunk.label) is not None
    )


def _is_of_key(chunk: Chunk, depth: int, labels: set[str]) -> bool:
    """Return whether a heading among answers names an exercise above, or is deeper."""
    deeper = len(chunk.mark) > depth and depth < 9
    return deeper or bool(_names_of(chunk) & labels) or is_key_heading(chunk.text)


def labels_of(chunk: Chunk) -> frozenset[str]:
    """Return what an exercise may be called by: 'exercise 2', 'ii'."""
    text = chunk.label[:200]
    found: set[str] = set()
    for match in _EXERCISE.finditer(text):
        found |= {" ".join(match[0].casefold().split()), (match[1] or match[2]).casefold()}
    label = LABEL.match(text)
    if label:
        found.add(label[0].strip(" .)(:、．-*•").casefold())
    return frozenset(found)


def _names_of(chunk: Chunk) -> set[str]:
    """Return what an exercise is called by a word and a number, such as 'exercise 2'."""
    return {label for label in labels_of(chunk) if " " in label}


# --- reading the answers ----------------------------------------------------


def _groups(part: Sequence[Chunk]) -> list[Group]:
    """Return the answers of a key, divided where it names another exercise."""
    groups = [Group()]
    context: frozenset[str] = frozenset()
    for at, chunk in enumerate(part):
        text = chunk.text
        if at == 0:
            match = KEY_LINE.match(text)
            text = text[match.end() :] if match else ""
            if not text:
                continue
            text, *others = _NUMERALS.split(text)
            if others:
                for part_of in (text, *others):
                    groups.append(Group())
                    add(groups, 0, part_of, context)
                continue
        named = _EXERCISE.match(text.lstrip("#* "))
        entry = _NUMBERED.match(text) if chunk.guessed and not named else None
        if entry:  # an answer that only looks like a heading
            add(groups, int(entry[1]), text[entry.end() :], context)
            continue
        if chunk.kind is Kind.HEADING or named:
            context = labels_of(chunk)
            text = text.lstrip("#* ")[named.end() :].lstrip(" :.–—-*") if named else ""
            groups.append(Group(context))
        if chunk.kind not in LISTED and (label := _PART.match(text)) and _is_part(text, label):
            groups.append(Group(context | {label[1].casefold()}))
            text = text[label.end() :]
        if not text.strip():
            continue
        rows = [row for row in chunk.rows if row.strip()]
        if len(rows) > 1 and text == chunk.text and all(len(row.split()) <= 4 for row in rows):
            for row in rows:
                add(groups, 0, row, context)
            continue
        add(groups, max(chunk.number, 0), text, context)
    return [group for group in groups if group.entries]


def _is_part(text: str, label: re.Match[str]) -> bool:
    """Return whether a letter or number at a line's start is an exercise's, not an answer's."""
    rest = text[label.end() :]
    if label[1].isdecimal():
        return False
    if not label[1].isascii():
        return True
    return bool(_NUMBERED.match(rest)) or len(rest.split()) > 1 or not rest.strip()


def add(groups: list[Group], number: int, text: str, context: frozenset[str]) -> None:
    """Add what one chunk of a key says to the last group, or to a new one."""
    if number and (several := _numbered(f"{number}. {text}")):
        groups[-1].entries += several
        return
    if number:
        if groups[-1].entries and number <= groups[-1].entries[-1][0] and number == 1:
            groups.append(Group(context))
        groups[-1].entries.append((number, clean(text)))
        return
    numbered = _numbered(text)
    first = _NUMBERED.match(text)
    if (
        not numbered
        and first
        and first[1]
        and (at_next := int(first[1])) == len(groups[-1].entries) + 1
    ):
        numbered = [(at_next, clean(text[first.end() :]))]
    if numbered:
        if groups[-1].entries and numbered[0][0] == 1:
            groups.append(Group(context))
        groups[-1].entries += numbered
        return
    for separator in SEPARATORS:
        parts = [part for part in re.split(separator, text.strip().rstrip(".")) if part.strip()]
        if len(parts) > 1 and all(_PAIR.fullmatch(part.strip()) for part in parts):
            pairs_of = [match for part in parts if (match := _PAIR.fullmatch(part.strip()))]
            groups[-1].entries += sorted((int(match[1]), match[2]) for match in pairs_of)
            return
        if len(parts) > 1 and all(len(part.split()) <= 6 for part in parts):
            groups[-1].entries += [(0, clean(part)) for part in parts]
            return
    groups[-1].entries.append((0, clean(text)))


def _numbered(text: str) -> list[tuple[int, str]]:
    """Return the answers of '1. cat 2. dog', [] for another text."""
    found: list[tuple[int, int, int]] = []
    for match in _NUMBERED.finditer(text):
        number = int(match[1])
        marked = not match[0].strip("( ").isdigit()
        near = found and (number == found[-1][0] + 1 or (marked and 0 < number - found[-1][0] < 9))
        if near or (not found and match.start() < 2):
            found.append((number, match.start(), match.end()))
    if len(found) < 2:
        found = _lettered(text)
    if len(found) < 2:
        return []
    ends = [start for _number, start, _end in found[1:]] + [len(text)]
    return [
        (number, clean(text[end:stop]))
        for (number, _start, end), stop in zip(found, ends, strict=True)
    ]


def _lettered(text: str) -> list[tuple[int, int, int]]:
    """Return the places of 'a) cat b) dog'."""
    found: list[tuple[int, int, int]] = []
    for match in _LETTERED.finditer(text):
        number = ord(match[1].casefold()) - ord("a") + 1
        if number == len(found) + 1 and (found or match.start() < 2):
            found.append((number, match.start(), match.end()))
    return found


def clean(answer: str) -> str:
    """Return an answer without what only separates it from others."""
    text = " ".join(answer.strip(" \t*_;,|").split()).removesuffix(" .")
    for opening, closing in ("()", "[]", "（）"):
        if text.endswith(closing) and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip()
    return text
