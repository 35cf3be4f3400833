"""The conversion of a paper's text to markup: gaps, banks, questions, footnotes are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _
from worksheets.markup.source import read_lines

from .banks import GAP, find_banks
from .chunks import Chunk, Kind
from .joining import join
from .rankings import take_rankings

BLANK = "______"
MAX_CHUNKS_BETWEEN = 30  # chunks between a question and its room

_MARKUP = re.compile(r"^#{1,2} \S|___[^_\s](?:[^_\n]*[^_\s])?___(?!_)|^\[\[", re.MULTILINE)
_DOTS = re.compile(r"[.…]{5,}|…{3,}|(?<=\s)\.{4}(?![.…])")
_THREE_DOTS = re.compile(r"(?<=\s)(?:\.{3}|…)(?=\s+[^\W\d_])")
_SPACED_DOTS = re.compile(r"(?:\. ){4,}\.(?!\.)")
_FOOTNOTE = re.compile(r"([0-9]{1,2})\s+(?=[^\W\d_])")
_CONVINCING = re.compile(
    r"\b(?:which of (?:these|the|them)|most convincing|convinces you|plus convaincante)\b",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?:answer key|answers|key|corrigé|solutions?|lösungen)\s*:?", re.IGNORECASE)
_KEYWORD = re.compile(
    r"((?:(?:model|rubrics?)(?:\s+answers?)?|rank|right|because)\s*):", re.IGNORECASE
)
_ANSWER_SPACE = re.compile(r"(?:.*\s)?\?{3,}")
_BELOW_ANSWER_SPACE = re.compile(r"\s*(?:(?:right|because|model|rubric)\s*:.*)?", re.IGNORECASE)
_RANK = re.compile(r"\s*rank\s*:(?:\s*|.*\|.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caution:
    """A guess of the importer to look at; ``line`` is a line of the markup."""

    code: str
    line: int
    message: Message

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Imported:
    """The markup made from a paper, and what its author should look at."""

    source: str
    warnings: tuple[Caution, ...] = ()


def to_markup(text: str) -> Imported:
    """Return the markup of a paper's text. What is markup already comes back as it is."""
    rows = [line.text for line in read_lines(text)]
    if _MARKUP.search(text) or _has_ranking(rows):
        return Imported(text)
    taken = take_rankings([_escape(row) for row in rows])
    chunks = join(taken.rows, taken.rankings, taken.prompts)
    _mark_footnotes(chunks)
    _mark_gaps(chunks)
    chunks = list(_with_answer_spaces(find_banks(chunks)))
    _warn_of_keys(chunks)
    return _write(chunks)


def _has_ranking(rows: Sequence[str]) -> bool:
    """Return whether a 'rank:' stands directly under '???', as it does in the markup only."""
    below = False
    for row in rows:
        if below and _RANK.fullmatch(row):
            return True
        below = bool(_ANSWER_SPACE.match(row) or (below and _BELOW_ANSWER_SPACE.fullmatch(row)))
    return False


def _escape(row: str) -> str:
    """Return the row with backslashes before signs that mean something in markup only."""
    row = re.sub(r"([\\`])", r"\\\1", row)
    return re.sub(r"(?<=\S)\*|\*(?=\S)", r"\\*", row)


def _mark_footnotes(chunks: list[Chunk]) -> None:
    """Mark '1 Text' as a footnote, where some word above has a 1 glued to it."""
    seen: set[str] = set()
    for at, chunk in enumerate(chunks):
        match = _FOOTNOTE.match(chunk.text) if chunk.kind is Kind.PARAGRAPH else None
        if not match or match[1] in seen:
            continue
        seen.add(match[1])
        if word := _mark_mention(chunks[:at], match[1]):
            chunk.kind, chunk.mark = Kind.FOOTNOTE, f"[^{match[1]}]:"
            chunk.text = chunk.text[match.end() :]
            message = _("Read as the footnote to '%(word)s'.", word=word)
            chunk.cautions.append(("footnote", message))


def _mark_mention(above: list[Chunk], number: str) -> str:
    """Mark the word that has a footnote's number glued to it; return that word, or ''."""
    mention = re.compile(rf"([^\W\d_]{{2,40}}){number}(?!\w)")
    for chunk in reversed(above):
        if found := mention.search(chunk.text):
            end = found.end()
            chunk.text = f"{chunk.text[: found.end(1)]}[^{number}]{chunk.text[end:]}"
            return found[1]
    return ""


def _mark_gaps(chunks: list[Chunk]) -> None:
    for chunk in chunks:
        if chunk.kind in (Kind.ROOM, Kind.RANKING, Kind.TABLE):
            continue
        text = GAP.sub(BLANK, _SPACED_DOTS.sub(BLANK, chunk.text))
        if len(_DOTS.findall(text)) > 1:  # where dots make gaps, three may be one as well
            text = _THREE_DOTS.sub(BLANK, text)
        text = _DOTS.sub(lambda dots: BLANK if len(dots[0]) > 4 else f" {BLANK} ", text)
        chunk.text = " ".join(text.split())


def _with_answer_spaces(chunks: list[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks, with room to write for each question in a list that has none."""
    interpretations = 0
    for at, chunk in enumerate(chunks):
        yield chunk
        if chunk.kind is Kind.INTERPRETATION:
            interpretations += 1
        elif chunk.kind is Kind.HEADING and chunk.mark == "##":
            interpretations = 0
        elif chunk.kind in (Kind.BULLET, Kind.NUMBER) and _needs_answer_space(chunks, at):
            which = interpretations > 1 and _CONVINCING.search(chunk.text)
            message = _(
                "We added an answer box ('???'): the paper had no space for an answer to this"
                " question."
            )
            room = "??? which" if which else "???"
            yield Chunk(Kind.ROOM, [room], cautions=[("room-added", message)])


def _needs_answer_space(chunks: list[Chunk], at: int) -> bool:
    """Return whether a question has neither gap nor answer box before the next question."""
    text = chunks[at].text
    if "?" not in text or GAP.search(text):
        return False
    for below in chunks[at + 1 : at + MAX_CHUNKS_BETWEEN]:
        if below.kind in (Kind.ROOM, Kind.INTERPRETATION):
            return False
        between = below.kind in (Kind.PARAGRAPH, Kind.TABLE) and not below.text.endswith("?")
        if not (between or below.kind is Kind.OPTION):
            return True
    return True


def _warn_of_keys(chunks: list[Chunk]) -> None:
    for chunk in chunks:
        if _KEY.fullmatch(chunk.text):
            message = _(
                "The paper's answers start here, and pupils would see them. Write them into the"
                " gaps, then delete them here."
            )
            chunk.cautions.append(("answer-key", message))


# --- writing it down --------------------------------------------------------


def _write(chunks: list[Chunk]) -> Imported:
    lines: list[str] = []
    cautions: list[Caution] = []
    before: Chunk | None = None
    for chunk in chunks:
        if before and not _belongs(before, chunk):
            lines.append("")
        lines.append(_line(chunk))
        cautions += [Caution(code, len(lines), text) for code, text in chunk.cautions]
        before = chunk
    if chunks and not any(chunk.kind is Kind.TITLE for chunk in chunks):
        message = _("We found no title. Write '# Title' on the first line.")
        cautions.insert(0, Caution("no-title", 1, message))
    return Imported("\n".join(lines) + "\n" if lines else "", tuple(cautions))


def _belongs(before: Chunk, chunk: Chunk) -> bool:
    """Return whether two chunks stand on neighbouring lines, without an empty one between."""
    listed = (Kind.BULLET, Kind.NUMBER, Kind.OPTION, Kind.TABLE)
    same = before.kind is chunk.kind and chunk.kind in listed
    return same or chunk.kind is Kind.RANKING or before.kind is Kind.INTERPRETATION


def _line(chunk: Chunk) -> str:
    match chunk.kind:
        case Kind.TITLE:
            return f"# {chunk.text}"
        case Kind.BANK:
            return f"[[ {chunk.text} ]]"
        case Kind.PARAGRAPH:
            return _guard(chunk.text)
        case _:
            return f"{chunk.mark} {chunk.text}".strip()


def _guard(text: str) -> str:
    """Return a paragraph, with a backslash if its beginning would be read as a mark."""
    if text.startswith(("#", ">", "[[")):
        return "\\" + text
    return _KEYWORD.sub(r"\1\\:", text, count=1) if _KEYWORD.match(text) else text
