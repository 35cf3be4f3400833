"""The conversion of a paper's text to markup: gaps, banks, questions, footnotes are marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from worksheets.formats.readers.rows import PLAIN, Note, Paper, Row
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _
from worksheets.markup.source import read_lines

from . import alternatives
from .answers import place_answers
from .banks import find_banks
from .blanks import without_names
from .chunks import LISTED, TEXTS, Chunk, Kind
from .drawn_boxes import without_borders
from .joining import join
from .key_matching import match_keys
from .keys import PrintedKey, take_keys
from .letters import with_brackets, with_latin_letters
from .levels import settle_levels
from .markdown import is_markdown, markdown_rows, pictures_of
from .notes import sentences
from .pictures import names_in, take_pictures
from .rankings import take_rankings
from .structure import Exercise, divide
from .tasks import points_to_picture, speaks_of_bold, speaks_of_underlined
from .writing import escape, write

MAX_SPACE = 100  # characters of space in a row
MAX_KEY_SHOWN = 5000  # characters of printed answers in a caution

_MARKUP = re.compile(
    # '___/___/___' is a date to write.
    r"(?<![_\\])___(?!(?:[/.]\s*(?:[0-9]{2,4})?|-)___)[^_\s](?:[^_\n]*[^_\s])?___(?!_)|^\[\["
    r"|^[ \t]*\?{3,}[ \t]+(?:[^,;\n]*[,;][ \t]*)?(?:choose (?:one|several)"
    r"|true or false|match)[ \t]*(?:[,;]|$)",
    re.MULTILINE,
)
_SPACE = re.compile(rf"\s{{{MAX_SPACE + 1},}}")
_FOOTNOTE = re.compile(r"([0-9]{1,2})\s+(?=[^\W\d_])")
_ANSWER_SPACE = re.compile(r"(?:.*\s)?\?{3,}")
_BELOW_ANSWER_SPACE = re.compile(r"\s*(?:(?:right|because|model|rubric)\s*:.*)?", re.IGNORECASE)
_RANK = re.compile(r"\s*rank\s*:(?:\s*|.*\|.*)", re.IGNORECASE)
# '____(1)____': the number of one gap.
_NUMBER_INSIDE = re.compile(
    r"(?<![_.…])(?:_{2,}+|\.{4,}+|…{2,}+)\s?(\([0-9]{1,2}\))\s?(?:_{2,}|\.{4,}|…{2,})"
)
_FOLLOWS_UP = re.compile(r"[^\s?]+(?:\s[^\s?]+){0,2}\s?\?\Z")


class CautionKind(StrEnum):
    """The two kinds of guess: about the task or its marks, which is asked; or how a line reads."""

    CHECK = "check"
    REPAIR = "repair"


_REPAIRS = {
    *("footnote", "joined-word", "no-title", "already-markup", "name-line", "furniture"),
    *("tracked", "comments", "hidden", "bold", "underlined", "furniture-picture", "key-picture"),
}


@dataclass(frozen=True, slots=True)
class Caution:
    """A guess of the importer to look at; ``line`` is a line of the markup."""

    code: str
    line: int
    message: Message

    @property
    def kind(self) -> CautionKind:
        return CautionKind.REPAIR if self.code in _REPAIRS else CautionKind.CHECK

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Imported:
    """The markup made from a paper, and what its author should look at.

    ``printed_key`` has the answers that the paper prints by the number of their gap, counted from
    1; ``key_text`` is all that was printed of answers and is not in the markup. ``pictures`` are
    files as they came, by the names that the markup has for them.
    """

    source: str
    warnings: tuple[Caution, ...] = ()
    printed_key: Mapping[int, str] = field(default_factory=dict)
    key_text: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def to_markup(text: str) -> Imported:
    """Return the markup of a paper's text. What is markup already comes back as it is."""
    lines = [_narrowed(line.text) for line in read_lines(text)]
    if _MARKUP.search(text) or _has_ranking(lines):
        message = _("This text has the formatting of a worksheet already, so it was left as it is.")
        cautions = [Caution("already-markup", 1, message)]
        count = sum(bool(row.picture) for row in text.rows) if isinstance(text, Paper) else 0
        if count:
            cautions += [
                Caution(code, 1, said)
                for code, said in sentences([Note("picture", {"count": count})])
            ]
        return Imported(text, tuple(cautions))
    return _Importer(*_rows_of(text, lines)).run()


def _rows_of(text: str, lines: Sequence[str]) -> tuple[list[Row], tuple[Note, ...]]:
    if isinstance(text, Paper) and any(row.look is not PLAIN for row in text.rows):
        rows = [row.with_text(_narrowed(row)) for row in text.rows]
        return rows, text.notes or pictures_of(text)
    if is_markdown(text):
        return markdown_rows(lines), pictures_of(text)
    return [Row(line) for line in lines], text.notes if isinstance(text, Paper) else ()


def _narrowed(line: str) -> str:
    """Return a line without more space in a row than a page has room for.

    What looks for columns and blanks tries each beginning of such a run.
    """
    return _SPACE.sub(" " * MAX_SPACE, line)


def _has_ranking(rows: Sequence[str]) -> bool:
    """Return whether a 'rank:' stands directly under '???', as it does in the markup only."""
    below = False
    for row in rows:
        if below and _RANK.fullmatch(row):
            return True
        below = bool(_ANSWER_SPACE.match(row) or (below and _BELOW_ANSWER_SPACE.fullmatch(row)))
    return False


class _Importer:
    def __init__(self, rows: Sequence[Row], notes: Sequence[Note]) -> None:
        self.rows, self.pictures = take_pictures(without_borders(rows))
        self.notes = notes
        self.cautions: list[tuple[str, Message]] = sentences(notes)

    def run(self) -> Imported:
        rows, guess = settle_levels(
            with_brackets(with_latin_letters([_escaped(row) for row in self.rows]))
        )
        taken = take_rankings(rows)
        chunks = join(taken.rows, taken.rankings, taken.prompts, guess=guess)
        _mark_footnotes(chunks)
        chunks = list(_with_follow_ups(chunks))
        placed = set(names_in(chunks))
        chunks, keys = take_keys(chunks)
        hidden = placed - set(names_in(chunks))
        exercises = divide(chunks)
        find_banks(exercises)
        place_answers(exercises)
        self._keep_pictures(exercises, hidden)
        printed = match_keys(exercises, keys)
        self._warn(exercises)
        self._tell_of_keys(exercises, keys, printed)
        source, cautions = write(exercises, self.cautions)
        warnings = tuple(Caution(code, line, message) for code, line, message in cautions)
        key_text = "\n".join(key.text for key in keys)
        return Imported(source, warnings, printed, key_text, self.pictures)

    def _keep_pictures(self, exercises: Sequence[Exercise], hidden: Collection[str]) -> None:
        """See that each picture stands somewhere; those ``hidden`` with answers are told of."""
        chunks = [chunk for exercise in exercises for chunk in exercise.chunks]
        placed = set(names_in(chunks))
        if chunks:
            # What stood in a line that became something else goes to the end.
            chunks[-1].pictures += [
                name for name in self.pictures if name not in placed and name not in hidden
            ]
        if hidden:
            message = _(
                "Pictures that stand with the printed answers are uploaded and not shown to pupils:"
                " %(names)s.",
                names=", ".join(sorted(hidden)),
            )
            self.cautions.append(("key-picture", message))

    def _tell_of_keys(
        self, exercises: Sequence[Exercise], keys: Sequence[PrintedKey], printed: Mapping[int, str]
    ) -> None:
        if not keys:
            return
        text = "\n".join(key.text for key in keys)
        gaps = sum(chunk.gaps for exercise in exercises for chunk in exercise.chunks)
        if printed and len(printed) == gaps:
            message = _(
                "The paper prints the answers: %(answers)s. We took them out, so that pupils do not"
                " see them.",
                answers=_shortened(text),
            )
            self.cautions.append(("printed-key", message))
        else:
            message = _(
                "The paper prints answers, and we took them out, so that pupils do not see them."
                " They fit %(fitting)s of %(gaps)s gaps: %(answers)s",
                fitting=len(printed),
                gaps=gaps,
                answers=_shortened(text),
            )
            self.cautions.append(("printed-key" if printed else "unmatched-key", message))

    def _warn(self, exercises: Sequence[Exercise]) -> None:
        chunks = [chunk for exercise in exercises for chunk in exercise.chunks]
        gaps = sum(chunk.gaps - chunk.text.count(alternatives.MARK) for chunk in chunks)
        if gaps and not any(chunk.kind is Kind.BANK for chunk in chunks):
            message = _(
                "There are gaps, and we found no word bank. Pupils will type their answers. If the"
                " paper has a bank, write its words between [[ and ]]."
            )
            self.cautions.append(("no-bank", message))
        pictures = bool(self.pictures) or any(note.code == "picture" for note in self.notes)
        for chunk in chunks if not pictures else ():
            if chunk.kind in (*TEXTS, Kind.HEADING) and points_to_picture(chunk.text):
                message = _(
                    "A picture seems to be missing: the text points to one. You can add it here."
                )
                chunk.cautions.append(("missing-picture", message))
                break
        emphasis = any(note.code == "emphasis" for note in self.notes)
        for speaks, code in ((speaks_of_underlined, "underlined"), (speaks_of_bold, "bold")):
            found = next((c for c in chunks if speaks(c.text)), None)
            if found is None:
                continue
            if emphasis:
                message = _(
                    "The task speaks of words in bold type or underlined: they are bold here."
                )
            else:
                message = _(
                    "The task speaks of words in bold type or underlined. Please check that pupils"
                    " can see which."
                )
            found.cautions.append((code, message))


def _escaped(row: Row) -> Row:
    row = escape(row)
    return row.with_text(_NUMBER_INSIDE.sub(r"\1______", without_names(row)))


def _shortened(text: str) -> str:
    joined = " · ".join(line.strip() for line in text.split("\n") if line.strip())
    return joined if len(joined) <= MAX_KEY_SHOWN else f"{joined[:MAX_KEY_SHOWN]} …"


def _with_follow_ups(chunks: Iterable[Chunk]) -> Iterable[Chunk]:
    """Yield the chunks; 'Why?' on a line of its own goes on with the question above it."""
    before: Chunk | None = None
    for chunk in chunks:
        asked = before is not None and before.kind in LISTED and before.text.rstrip().endswith("?")
        if asked and before and chunk.kind is Kind.PARAGRAPH and _FOLLOWS_UP.match(chunk.text):
            before.rows.append(chunk.text)
            continue
        yield chunk
        before = chunk


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
