"""The joining of a page's lines to chunks: what was wrapped is joined, marks are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from worksheets.formats.readers.rows import Row, look_of
from worksheets.markup import lines as marks
from worksheets.markup.messages import Message as _
from worksheets.markup.source import Line

from . import headings
from .answer_spaces import is_labelled_answer_space, split_answer_spaces
from .blanks import field_blanks, find_blanks, is_only_blank, width_of
from .chunks import Chunk, Kind, ticked_caution
from .listings import (
    BARE,
    CHECKBOX,
    LEADER,
    LETTER,
    RING,
    TICK,
    bare_numbers,
    led,
    lettered,
    ringed,
    ticked,
)
from .tasks import KEY_LINE, Task, is_key_heading, is_page_number, task_of
from .verdicts import STARTS_WITH_VERDICTS, is_head, read_head

UNWRAPPED = 160  # a text with lines this long has a line for each paragraph
LONG_BLANK = 40  # a blank of this length, counted in underscores, is a line to write on

MIN_WRAPPED = 60  # characters of a line with answers that may be wrapped

_OPEN_LIST = (",", ";", "/", "|", "–", "-", "،", "、", "，")
_ENTRY = re.compile(r"(?:\s|\A)\(?[0-9]{1,3}\s?[.):]\s?\S")
_HYPHEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})-\Z")
_COMPOUND = {"anti", "semi", "self", "non", "half", "well", "ex", "all", "cross", "north", "south"}
_SMALL_LETTER = re.compile(r"\(?([a-z])\)\s+")
# '3)' and '3.' are those of the markup; '3°)', '3-', '(3)', '3．', '3、', '③' are not.
_NUMBER = re.compile(
    r"(?:\(?([0-9]{1,2})(?:\s?°?\)\.?|\.\)|\s?[．、：:](?![0-9])|\s?[-–]\s+|[.](?=[^\W\d_]))"
    r"\s*(?=\S)|([①-⑳])\s*)"
)
_WRAPPED = re.compile(r"\([^()]*\)|（[^（）]*）")  # a line that stands in brackets
_SLOT_BEFORE = re.compile(r"(?:_{2,}|\.{3,}|…+|\(\s*\)|\[\s*\])\s*\(?(?:[0-9]{1,2}|[a-zA-Z])[.)]\s")
_SLOT_FIRST = re.compile(r"(?:_{2,}|\.{3,}|…+|\(\s*\)|\[\s*\])\s*[^\W\d_]")
_SIDE_BY_SIDE = re.compile(r"\S(?:\s{4,}|\t+)\S")
_COLUMNS = re.compile(r"\s{3,}|\t+")
_SLOT_BEHIND = re.compile(r"(?:[(\[（]\s*[)\]）]|\s[☐□])\s*\Z")
_EXERCISE_LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|(?:[A-Z]|[IVX]{1,5})[.):]?\s+(?=[^\W\d_])|[A-Z][.)](?=[^\W\d_])"
)
_RULE = re.compile(r"(?:[-=*~]\s?){3,}\Z|[─━═]{3,}\Z|_{1}\Z")


def join(
    rows: Sequence[str],
    rankings: Mapping[int, Sequence[str]] | None = None,
    prompts: Collection[int] = (),
    *,
    guess: bool = True,
) -> list[Chunk]:
    """Return the chunks of a text's lines.

    ``rankings`` has the things to put in order by the numbers of the lines that stand for them,
    ``prompts`` the numbers of lines that are no headings. Lines that do not look like headings
    are none if the format names its headings and there is nothing to ``guess``.
    """
    return LineJoiner(rows, rankings or {}, prompts, guess=guess).run()


class LineJoiner:
    def __init__(
        self,
        rows: Sequence[str],
        rankings: Mapping[int, Sequence[str]],
        prompts: Collection[int],
        *,
        guess: bool = True,
    ) -> None:
        self.rankings = rankings
        self.prompts = prompts
        self.guess = guess
        self.looks = [look_of(row) for row in rows]
        self.rows = [row.replace("\xa0", " ").replace("\u3000", " ") for row in rows]
        self.width = headings.page_width(self.rows)
        laid_out = any(look.ready and not look.whole for look in self.looks)
        lengths = [len(row) - _blank_length(row) for row in self.rows]
        self.wrapped = laid_out or max(lengths, default=0) < UNWRAPPED
        self.words = set(re.findall(r"[\w-]+", "\n".join(self.rows).casefold()))
        self.bare_numbers = bare_numbers(self.rows)
        self.letters = lettered(self.rows)
        self.rings = ringed(self.rows)
        self.ticks = ticked(self.rows)
        self.led = led(self.rows)
        self.pictures = [row.below if isinstance(row, Row) else () for row in rows]
        self.chunks: list[Chunk] = []
        self.after_blank = True
        self.in_key = False
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
            if self.chunks:
                self.chunks[-1].pictures += self.pictures[at]
        return headings.without_lists(self.chunks)

    def _take(self, at: int, text: str) -> None:
        count = len(self.chunks)
        look = self.looks[at]
        if at in self.led:
            text = LEADER.sub(": ", text, count=1)
        text, rooms = split_answer_spaces(text)
        if text:
            self._take_text(at, text)
        for room in rooms:
            del room
            self.chunks.append(Chunk(Kind.ROOM, ["???"]))
        for chunk in self.chunks[count:]:
            chunk.box, chunk.fold, chunk.bold = look.box, look.fold, chunk.bold or look.bold
            chunk.apart = self.after_blank
            chunk.whole, chunk.table, chunk.layout = (
                look.whole or at in self.led,
                look.table,
                look.layout,
            )

    def _take_text(self, at: int, text: str) -> None:
        if is_labelled_answer_space(text):
            self.chunks.append(Chunk(Kind.ROOM, [text]))
        elif chunk := self._marked(at, text):
            self.chunks.append(chunk)
        elif self._goes_on(at, text):
            self._append(text)
        else:
            kind = Kind.LINE if is_only_blank(text) else Kind.PARAGRAPH
            self.chunks.append(Chunk(kind, [text]))
        last = self.chunks[-1]
        last.longest = max(last.longest, len(text))
        if len(last.rows) == 1 and (is_key_heading(text) or KEY_LINE.match(text)):
            self.in_key = True
        elif last.kind in (Kind.HEADING, Kind.LINE, Kind.ROOM) or find_blanks(text):
            self.in_key = False

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
        line, look = Line(text, 1), self.looks[at]
        if look.table or (text.startswith("|") and text.endswith("|") and len(text) > 1):
            return Chunk(Kind.TABLE, [text])
        if look.level:
            return self._leveled(look.level, text)
        if _RULE.match(text):
            return Chunk(Kind.RULE, [text])
        may_guess = self.guess and at not in self.prompts and not (look.box or look.fold)
        may_guess = may_guess and at not in self.led and not is_head(text)
        if may_guess and self._is_first() and headings.is_title(self.rows, at, self.width):
            return Chunk(Kind.TITLE, [text])
        if may_guess and (
            headings.is_section(self.rows, at, self.width) or headings.is_labelled(self.rows, at)
        ):
            return self._heading(text)
        bullet = marks.BULLET.match(text)
        if bullet and at in self.ticks:
            return self._option(at, text[bullet.end() :])
        if bullet:
            return Chunk(Kind.BULLET, [text[bullet.end() :]], "-")
        if note := marks.FOOTNOTE.match(text):
            return Chunk(Kind.FOOTNOTE, [text[note.end() :]], text[: note.end()].strip())
        if chunk := self._item(at, text):
            return chunk
        if marks.is_interpretation(line):
            return Chunk(Kind.INTERPRETATION, [text])
        if chunk := self._option(at, text):
            return chunk
        if KEY_LINE.match(text):
            return None
        if may_guess and headings.is_heading(self.rows, at, self.width):
            return self._heading(text)
        return None

    def _is_first(self) -> bool:
        """Return whether nothing but name, class and date stands above."""
        return len(self.chunks) < 4 and all(
            chunk.kind is Kind.PARAGRAPH and len(chunk.rows) < 4 and field_blanks(chunk.text)
            for chunk in self.chunks
        )

    def _leveled(self, level: int, text: str) -> Chunk:
        self.number = 0
        if level == 1:
            return Chunk(Kind.TITLE, [text])
        return Chunk(Kind.HEADING, [text], "#" * min(level, 6))

    def _item(self, at: int, text: str) -> Chunk | None:
        if number := marks.NUMBER.match(text):
            return self._numbered(int(number[1]), text, number.end())
        if number := _NUMBER.match(text):
            first = find_blanks(text[number.end() : number.end() + 4])
            if text.startswith("(") and first and not first[0].start:
                return None  # '(2)______, so they were': the number of a gap
            value = int(number[1]) if number[1] else ord(number[2]) - ord("①") + 1
            return self._numbered(value, text, number.end(), f"{value}.")
        if at in self.bare_numbers and (number := BARE.match(text)):
            return self._numbered(int(number[1]), text, number.end(), f"{number[1]}.")
        return None

    def _option(self, at: int, text: str) -> Chunk | None:
        box = CHECKBOX.match(text) or (RING.match(text) if at in self.rings else None)
        tick = TICK.match(text) if at in self.ticks else None
        box = box or tick
        if box and (number := marks.NUMBER.match(text[box.end() :])):
            return self._numbered(int(number[1]), text, box.end() + number.end(), number[0].strip())
        if box:
            following = self.chunks and self.chunks[-1].kind is Kind.OPTION and self.option
            letter = chr(ord(self.option) + 1) if following and self.option < "z" else "a"
            self.option = letter
            cautions = [ticked_caution(text[box.end() :])] if tick else []
            return Chunk(
                Kind.OPTION, [text[box.end() :]], f"({letter})", cautions=cautions, bold=True
            )
        option = LETTER.match(text)
        next_option = chr(ord(self.option) + 1) if self.option else "a"
        if option and (at in self.letters or _SMALL_LETTER.match(text)):
            letter = option[1].casefold()
            if letter in ("a", next_option):
                self.option = letter
                return Chunk(Kind.OPTION, [text[option.end() :]], f"({letter})")
        return None

    def _heading(self, text: str) -> Chunk:
        self.number = 0
        below_heading = bool(self.chunks) and self.chunks[-1].kind is Kind.HEADING
        deeper = below_heading and self.chunks[-1].mark == "##"
        return Chunk(Kind.HEADING, [text], "###" if deeper else "##", guessed=True)

    def _numbered(self, number: int, text: str, end: int, mark: str = "") -> Chunk | None:
        in_text = not self.after_blank and self.chunks and self.chunks[-1].open_ended
        in_text = in_text and not KEY_LINE.match(self.chunks[-1].text)
        ends = bool(in_text) and self.chunks[-1].rows[-1].endswith(headings.SENTENCE_END)
        if (
            in_text
            and self.chunks[-1].kind is Kind.PARAGRAPH
            and number not in (0, 1, self.number + 1)
            and not (ends and task_of(text))
        ):
            return None  # a date, say, that came to the beginning of a line
        if (
            in_text
            and self.chunks[-1].kind is Kind.NUMBER
            and number != self.number + 1
            and not (ends and (number == 1 or task_of(text)))
        ):
            return None
        self.number, self.option = number, ""
        return Chunk(Kind.NUMBER, [text[end:]], mark or text[:end].strip())

    # --- lines that go on with the text above -------------------------------

    def _goes_on(self, at: int, text: str) -> bool:
        last = self.chunks[-1] if self.chunks else None
        look = self.looks[at]
        if last is None or not last.open_ended or look.whole or at in self.led:
            return False
        if (look.box, look.fold) != (last.box, last.fold) or self._is_room(last, text):
            return False
        above = last.rows[-1]
        if read_head(text) or read_head(above) or STARTS_WITH_VERDICTS.match(text):
            return False
        if _begins_task(text) or is_page_number(text) or _WRAPPED.fullmatch(above):
            return False
        if len(last.rows) == 1 and is_key_heading(above):
            return False
        if self.in_key and not self._goes_on_with_answer(above, text):
            return False
        if headings.SPEAKER.match(text) or _SLOT_BEFORE.match(text) or _is_apart(above, text):
            return False
        unfinished = not last.rows[-1].endswith(headings.SENTENCE_END)
        if self.after_blank:
            # A page or a picture came between the two halves of a sentence.
            return self.wrapped and unfinished and text[:1].islower()
        return self.wrapped and not self._ends_paragraph(at, last)

    def _goes_on_with_answer(self, above: str, text: str) -> bool:
        """Return whether a line goes on with the printed answer above, and is no text below it."""
        if text[:1].islower() or above.endswith(_OPEN_LIST):
            return True
        wrapped = len(above) >= max(self.width * headings.FULL, MIN_WRAPPED)
        return wrapped or bool(_ENTRY.search(above) and _ENTRY.search(text))

    def _is_room(self, last: Chunk, text: str) -> bool:
        """Return whether a line or the end of the one above is a line to write on."""
        above = last.rows[-1].rstrip(" .")
        blanks = [blank for blank in find_blanks(above) if not blank.weak]
        if blanks and blanks[-1].end == len(above) and not text[:1].islower():
            only = is_only_blank(text)
            new = text[:1].isdigit() or self._is_new(text)
            return only or blanks[-1].width >= LONG_BLANK or new
        if not is_only_blank(text):
            return False
        return width_of(text) >= LONG_BLANK or last.rows[-1].endswith((*headings.SENTENCE_END, ")"))

    def _is_new(self, text: str) -> bool:
        return text[:1].isupper() and bool(self.chunks[-1].rows[-1].rstrip().endswith((".", "_")))

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


def _blank_length(row: str) -> int:
    return sum(blank.end - blank.start for blank in find_blanks(row))


def _begins_task(text: str) -> bool:
    """Return whether a line begins something new by its label: 'C. Match the …', 'Word bank:'."""
    label = _EXERCISE_LABEL.match(text)
    if label and (task_of(text) is not None or label[0].endswith("、")):
        return True
    return text.endswith((":", "：")) and text[:1].isupper() and len(text.split()) <= 4


def _is_apart(above: str, text: str) -> bool:
    """Return whether two lines are rows of something: columns, or items with a slot behind."""
    if _SIDE_BY_SIDE.search(text) and (
        _SIDE_BY_SIDE.search(above)
        or above.endswith(headings.SENTENCE_END)
        or task_of(above) is not None
    ):
        return True
    if len(_COLUMNS.split(text)) > 2 and above.endswith(headings.SENTENCE_END):
        return True
    if _SLOT_FIRST.match(text) and (
        (_SLOT_FIRST.match(above) and above.endswith(headings.SENTENCE_END))
        or task_of(above) is Task.TRUE_FALSE
    ):
        return True
    return bool(_SLOT_BEHIND.search(above)) and not text[:1].islower()
