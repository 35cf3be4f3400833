"""Tests for what a line of a paper asks for, by the words of ``languages``."""

from __future__ import annotations

import re
from enum import Enum, auto

from .languages import pattern
from .verdicts import are_named

MAX_WORDS = 45  # of a paragraph that says what is to be done
NEAR = 70  # characters of a sentence in which its verb comes
MAX_START = 3  # characters of a title before its verb: what comes later in it is a noun


class Task(Enum):
    FILL = auto()
    TRUE_FALSE = auto()
    MATCH = auto()
    CHOOSE = auto()
    EACH = auto()


# '3.', 'B)', 'II.', '(4)', '2 ', '三、': what stands before what is asked.
LABEL = re.compile(
    r"\s*(?:[-*•▪–]\s+)?(?:\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})?|[A-Za-z]|[IVX]{1,5}|[ivx]{1,5}"
    r"|[一二三四五六七八九十]{1,3})\s?(?:[.):、．）-]|°\))+|[①-⑳]|[0-9]{1,2}(?=\s))\s*"
)
_EXERCISE = pattern(
    "exercise", r"\s*", r"\s*(?:[0-9]{1,3}(?:\s*/\s*[0-9]+)?|[A-Z]\b)\s*[:.)–—-]*\s*"
)
EXERCISE = pattern("exercise", r"\A[\W_]*", r"\s*(?:[0-9]{1,3}|[IVX]{1,4}\b|[A-Za-z]\b)")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}")
_SENTENCE = re.compile(r"(?<=[.!?:。！？：])\s*")
_WORD = re.compile(r"[^\W\d_]+")
_NOUNS = re.compile(r"(?:\S+\s+){1,5}\S+\s*\Z")

BANK = pattern("bank")
_FILL = pattern("fill")
_TRUE_FALSE = pattern("true_false")
_MATCH = pattern("match")
_CHOOSE = pattern("choose")
_SEVERAL = pattern("several")
EACH = pattern("each")
_ASK = pattern("ask", r"\s*(?:[-–•]\s*)?(?:(?:please|now|then|bitte|nun|und|and|et)\s+|[请請]\s*)?")
_PICTURE = pattern("picture")
# 'Answers to exercise 3:' and 'Lösungen', with nothing behind it.
_KEY = pattern(
    "key",
    r"\A[\W_]*",
    r"(?:\s*(?:to|for|zu[mr]?|der|des|pour|à|de|van|do|к|of)?\s*(?:[^\W\d_]+\s*){0,3}[0-9]{0,3}"
    r"(?:\s*[-–]\s*[0-9]{1,3})?)?(?:\s*[(\[（][^()\[\]（）]{1,60}[)\]）])?\s*[:：.)\]]?[*_\s]*\Z",
)
_SCHEME = pattern("scheme", r"\A[\W_]*")
# 'Answers: 1. cat', up to where the answers begin.
KEY_LINE = pattern(
    "key",
    r"\A[\W_]*",
    r"(?:\s*[0-9]{1,3})?(?:\s*[(\[（][^()\[\]（）]{1,60}[)\]）])?\s*[)\]]?[*_]*\s*[:：][*_]*\s*(?=\S)",
)
_UNDERLINED = pattern("underlined")
_BOLD = pattern("bold")
_PAGE = pattern("page", r"\A\W*", r"\s*[0-9]{1,4}\W*(?:[-–/,]|of|von|sur|de|\s|[0-9])*\W*\Z")
_FIRST = (
    (Task.TRUE_FALSE, _TRUE_FALSE),
    (Task.MATCH, _MATCH),
    (Task.FILL, _FILL),
    (Task.CHOOSE, _CHOOSE),
    (Task.EACH, EACH),
)


def bare(text: str) -> str:
    """Return a text without its number and without marks of emphasis."""
    plain = _EMPHASIS.sub("", text).strip().lstrip("#> ")
    label = _EXERCISE.match(plain) or LABEL.match(plain)
    return plain[label.end() :] if label and label.end() < len(plain) else plain


def task_of(text: str) -> Task | None:
    """Return what a paragraph asks pupils to do with what stands below it, None for another."""
    plain = bare(text)[:600]
    if len(_WORD.findall(plain)) > MAX_WORDS:
        return None
    if _TRUE_FALSE.search(plain[:160]) or are_named(plain[:160]):
        return Task.TRUE_FALSE
    heads = [sentence[:NEAR] for sentence in _SENTENCE.split(plain) if sentence.strip()]
    title = len(heads) == 1 and not plain.rstrip().endswith((".", ":", "!", "。", "："))
    for task, words in _FIRST[1:]:
        for head in heads[:4]:
            found = words.search(head)
            if found and not (title and found.start() > MAX_START and _NOUNS.match(plain)):
                return task
    return None


def is_key_heading(text: str) -> bool:
    """Return whether a line announces the answers of a paper."""
    return len(text.split()) <= 8 and bool(_KEY.match(text))


def is_scheme_heading(text: str) -> bool:
    """Return whether a line announces what only teachers read: questions there are repeated."""
    return is_key_heading(text) and bool(_SCHEME.match(text))


def is_about_bank(text: str) -> bool:
    """Return whether a text speaks of words to choose from."""
    return bool(BANK.search(_EMPHASIS.sub("", text[:1000])))


def asks_to_write(text: str) -> bool:
    """Return whether a sentence of a text begins with a verb that asks for a written answer."""
    plain = bare(text)[:1500]
    return any(_ASK.match(sentence) for sentence in _SENTENCE.split(plain)[:12])


def points_to_picture(text: str) -> bool:
    """Return whether a text speaks of a picture beside it."""
    return bool(_PICTURE.search(text[:3000]))


def speaks_of_underlined(text: str) -> bool:
    """Return whether the text says something of underlined words."""
    return bool(_UNDERLINED.search(text))


def speaks_of_bold(text: str) -> bool:
    """Return whether the text says something of words in bold type."""
    return bool(_BOLD.search(text))


def takes_several(text: str) -> bool:
    """Return whether a text says that more than one option is right."""
    return bool(_SEVERAL.search(text))


def is_page_number(text: str) -> bool:
    """Return whether a line is the number of a page, or points to pages."""
    stripped = text.strip()
    return len(stripped) < 40 and bool(_PAGE.match(stripped))
