"""The headings of a paper: lines that are some by their length, case and neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from worksheets.markup import lines as marks

from .blanks import find_blanks
from .chunks import Chunk, Kind
from .tasks import EXERCISE, asks_to_write, is_about_bank, is_page_number, task_of
from .verdicts import LEGEND

MAX_CHARACTERS = 80
MAX_WORDS = 12
MIN_LIST = 3  # lines like headings, one below the other, that are none
NARROW = 0.65  # of a page's width: a line that ends here was not wrapped
FULL = 0.85  # of a page's width: a line this long was wrapped

_NUMBER = re.compile(r"[0-9]{1,2}[.)]\s+(?=\S)")
_OPTION = re.compile(r"\(?[aA][.)]\s")
_BARE_NUMBER = re.compile(r"[0-9]{1,2}\s+(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
_BLANK = re.compile(r"_{3}|\.{4}|…{2}|\?{3}")
_LIST = re.compile(r"(?:[-*+–•▪◦●○■‣⁃\uf0b7\uf0a7]|\(?[0-9a-z]{1,2}[.)])\s")
# 'Tom: Hi!', as in a dialogue.
SPEAKER = re.compile(r"[^\W\d_][\w.'’]{0,14}(?:\s[^\W\d_][\w.]{0,12})?\s?:\s+\S")
_BEGINS_WITH_BLANK = re.compile(r"(?:_{3,}|\.{4,}|…{2,})\s?([,;.:!?]?)")
_WIDE = re.compile(r"\s{3,}|\t+")
_SHORT_WORD = re.compile(r"(?:\A|\s)[^\W\d_A-Z]{1,3}\Z")
SENTENCE_END = (
    *(".", "?", "!", ":", ";", "…", "”", '"', "»", ".)"),
    *("。", "？", "！", "：", "；", "」", "）", "؟", "؛"),
)


def page_width(rows: Sequence[str]) -> int:
    """Return the length of a text's full lines: the 90th percentile, 0 without lines."""
    lengths = sorted(len(row.strip()) for row in rows if row.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def is_title(rows: Sequence[str], at: int, width: int) -> bool:
    """Return whether the first line of a text is its title."""
    text = rows[at].strip()
    if task_of(text) is not None and (":" in text or is_about_bank(text)):
        return False
    if EXERCISE.match(text) and (len(text.split()) <= 2 or task_of(text) is not None):
        return False
    return (
        0 < len(text) <= MAX_CHARACTERS
        and not text.endswith((".", ",", ";", ":"))
        and (not text.endswith("?") or _asks_as_title(rows, at))
        and not _BLANK.search(text)
        and not _LIST.match(text)
        and (_row(rows, at + 1) == "" or len(text) < width * NARROW)
        and not _row(rows, at + 1)[:1].islower()
        and not _goes_on(rows, at)
    )


def _asks_as_title(rows: Sequence[str], at: int) -> bool:
    """Return whether a question is the title of a paper, and none that pupils answer."""
    text, below = rows[at].strip(), _nearest(rows, at, 1)
    long = len(below.split()) > MAX_WORDS or task_of(below) is not None
    return text.upper() == text or (_row(rows, at + 1) == "" and long and not _LIST.match(below))


def is_section(rows: Sequence[str], at: int, width: int) -> bool:
    """Return whether a numbered line is the heading of a section and not a question."""
    text = rows[at].strip()
    number = _NUMBER.match(text)
    if not number or not _could_be_heading(rows, at, width) or _OPTION.match(_row(rows, at + 1)):
        return False
    if task_of(text) is not None:
        return False
    name = text[number.end() :]
    if is_capitalised(name):
        return True
    # '2) A mon tour': a few words between empty lines, in no list of such lines.
    alone = (
        name[:1].isupper()
        and not asks_to_write(name)
        and _row(rows, at - 1) == ""
        and _row(rows, at + 1) == ""
        and len(name.split()) <= 8
    )
    neighbours = (_nearest(rows, at, -1), _nearest(rows, at, 1))
    return alone and not any(
        _NUMBER.match(row) or _BLANK.search(row) or row.startswith("(") for row in neighbours
    )


def is_heading(rows: Sequence[str], at: int, width: int) -> bool:
    """Return whether a line without a number is a heading."""
    text = rows[at].strip()
    above = _row(rows, at - 1)
    if is_page_number(text) or (is_about_bank(text) and task_of(text) is None):
        return False
    if _begins_exercise(rows, at, width):
        return True
    if len(text.split()) > 6 or not is_capitalised(text) or not _could_be_heading(rows, at, width):
        return False
    if len(above) >= width * FULL and not above.endswith(SENTENCE_END):
        return False  # the last words of a wrapped sentence
    below = _row(rows, at + 1)
    return "(" not in text and (not below or bool(_LIST.match(below)) or below[:1].isupper())


def _begins_exercise(rows: Sequence[str], at: int, width: int) -> bool:
    """Return whether a short line stands right above one that says what is to be done."""
    text, below = rows[at].strip(), _row(rows, at + 1)
    return (
        _could_be_heading(rows, at, width)
        and text[:1].isupper()
        and not text.endswith((":", "!"))
        and len(text.split()) <= 7
        and "  " not in text
        and task_of(text) is None
        and (task_of(below) is not None or asks_to_write(below))
        and not _BLANK.search(below)
        and (
            not _row(rows, at - 1)
            or _row(rows, at - 1).endswith(SENTENCE_END)
            or is_page_number(_row(rows, at - 1))
        )
    )


def is_capitalised(text: str) -> bool:
    """Return whether a text, and 70 % of its longer words, begin with capitals."""
    words = [word for word in _WORD.findall(text) if len(word) > 3] or _WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and text[:1].isupper() and capitals >= len(words) * 0.7


def _could_be_heading(rows: Sequence[str], at: int, width: int) -> bool:
    text = rows[at].strip()
    ends_open = not text.endswith((".", "?", ",", ";"))
    below = _row(rows, at + 1)
    return (
        ends_open
        and len(_WIDE.split(text)) < MIN_LIST  # words of a bank
        and not (len(_WIDE.split(text)) > 1 and len(_WIDE.split(_row(rows, at - 1))) > 1)
        and not LEGEND.match(below)
        and len(text) <= MAX_CHARACTERS
        and len(text.split()) <= MAX_WORDS
        and not _BLANK.search(text)
        and (not below or len(text) < width * NARROW)
        and not below[:1].islower()
        and not _goes_on(rows, at)
    )


def _goes_on(rows: Sequence[str], at: int) -> bool:
    """Return whether a line is part of a dialogue, or of a sentence with a blank below."""
    text, below = rows[at].strip(), _row(rows, at + 1)
    if SPEAKER.match(text) and any(SPEAKER.match(_row(rows, near)) for near in (at - 1, at + 1)):
        return True
    blank = _BEGINS_WITH_BLANK.match(below)
    if _row(rows, at - 1).endswith(","):
        return bool(_BEGINS_WITH_BLANK.match(_row(rows, at - 1)))
    return bool(blank) and bool((blank and blank[1]) or _SHORT_WORD.search(text))


def _row(rows: Sequence[str], at: int) -> str:
    return rows[at].strip() if 0 <= at < len(rows) else ""


def _nearest(rows: Sequence[str], at: int, step: int) -> str:
    at += step
    while 0 <= at < len(rows) and not rows[at].strip():
        at += step
    return _row(rows, at)


def is_labelled(rows: Sequence[str], at: int) -> bool:
    """Return whether a line is a heading by its first words: 'Part 2 - …', '7 Complete the …'."""
    text = rows[at].strip()
    if is_page_number(text) or len(text) > MAX_CHARACTERS * 1.5 or _BLANK.search(text):
        return False
    below = _row(rows, at + 1)
    if below[:1].islower() and not _LIST.match(below) and not text.endswith((".", ":", "!")):
        return False
    if EXERCISE.match(text) and not asks_to_write(text):
        return len(text.split()) <= MAX_WORDS + 2 and not text.endswith((".", ",", ";"))
    return bool(_BARE_NUMBER.match(text)) and task_of(text) is not None


def without_lists(chunks: list[Chunk]) -> list[Chunk]:
    """Return the chunks; several lines that look like headings, and nothing between, are a list."""
    for heading, below in pairwise(chunks):
        # Two lines of words, of which the first has the capitals of a heading.
        if (
            heading.guessed
            and heading.whole
            and _is_row_of_words(heading)
            and _is_row_of_words(below)
        ):
            heading.kind, heading.mark, heading.guessed = Kind.PARAGRAPH, "", False
    start = 0
    for at, chunk in enumerate([*chunks, None]):
        if chunk is not None and chunk.kind is Kind.HEADING and chunk.guessed:
            continue
        if at - start >= MIN_LIST:
            for piece in chunks[start:at]:
                number = marks.NUMBER.match(piece.text)
                piece.kind, piece.mark = (Kind.NUMBER if number else Kind.PARAGRAPH), ""
                if number:
                    piece.mark, piece.text = number[0].strip(), piece.text[number.end() :]
        start = at + 1
    return chunks


def _is_row_of_words(chunk: Chunk) -> bool:
    """Return whether a line has some words, and no sign that a sentence or a number has."""
    text = chunk.text
    return (
        chunk.kind in (Kind.HEADING, Kind.PARAGRAPH)
        and 3 <= len(text.split()) <= 16
        and not re.search(r"[.!?:;,0-9]", text)
        and not find_blanks(text)
    )
