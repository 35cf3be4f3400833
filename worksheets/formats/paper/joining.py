"""The joining of a page's lines to chunks: what was wrapped is joined, marks are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from worksheets.markup import lines as marks
from worksheets.markup.messages import Message as _
from worksheets.markup.source import Line

from . import headings
from .chunks import Chunk, Kind

UNWRAPPED = 160  # a text with lines this long has a line for each paragraph
LONG_BLANK = 40  # a blank of this length at a line's end is a line to write on

_HYPHEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})-\Z")
_COMPOUND = {"anti", "semi", "self", "non", "half", "well", "ex", "all", "cross", "north", "south"}
_LETTER = re.compile(r"\(?([a-z])\)\s+")


def join(
    rows: Sequence[str],
    rankings: Mapping[int, Sequence[str]] | None = None,
    prompts: Collection[int] = (),
) -> list[Chunk]:
    """Return the chunks of a text's lines.

    ``rankings`` has the things to put in order by the numbers of the lines that stand for them,
    ``prompts`` the numbers of lines that are no headings.
    """
    return LineJoiner(rows, rankings or {}, prompts).run()


class LineJoiner:
    def __init__(
        self, rows: Sequence[str], rankings: Mapping[int, Sequence[str]], prompts: Collection[int]
    ) -> None:
        self.rankings = rankings
        self.prompts = prompts
        self.rows = [row.replace("\xa0", " ") for row in rows]
        self.width = headings.page_width(self.rows)
        self.wrapped = max(map(len, self.rows), default=0) < UNWRAPPED
        self.words = set(re.findall(r"[\w-]+", "\n".join(self.rows).casefold()))
        self.chunks: list[Chunk] = []
        self.after_blank = True
        self.number = 0
        self.option = ""

    def run(self) -> list[Chunk]:
        for at, row in enumerate(self.rows):
            text = row.strip()
            if text:
                self._take(at, text)
            elif at in self.rankings:
                self._take_ranking(self.rankings[at])
            self.after_blank = not text
        return self.chunks

    def _take(self, at: int, text: str) -> None:
        text, rooms = _split_answer_spaces(text)
        if text:
            self._take_text(at, text)
        after_text = bool(text)
        for room in rooms:
            self._take_answer_space(room, after_text=after_text)
            after_text = True

    def _take_text(self, at: int, text: str) -> None:
        if _is_labelled_answer_space(text):
            self.chunks.append(Chunk(Kind.ROOM, [text]))
        elif chunk := self._marked(at, text):
            self.chunks.append(chunk)
        elif self._goes_on(at, text):
            self._append(text)
        else:
            self.chunks.append(Chunk(Kind.PARAGRAPH, [text]))
        last = self.chunks[-1]
        last.longest = max(last.longest, len(text))

    def _take_answer_space(self, room: str, *, after_text: bool) -> None:
        """Add room to write; ``after_text`` says that something stands before it on its line."""
        asked = room.startswith("?")
        # Several lines to write on are one box.
        if after_text or asked or not self.chunks or self.chunks[-1].kind is not Kind.ROOM:
            self.chunks.append(Chunk(Kind.ROOM, ["???"]))
        if after_text and not asked:
            message = _(
                "The long blank became an answer box. If it is a gap, write ______ instead."
            )
            self.chunks[-1].cautions.append(("room-from-blank", message))

    def _take_ranking(self, things: Sequence[str]) -> None:
        if things:
            code, message = (
                "check-ranking",
                _("This looks like a ranking: check the things to put in order."),
            )
        else:
            code, message = (
                "empty-ranking",
                _(
                    "This looks like a ranking, but we did not find the things to put in order."
                    " Write them after 'rank:', with '|' between them."
                ),
            )
        text = " | ".join(thing.replace("|", "\\|") for thing in things)
        self.chunks.append(Chunk(Kind.ROOM, ["???"]))
        self.chunks.append(Chunk(Kind.RANKING, [text], "rank:", [(code, message)]))

    # --- lines with a mark of their own -------------------------------------

    def _marked(self, at: int, text: str) -> Chunk | None:
        line = Line(text, 1)
        if text.startswith("|"):
            return Chunk(Kind.TABLE, [text])
        may_be_heading = at not in self.prompts
        if may_be_heading and not self.chunks and headings.is_title(self.rows, at, self.width):
            return Chunk(Kind.TITLE, [text])
        if may_be_heading and headings.is_section(self.rows, at, self.width):
            return self._heading(text)
        if bullet := marks.BULLET.match(text):
            return Chunk(Kind.BULLET, [text[bullet.end() :]], "-")
        if note := marks.FOOTNOTE.match(text):
            return Chunk(Kind.FOOTNOTE, [text[note.end() :]], text[: note.end()].strip())
        if number := marks.NUMBER.match(text):
            return self._numbered(int(number[1]), text, number.end())
        if marks.is_interpretation(line):
            return Chunk(Kind.INTERPRETATION, [text])
        next_option = chr(ord(self.option) + 1) if self.option else "a"
        if (option := _LETTER.match(text)) and option[1] in ("a", next_option):
            self.option = option[1]
            return Chunk(Kind.OPTION, [text[option.end() :]], f"({option[1]})")
        if may_be_heading and headings.is_heading(self.rows, at, self.width):
            return self._heading(text)
        return None

    def _heading(self, text: str) -> Chunk:
        self.number = 0
        below_heading = bool(self.chunks) and self.chunks[-1].kind is Kind.HEADING
        deeper = below_heading and self.chunks[-1].mark == "##"
        return Chunk(Kind.HEADING, [text], "###" if deeper else "##")

    def _numbered(self, number: int, text: str, end: int) -> Chunk | None:
        in_text = not self.after_blank and self.chunks and self.chunks[-1].open_ended
        if (
            in_text
            and self.chunks[-1].kind is Kind.PARAGRAPH
            and number not in (1, self.number + 1)
        ):
            return None  # a date, say, that came to the beginning of a line
        if in_text and self.chunks[-1].kind is Kind.NUMBER and number != self.number + 1:
            return None
        self.number = number
        return Chunk(Kind.NUMBER, [text[end:]], text[:end].strip())

    # --- lines that go on with the text above -------------------------------

    def _goes_on(self, at: int, text: str) -> bool:
        last = self.chunks[-1] if self.chunks else None
        if last is None or not last.open_ended:
            return False
        unfinished = not last.rows[-1].endswith(headings.SENTENCE_END)
        if self.after_blank:
            # A page or a picture came between the two halves of a sentence.
            return self.wrapped and unfinished and text[:1].islower()
        return self.wrapped and not self._ends_paragraph(at, last)

    def _ends_paragraph(self, at: int, last: Chunk) -> bool:
        """Return whether the line above was too short to be followed by more of its paragraph."""
        above, text = self.rows[at - 1].strip(), self.rows[at].strip()
        full = last.longest if len(last.rows) > 2 else self.width
        return (
            len(above) < full * headings.NARROW
            and above.endswith(headings.SENTENCE_END)
            and not text[:1].islower()
        )

    def _append(self, text: str) -> None:
        last = self.chunks[-1]
        above = last.rows[-1]
        broken = _HYPHEN.search(above)
        if not broken or not text[:1].islower():
            last.rows.append(text)
            return
        rest = re.split(r"[^\w-]", text, maxsplit=1)[0]
        word = self._mend(broken[1], rest)
        last.rows[-1] = above[: broken.start()] + word + text[len(rest) :]
        message = _(
            "We joined '%(first)s-' and '%(rest)s' from two lines into '%(word)s'.",
            first=broken[1],
            rest=rest,
            word=word,
        )
        last.cautions.append(("joined-word", message))

    def _mend(self, first: str, rest: str) -> str:
        """Return the word whose halves a line's end divided, hyphened as elsewhere in the text."""
        hyphened, plain = f"{first}-{rest}", f"{first}{rest}"
        if hyphened.casefold() in self.words:
            return hyphened
        keep = first.casefold() in _COMPOUND and plain.casefold() not in self.words
        return hyphened if keep else plain


def _split_answer_spaces(text: str) -> tuple[str, list[str]]:
    """Return a line's text and the rooms at its end; 'Your answer: ???' stays a text."""
    rooms: list[str] = []
    while not text.startswith("|") and not _is_labelled_answer_space(text):
        before, room = _split_answer_space(text)
        if not room:
            break
        rooms.append(room)
        text = before
    return text, rooms[::-1]


def _is_labelled_answer_space(text: str) -> bool:
    before, room = _split_answer_space(text)
    return room.startswith("?") and marks.is_label(before)


def _split_answer_space(text: str) -> tuple[str, str]:
    """Return what stands before the room to write at a line's end, and that room, '' for none."""
    for char, shortest_run in (("?", 3), ("_", LONG_BLANK), (".…", LONG_BLANK)):
        before = text.rstrip(char)
        run = text[len(before) :]
        enough = len(run) + run.count("…") >= shortest_run
        if enough and (char != "?" or not before or before[-1].isspace()):
            return before.rstrip(), run
    alone = Line(text, 1)
    return "", text if marks.is_dotted(alone) else ""
